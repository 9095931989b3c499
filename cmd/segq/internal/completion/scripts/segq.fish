# fish completion for segq. It asks segq itself.

function __segq_complete
    set -l before (commandline -opc)
    set -l program $before[1]
    set -e before[1]
    set -l typed (commandline -ct)
    set -l current (string unescape -- "$typed") # also where a quote is open
    set -l prefix ''
    if string match -q -- '-*=*' "$current"
        set prefix (string replace -r -- '=.*' '=' "$current")
    end
    set -l found ($program __complete $before "$current" 2>/dev/null)
    set -l directive (string replace ':' '' -- $found[-1])
    set -e found[-1]
    if test (count $found) -eq 1; and test (math "bitand($directive, 2)") -ne 0
        # After one alone fish would close the quote and go on to the next word.
        set -a found (string replace -r '\t.*' '' -- $found[1])' '
    end
    test (count $found) -gt 0; and printf '%s\n' $prefix$found
    if test (count $found) -eq 0; and test (math "bitand($directive, 4)") -eq 0
        __fish_complete_path "$current"
    end
end

complete -c segq -f -k -a '(__segq_complete)'
