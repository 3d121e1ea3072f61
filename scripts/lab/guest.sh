# shellcheck shell=dash disable=SC2154
# Put before every recording script (dash, in the machine).

# slim COMMAND…: run it, stop the tracing, and leave in the /proc/kallsyms that
# trace-cmd copies into its file afterwards only the functions of modules and
# those functions of the kernel that the trace holds.  The full table makes 1.5
# MB of each file; a few samples have it.  The names come from the kernel's own
# text of the buffer; where trace-cmd has taken something out of that before, all
# functions stay.
slim() {
    status=0
    "$@" || status=$?
    echo 0 >"$T/tracing_on"
    if grep -q '^read events: [1-9]' "$T"/per_cpu/cpu*/stats; then
        awk '$2 ~ /[tTwW]/ && $3 !~ /^__pfx_/' /proc/kallsyms >/tmp/functions
    else
        # cpuhp events name the callback in parentheses
        awk 'FNR == NR && match($0, /\([A-Za-z0-9_.]+\) \*\//) { used[substr($0, RSTART + 1, RLENGTH - 5)] }
            FNR == NR { sub(/.*[|] */, ""); sub(/[^A-Za-z0-9_.].*/, ""); used[$0]; next }
            $2 ~ /[tTwW]/ && $3 !~ /^__pfx_/ && ($4 != "" || $3 in used)' "$T/trace" /proc/kallsyms >/tmp/functions
    fi
    echo "lab: $(wc -l </tmp/functions) symbols"
    mount --bind /tmp/functions /proc/kallsyms
    return $status
}
case $0 in */slim | slim) slim "$@"; exit ;; esac
[ -e /bin/slim ] || { { echo '#!/bin/sh'; cat /lab/record.sh; } >/bin/slim; chmod 755 /bin/slim; }

# text COMMAND…: the recipe without trace-cmd.  Before it: $options (names of
# tracer options, with "no" before for off), $roots, $depth; "pid=yes" traces
# the command's process only.
text() {
    echo 0 >"$T/tracing_on"
    echo "${buffer:-40960}" >"$T/buffer_size_kb"
    echo function_graph >"$T/current_tracer"
    : >"$T/trace"
    : >"$T/set_graph_function"
    for root in ${roots:-do_init_module}; do echo "$root" >>"$T/set_graph_function"; done
    [ -z "$depth" ] || echo "$depth" >"$T/max_graph_depth"
    for option in $options; do
        case $option in
        no*) echo 0 >"$T/options/${option#no}" ;;
        *) echo 1 >"$T/options/$option" ;;
        esac || echo "lab: no option $option"
    done
    echo 1 >"$T/tracing_on"
    if [ "$pid" = yes ]; then
        sh -c 'echo $$ >$0/set_ftrace_pid; exec "$@"' "$T" "$@"
    else
        "$@"
    fi
    echo 0 >"$T/tracing_on"
    cat "$T/trace" >trace.txt
    for stats in "$T"/per_cpu/cpu*/stats; do
        grep -E '^(overrun|dropped events): [1-9]' "$stats" && echo "lab: events lost"
    done
    true
}

# boot text|dat…: what the kernel recorded while it started, by its command line.
boot() {
    echo 0 >"$T/tracing_on"
    for stats in "$T"/per_cpu/cpu*/stats; do
        grep -E '^(overrun|dropped events): [1-9]' "$stats" && echo "lab: events lost"
    done
    cat "$T/trace" >/tmp/text
    for kind in "$@"; do
        name=trace
        [ $# -eq 1 ] || name=trace-$kind
        case $kind in
        text) cp /tmp/text "$name.txt" ;;
        dat) slim true; trace-cmd extract -o "$name.dat" ;;
        esac
    done
}
