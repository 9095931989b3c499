# bash completion for segq. It asks segq itself, which reads the line as bash does: nothing in
# it is run or expanded.

__segq_complete() {
    local program=${COMP_WORDS[0]/#\~/$HOME} kind
    local -a replies
    mapfile -t replies < <(SEGQ_COMPLETION_WIDTH=${COLUMNS:-80} "$program" __complete-bash \
        "${COMP_LINE:0:COMP_POINT}" "${COMP_LINE:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
    kind=${replies[0]}
    COMPREPLY=("${replies[@]:1}")
    if [[ $kind == files && ${#COMPREPLY[@]} -eq 0 ]]; then
        compopt -o default +o nospace
    fi
}

complete -o nospace -o nosort -F __segq_complete segq
