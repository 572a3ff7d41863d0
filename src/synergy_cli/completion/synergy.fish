# Completion of synergy for fish.
function __synergy_complete
    set -l word (commandline -ct)
    for quote in '' \' \"
        set -l plain (string unescape -- $word$quote) && set word $plain && break
    end
    set -l words (commandline -opc)
    set -g __synergy_found (_SYNERGY_COMPLETE=1 command synergy -- $words[2..-1] "$word" 2>/dev/null </dev/null)
    not string match -q \t'*' -- "$__synergy_found[1]"
end

# Without the condition, fish completes the names of files.
complete -c synergy -n __synergy_complete -k -f -a '$__synergy_found'
