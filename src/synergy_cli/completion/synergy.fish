# Completion of synergy for fish.
function __synergy_complete
    set -l token (commandline -ct)
    set -l word $token
    for quote in '' \' \"
        set -l plain (string unescape -- $word$quote) && set word $plain && break
    end
    # Unless a quote was typed, fish inserts a leading ~ bare, and it would become the home folder.
    set -l unsafe '^$'
    string match -qr '^[\\\\\'"]' -- $token || set unsafe '^~'
    set -l words (commandline -opc)
    set -g __synergy_found (_SYNERGY_COMPLETE=1 command synergy -- $words[2..-1] "$word" 2>/dev/null </dev/null |
        string match -rv $unsafe)
    not string match -q \t'*' -- "$__synergy_found[1]"
end

# Without the condition, fish completes the names of files.
complete -c synergy -n __synergy_complete -k -f -a '$__synergy_found'
