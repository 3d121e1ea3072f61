# shellcheck shell=dash disable=SC2154
# The machine is left as it was: every control file of tracefs, byte for byte.

# The only thing that nobody can put back: a buffer that was never used.  First of all,
# on the fresh machine.
test_fresh_boot() {
    case $(cat "$T/buffer_size_kb") in
    *expanded*) ;;
    *) skip "the buffer of this machine is in use" ;;
    esac
    snapshot "$T" >/tmp/work/before
    exits 0 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages
    unload
    snapshot "$T" >/tmp/work/after
    others=$(different | cut -f1 | cut -c2- | sort -u | grep -v 'buffer_size_kb$')
    [ -z "$others" ] || fail "not as on the fresh machine: $(echo "$others" | tr '\n' ' ')"
    different | grep buffer_size_kb
    true
}
test_after_success() {
    before
    exits 0 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail kvm
    ! [ -e /sys/module/kvm_amd ] || fail "kvm_amd was not loaded before, and is afterwards"
    unload
    same_as_before "after a success"
    no_journal
}
test_after_failing_load() {
    before
    exits 1 kvm-inittrace record -o /tmp/work/x.dat --module kvm_intel --detail kvm
    unload
    same_as_before "after a failing load"
    no_journal
}
# What the user has set in tracefs is put back, too.  A filter of the graph is taken for
# somebody's tracing: hence --force.
test_users_settings() {
    echo "do_init_module" >"$T/set_ftrace_filter"
    echo "kfree" >"$T/set_ftrace_notrace"
    echo "do_one_initcall" >"$T/set_graph_function"
    echo "p:mine/load do_init_module" >"$T/kprobe_events"
    echo 1 >"$T/options/funcgraph-proc"
    echo 7 >"$T/max_graph_depth"
    echo 2000 >"$T/buffer_size_kb"
    echo mono >"$T/trace_clock"
    mkdir "$T/instances/mine"
    echo "common_pid != 1" >"$T/events/sched/sched_switch/filter"
    # limits that would leave the load out
    all=$(cat "$T/tracing_cpumask")
    echo 1 >"$T/tracing_cpumask"
    echo "common_pid == 1" >"$T/events/module/module_load/filter"
    # reads 0*, and takes 0
    echo "traceon if child_pid == 0" >"$T/events/sched/sched_process_fork/trigger"
    for pids in $notrace_pids; do [ ! -e "$T/$pids" ] || echo 1 >"$T/$pids"; done
    before
    exits 0 taskset 2 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail kvm --force
    unload
    status=0
    (same_as_before "after a recording among the user's settings") || status=1
    echo 0 >"$T/events/sched/sched_switch/filter"
    echo 0 >"$T/events/module/module_load/filter"
    echo "!traceon" >"$T/events/sched/sched_process_fork/trigger"
    echo "$all" >"$T/tracing_cpumask"
    rmdir "$T/instances/mine"
    echo local >"$T/trace_clock"
    echo 1408 >"$T/buffer_size_kb"
    echo 0 >"$T/options/funcgraph-proc"
    return $status
}

# A recording whose command goes on, until the signal.
stopped_by() { # SIGNAL
    before
    foreground kvm-inittrace record -o /tmp/work/x.dat --detail kvm -- sh -c 'echo $$ >/tmp/work/started; exec sleep 100' >/tmp/work/out 2>&1 </dev/null &
    recorder=$!
    within 60 exists /tmp/work/started || fail "the command was not started: $(cat /tmp/work/out)"
    usleep 300000
    kill "-$1" $recorder
    within 60 gone $recorder || fail "goes on after SIG$1"
    code=0
    wait $recorder || code=$?
    cat /tmp/work/out
    [ $code != 0 ] || fail "exit 0 after SIG$1"
    read -r command </tmp/work/started
    within 5 gone "$command" || fail "the command goes on after SIG$1"
    same_as_before "after SIG$1"
    no_journal
    left=$(find /tmp/work -name '*x.dat*' ! -name x.dat)
    [ -z "$left" ] || fail "left over: $left"
}
test_after_sigint() { stopped_by INT; }
test_after_sigterm() { stopped_by TERM; }
test_after_sighup() { stopped_by HUP; }

# A Ctrl-C when the load is over has nothing left to end: the module is loaded again.
test_after_sigint_behind_the_load() {
    modprobe kvm_amd nested=0 || fail "no kvm_amd"
    before
    foreground kvm-inittrace record -v -o /tmp/work/x.dat --module kvm_amd --detail kvm >/tmp/work/out 2>&1 </dev/null &
    recorder=$!
    within 60 grep -q "putting tracefs back" /tmp/work/out || fail "does not come to it: $(cat /tmp/work/out)"
    kill -INT $recorder
    within 60 gone $recorder || fail "goes on after SIGINT"
    cat /tmp/work/out
    loaded kvm_amd || fail "kvm_amd was loaded before, and is not afterwards"
    same_as_before "after a late SIGINT"
    no_journal
}
test_keep_loaded_and_a_timeout() {
    modprobe kvm_amd nested=0 || fail "no kvm_amd"
    before
    exits 2 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail kvm --keep-loaded --timeout 1ms
    loaded kvm_amd || fail "kvm_amd was loaded before, and is not afterwards"
    case $(cat /sys/module/kvm_amd/parameters/nested) in
    0 | N) ;;
    *) fail "nested was 0, and is $(cat /sys/module/kvm_amd/parameters/nested)" ;;
    esac
    same_as_before "after a timeout with --keep-loaded"
    no_journal
}
test_after_full_disk() {
    before
    mkdir /tmp/small
    mount -t tmpfs -o size=8k tmpfs /tmp/small
    (
        exits 73 kvm-inittrace record -o /tmp/small/x.dat --module kvm_amd --detail kvm
        says /tmp/small
        left=$(ls -A /tmp/small)
        [ -z "$left" ] || fail "left on the full disk: $left"
        unload
        same_as_before "after a full disk"
        no_journal
    )
    status=$?
    umount /tmp/small
    return $status
}
test_output_cannot_be_made() {
    before
    exits 73 kvm-inittrace record -o /tmp/work/none/x.dat --module kvm_amd --detail stages
    unload
    same_as_before "after a refused output"
}

# Killed at a random moment of a recording, and put back by doctor.
killed_at() { # MILLISECONDS DETAIL
    kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail "$2" >/tmp/work/out 2>&1 </dev/null &
    recorder=$!
    usleep "${1}000"
    kill -KILL $recorder 2>/dev/null
    wait $recorder
    # what the kernel still does for the command comes to its end
    within 60 no_modprobe || fail "modprobe goes on"
    [ ! -e /tmp/work/x.dat ] || kvm-inittrace report /tmp/work/x.dat >/tmp/work/report 2>&1
    case $? in
    0) ;;
    *) fail "killed after $1 ms ($2): a file that is none: $(cat /tmp/work/report | head -n 3)" ;;
    esac
    exits "0|1" kvm-inittrace doctor --restore
    unload
    same_as_before "after SIGKILL at $1 ms ($2) and doctor --restore"
    no_journal
    rm -f /tmp/work/x.dat
}
test_after_sigkill() {
    before
    for detail in stages kvm; do
        start=$(cut -d' ' -f1 /proc/uptime | tr -d .)
        exits 0 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail $detail
        end=$(cut -d' ' -f1 /proc/uptime | tr -d .)
        echo $(((end - start) * 10)) >/tmp/work/takes-$detail
        unload
    done
    moments=$(awk -v n="${KILLS:-20}" -v stages="$(cat /tmp/work/takes-stages)" -v kvm="$(cat /tmp/work/takes-kvm)" -v seed="${SEED:-1}" \
        'BEGIN { srand(seed); for (i = 0; i < n; i++) { d = i % 2 ? "stages" : "kvm"; print int(rand() * (d == "kvm" ? kvm : stages)) ":" d } }')
    echo "killing at:" && echo "$moments"
    for moment in $moments; do killed_at "${moment%:*}" "${moment#*:}"; done
}
# The next recording puts back what a killed one left, without doctor.
test_record_after_sigkill() {
    before
    kvm-inittrace record -o /tmp/work/x.dat --detail kvm -- sh -c 'echo $$ >/tmp/work/started; exec sleep 100' >/tmp/work/out 2>&1 </dev/null &
    recorder=$!
    within 60 exists /tmp/work/started || fail "the command was not started: $(cat /tmp/work/out)"
    kill -KILL $recorder
    wait $recorder
    kill "$(cat /tmp/work/started)" 2>/dev/null
    exits 1 as-user 65534 kvm-inittrace doctor
    says "SKIP leftovers" "cannot be seen by this user"
    exits "0|1" kvm-inittrace doctor
    says restore
    exits 0 kvm-inittrace record -o /tmp/work/y.dat --module kvm_amd --detail stages
    unload
    same_as_before "after SIGKILL and the next recording"
    no_journal
}
# Somebody holds open what a killed recorder left, and keeps it so: no recording is made on top of it. (Who reads it comes to its end when the
# tracing is switched off.)
test_leftovers_that_are_busy() {
    before
    kvm-inittrace record -o /tmp/work/x.dat --detail kvm -- sh -c 'echo $$ >/tmp/work/started; exec sleep 100' >/tmp/work/out 2>&1 </dev/null &
    recorder=$!
    within 60 exists /tmp/work/started || fail "the command was not started: $(cat /tmp/work/out)"
    place=$T busy=current_tracer
    ! graph_instances || place=$T/instances/kvm-inittrace busy=instances/kvm-inittrace
    sleep 1000 <"$place/trace_pipe" &
    reader=$!
    usleep 500000
    kill -KILL $recorder
    wait $recorder
    kill "$(cat /tmp/work/started)" 2>/dev/null
    for force in "" --force; do
        # shellcheck disable=SC2086
        exits 69 kvm-inittrace record -o /tmp/work/y.dat --module kvm_amd --detail stages $force
        says "$busy" "doctor --restore"
        [ -s /run/kvm-inittrace/journal ] || fail "the journal is gone"
    done
    kill $reader
    wait $reader
    exits "0|1" kvm-inittrace doctor --restore
    same_as_before "after leftovers that were busy"
    no_journal
}
# A module that was loaded is loaded again with the parameters that it had.
parameters_after_sigkill() { # COMMAND that puts back
    modprobe kvm_amd nested=0 || fail "no kvm_amd"
    before
    kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail kvm >/tmp/work/out 2>&1 </dev/null &
    recorder=$!
    within 60 not_loaded kvm_amd || fail "kvm_amd is not unloaded for the recording: $(cat /tmp/work/out)"
    kill -KILL $recorder
    wait $recorder
    within 60 no_modprobe || fail "modprobe goes on"
    exits "0|1" "$@"
    loaded kvm_amd || fail "kvm_amd was loaded before, and is not afterwards"
    case $(cat /sys/module/kvm_amd/parameters/nested) in
    0 | N) ;;
    *) fail "nested was 0, and is $(cat /sys/module/kvm_amd/parameters/nested)" ;;
    esac
    same_as_before "after SIGKILL and $*"
    no_journal
}
not_loaded() { ! loaded "$1"; }
test_parameters_after_sigkill() { parameters_after_sigkill kvm-inittrace doctor --restore; }
test_parameters_after_sigkill_and_record() { parameters_after_sigkill kvm-inittrace record -o /tmp/work/y.dat --module kvm_amd --detail stages; }
# udev loads the module while the recording is prepared: it is not the recorder's to unload.
test_module_of_somebody_else() {
    before
    kvm-inittrace record -v -o /tmp/work/x.dat --module kvm_amd --detail stages >/tmp/work/out 2>&1 </dev/null &
    recorder=$!
    within 60 grep -q "reading the list of functions" /tmp/work/out || fail "does not come to it: $(cat /tmp/work/out)"
    modprobe kvm_amd || fail "no kvm_amd"
    wait $recorder
    code=$?
    cat /tmp/work/out
    [ $code = 2 ] || fail "exit $code"
    grep -q "somebody else has loaded kvm_amd" /tmp/work/out || fail "does not say whose the module is"
    loaded kvm_amd || fail "unloads the module of somebody else"
    unload
    same_as_before "after a load by somebody else"
    no_journal
}
test_dry_run_changes_nothing() {
    before
    exits 0 kvm-inittrace record --dry-run --module kvm_amd
    says do_init_module set_graph_function
    ! loaded kvm_amd || fail "--dry-run loads the module"
    same_as_before "after --dry-run"
    chmod 1777 /tmp
    exits 0 as-user 65534 kvm-inittrace record --dry-run --module kvm_amd
}
