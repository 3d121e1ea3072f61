# shellcheck shell=dash disable=SC2154
# What record does not do, with which code, and what it says then.

test_two_recorders() {
    kvm-inittrace record -o /tmp/work/a.dat --detail stages -- sh -c 'touch /tmp/work/started; sleep 15' >/tmp/work/out 2>&1 </dev/null &
    recorder=$!
    within 60 exists /tmp/work/started || fail "the first did not start: $(cat /tmp/work/out)"
    exits 69 kvm-inittrace record -o /tmp/work/b.dat --module kvm_amd --detail stages
    says "$recorder"
    [ ! -e /tmp/work/b.dat ] || fail "the second wrote a file"
    wait $recorder
    [ -s /tmp/work/a.dat ] || fail "the first wrote nothing: $(cat /tmp/work/out)"
    exits "0|1|2" kvm-inittrace report /tmp/work/a.dat
}
test_another_tracer() {
    echo do_init_module >"$T/set_ftrace_filter"
    echo function_graph >"$T/current_tracer"
    before
    exits 69 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail kvm
    says function_graph --force
    same_as_before "after the refusal"
    exits 0 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail kvm --force
    same_as_before "after --force"
}
# Where the recording has a ring buffer of its own, another's events do not disturb it.
test_other_events() {
    before
    echo 1 >"$T/events/sched/sched_process_exec/enable"
    if graph_instances; then
        exits 0 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages
    else
        exits 69 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages
        says sched_process_exec --force
        exits 0 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages --force
    fi
    [ "$(cat "$T/events/sched/sched_process_exec/enable")" = 1 ] || fail "the other's event was disabled"
    echo 0 >"$T/events/sched/sched_process_exec/enable"
    same_as_before "apart from the event"
}
test_not_root() {
    chmod 1777 /tmp/work
    exits 77 as-user 65534 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd
    says root
}
test_module_in_use() {
    modprobe kvm_amd || fail "no kvm_amd"
    hold-vm >/tmp/work/held &
    holder=$!
    within 20 test -s /tmp/work/held || fail "no virtual machine"
    exits 69 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages
    says "$holder" hold-vm
    loaded kvm_amd || fail "kvm_amd is gone"
    kill $holder
    wait $holder
    true
}
test_already_loaded() {
    modprobe kvm_amd || fail "no kvm_amd"
    before
    exits 0 kvm-inittrace record -o /out/reload.dat --module kvm_amd --detail stages
    says kvm_amd ok
    loaded kvm_amd || fail "kvm_amd was loaded before, and is not afterwards"
    same_as_before "after the reload"
}
test_no_module_files() {
    mv /lib/modules /lib/modules.away
    (exits 69 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages && says kvm_amd "$(uname -r)")
    status=$?
    mv /lib/modules.away /lib/modules
    return $status
}
test_wrong_usage() {
    for options in "--detail nonsense" "--module nonsense" "--repeat 0" "--timeout 10" "-b 12Q" "--nonsense" "--wait --extract" "--module-option nested"; do
        # shellcheck disable=SC2086
        exits 64 kvm-inittrace record -o /tmp/work/x.dat $options
    done
    exits 64 kvm-inittrace doctor --format nonsense
}
# Debian's kernels all have function_graph: what the machine tells about its tracers is
# replaced.
test_no_function_graph() {
    echo "blk function nop" >/tmp/work/tracers
    mount --bind /tmp/work/tracers "$T/available_tracers"
    (
        exits 69 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd
        says function_graph "$(uname -r)"
        [ ! -e /tmp/work/x.dat ] || fail "wrote a file"
        exits 1 kvm-inittrace doctor
        says function_graph FAIL
    )
    status=$?
    umount "$T/available_tracers"
    return $status
}
# On some kernels the graph records all the same.
test_ftrace_disabled() {
    echo 0 >/proc/sys/kernel/ftrace_enabled
    (
        exits "0|69" kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail kvm
        case $code in
        0) says "kvm_amd: OK" ;;
        69) says ftrace_enabled ;;
        esac
    )
    status=$?
    echo 1 >/proc/sys/kernel/ftrace_enabled
    return $status
}
# Cannot be taken back in this boot: the last of its group.
test_zz_modules_disabled() {
    [ -e /proc/sys/kernel/modules_disabled ] || skip "this kernel has no modules_disabled"
    echo 1 >/proc/sys/kernel/modules_disabled
    exits 69 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages
    says modules_disabled
}
