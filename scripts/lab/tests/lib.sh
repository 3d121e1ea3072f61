# shellcheck shell=dash disable=SC2154,SC2034
# The machine's side of scripts/test-kernels (dash), put before each group of tests.
#
# A group's file defines functions test_NAME, each of which starts with no KVM module
# loaded and a tracefs that is put back, and ends true, or with `fail` or `skip`.
# Files that the host is to judge are left in /out.

results=/out/results.txt

fail() {
    printf '%s\n' "$*" | tr '\n' ' ' >/tmp/why
    exit 1
}
skip() {
    printf '%s\n' "$*" >/tmp/why
    exit 75
}
# A test that takes long: not in CI.
slow() { [ -z "$QUICK" ] || skip "takes long; run without --quick"; }
uptime_now() { read -r up _ </proc/uptime && echo "$up"; }

unload() {
    for module in kvm_amd kvm_intel kvm; do
        ! [ -e /sys/module/$module ] || modprobe -r $module || fail "cannot unload $module"
    done
}
loaded() { grep -q "^$1 " /proc/modules; }

# since 5.8
notrace_pids="set_event_notrace_pid set_ftrace_notrace_pid"
# The state that each test starts from, whatever the one before left.
clean() {
    for left in hold-vm kvm-inittrace; do killall -q -KILL $left; done
    (unload) 2>/dev/null
    for instance in "$T"/instances/*/; do
        [ -d "$instance" ] || continue
        echo nop >"$instance/current_tracer"
        echo >"$instance/set_event"
        rmdir "$instance"
    done
    [ "$(cat "$T/current_tracer")" = nop ] || echo nop >"$T/current_tracer"
    echo >"$T/set_event"
    # not ":", whose failing redirection ends the shell
    for file in kprobe_events set_ftrace_filter set_ftrace_notrace set_graph_function set_graph_notrace set_ftrace_pid set_event_pid $notrace_pids trace; do
        [ ! -e "$T/$file" ] || true >"$T/$file"
    done
    echo 0 >"$T/max_graph_depth"
    echo 1 >"$T/tracing_on"
    rm -rf /run/kvm-inittrace
    cd /out && rm -rf /tmp/work && mkdir /tmp/work
}

run_test() { # NAME
    # the first one finds the machine as it booted
    if [ -e "$results" ]; then clean; else mkdir -p /tmp/work && : >"$results"; fi
    rm -f /tmp/why
    started=$(uptime_now)
    ("test_$1") >"/tmp/work/log" 2>&1
    code=$?
    case $code in
    0) result="ok $1" ;;
    75) result="skip $1: $(cat /tmp/why)" ;;
    *) result="not ok $1: $(cat /tmp/why 2>/dev/null || echo "ended with $code")" ;;
    esac
    echo "$result" >>"$results"
    echo "lab: $result ($started to $(uptime_now) s)"
    case $code in 0 | 75) ;; *) tail -n 40 /tmp/work/log ;; esac
    mv /tmp/work/log "/out/$1.log"
}

# exits CODE COMMAND…: run it; it must exit with CODE.  What it says is in $said.
exits() {
    expected=$1
    shift
    code=0
    "$@" >/tmp/work/stdout 2>/tmp/work/stderr </dev/null || code=$?
    said=$(cat /tmp/work/stdout /tmp/work/stderr)
    printf '+ %s\n%s\n+ exit %s\n' "$*" "$said" "$code"
    case "|$expected|" in
    *"|$code|"*) ;;
    *) fail "exit $code, expected $expected: $*: $(tail -n 3 /tmp/work/stderr | tr '\n' ' ')" ;;
    esac
}

# says WORD…: each is in what the last command said, in any case of its letters.
says() {
    for word in "$@"; do
        printf '%s\n' "$said" | grep -qiF -- "$word" || fail "nothing about \"$word\" in: $(printf '%s' "$said" | tr '\n' ' ' | cut -c1-400)"
    done
}

# within SECONDS COMMAND…: true as soon as the command is.
within() {
    tries=$(($1 * 10))
    shift
    while ! "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        usleep 100000
    done
}

# The tracefs before and after.  The buffer is expanded first: nobody can put back that
# it was never used.
expand() {
    case $(cat "$T/buffer_size_kb") in
    *expanded*) sed 's/.*expanded: \([0-9]*\).*/\1/' "$T/buffer_size_kb" >/tmp/size && cat /tmp/size >"$T/buffer_size_kb" ;;
    esac
}
before() {
    expand
    snapshot "$T" >/tmp/work/before
}
same_as_before() { # WHEN
    snapshot "$T" >/tmp/work/after
    cmp -s /tmp/work/before /tmp/work/after && return 0
    diff -U 0 /tmp/work/before /tmp/work/after
    fail "tracefs is not as before $1: $(different | head -n 6 | tr '\n\t' ';=')"
}
different() { # lines of the two snapshots, with - before and +
    diff -U 0 /tmp/work/before /tmp/work/after | grep '^[-+][^-+]' | cut -c1-120
}

# function_graph in an instance: since 6.11.
graph_instances() {
    kernel=$(uname -r)
    major=${kernel%%.*} minor=${kernel#*.}
    [ "$((major * 1000 + ${minor%%.*}))" -ge 6011 ]
}

# Nothing of an interrupted recording is left over.
no_journal() {
    left=$(find /run/kvm-inittrace -type f -name '*journal*' -size +0c 2>/dev/null)
    [ -z "$left" ] || fail "left over: $left"
}
gone() { ! kill -0 "$1" 2>/dev/null; }
exists() { [ -e "$1" ]; }
# What the kernel does for a modprobe that was killed comes to its end.
no_modprobe() { ! pidof modprobe >/dev/null; }
