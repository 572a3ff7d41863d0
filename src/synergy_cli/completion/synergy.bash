# Completion of synergy for Bash 4.4 or later.
_synergy() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word= quote= begun= target= i c
    local broken=0 opened=0 # lengths of the word up to its last break and up to its open quote
    # COMP_WORDS is of no use here, because it is split at = and : too.
    for ((i = 0; i < ${#line}; i++)); do
        c=${line:i:1}
        case $quote$c in
            \'\' | \"\") quote= ;;
            \\ | \"\\)
                ((++i))
                c=${line:i:1}
                [[ -z $quote || $c == [\"\\\$\`] ]] || word+=\\
                word+=$c
                ;;
            \' | \") quote=$c opened=${#word} ;;
            [[:space:]\<\>])
                [[ -z $begun || -n $target ]] || words+=("$word")
                [[ -z $begun ]] || target=
                [[ $c == [[:space:]] ]] || target=$c
                word= begun= broken=0
                continue
                ;;
            *)
                word+=$c
                [[ -n $quote || $COMP_WORDBREAKS != *"$c"* ]] || broken=${#word}
                ;;
        esac
        begun=1
    done

    local lines=() value
    [[ -n $target ]] ||
        mapfile -t lines < <(_SYNERGY_COMPLETE=1 "$1" -- "${words[@]:1}" "$word" 2>/dev/null </dev/null)
    if [[ -n $target || ${lines[0]-} == $'\t'* ]]; then
        compopt -o default # the names of files
        return
    fi
    COMPREPLY=()
    for value in "${lines[@]%%$'\t'*}"; do
        if ((${#lines[@]} > 1)); then
            case $COMP_TYPE in
                63) # a list to read; nothing of it is inserted
                    COMPREPLY+=("$value")
                    continue
                    ;;
                9 | 33 | 64) value=$word${value:${#word}} ;; # a common beginning in other letters would delete some
            esac
        fi
        # Readline replaces what follows the open quote, or else the last break. A reply that begins with the quote
        # replaces the open one too.
        case $quote in
            \')
                value=${value:opened}
                value=\'${value//\'/\'\\\'\'}\'
                ;;
            \")
                value=${value:opened}
                value=${value//\\/\\\\}
                value=${value//\"/\\\"}
                value=${value//\$/\\\$}
                value=${value//\`/\\\`}
                value=\"${value//\!/\"\\!\"}\"
                ;;
            *) printf -v value %q "${value:broken}" ;;
        esac
        COMPREPLY+=("$value")
    done
}

complete -o nosort -F _synergy synergy
