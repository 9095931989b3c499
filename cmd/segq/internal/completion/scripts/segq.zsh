#compdef segq
# zsh completion for segq. It asks segq itself.

_segq() {
    local current quote="'\\''" prefix= line directive=0 tab=$'\t'
    local -a before after texts shown plain plainshown
    case $compstate[quote] in
        \') current=${PREFIX//$quote/\'} ;; # as zsh writes a quote in quotes
        \") current=${(Q):-\"$PREFIX\"} ;;
        *) current=${(Q)PREFIX} ;;
    esac
    current=${(Q)IPREFIX}$current
    before=("${(@Q)words[2,CURRENT-1]}")
    after=("${(@Q)words[CURRENT+1,-1]}")
    [[ $current == -*=* ]] && prefix=${current%%=*}=

    while IFS= read -r line; do
        if [[ $line == :<-> ]]; then
            directive=${line#:}
            continue
        fi
        local text=$prefix${line%%$tab*} about=
        [[ $line == *$tab* ]] && about=${line#*$tab}
        if [[ $text == */ ]]; then
            plain+=("$text")
            plainshown+=("$text")
        else
            texts+=("$text")
            shown+=("${text##*[[:space:]]}${about:+  -- $about}")
        fi
    done < <(SEGQ_COMPLETION_AFTER="${(F)after}" ${(Q)words[1]/#\~/$HOME} __complete "${before[@]}" "$current" 2>/dev/null)

    local -a options
    options=(-U -l -V segq)
    if (( directive & 2 )); then
        compadd "${options[@]}" -S '' -d shown -- "${texts[@]}"
    else
        compadd "${options[@]}" -d shown -- "${texts[@]}"
    fi
    (( $#plain )) && compadd "${options[@]}" -S '' -d plainshown -- "${plain[@]}"
    if (( ! (directive & 4) && $#texts + $#plain == 0 )); then
        _files
    fi
}

if [[ $funcstack[1] == _segq ]]; then
    _segq "$@"
else
    compdef _segq segq
fi
