#compdef synergy
# Completion of synergy for zsh.
_synergy() {
    local word=${(Q)${:-$QIPREFIX$PREFIX$compstate[quote]}}
    local -a lines
    lines=("${(@f)$(_SYNERGY_COMPLETE=1 command synergy -- "${(@Q)words[2,CURRENT-1]}" "$word" 2>/dev/null </dev/null)}")
    if [[ $lines[1] == $'\t'* ]]; then
        compset -P 1 '--*='
        _files
        return
    fi
    [[ -n $lines[1] ]] || return
    lines=("${(@)lines//\\/\\\\}")
    lines=("${(@)lines//:/\\:}")
    lines=("${(@)${(@)lines/$'\t'/:}%:}")
    _describe -V synergy lines -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}'
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _synergy "$@"
else
    compdef _synergy synergy
fi
