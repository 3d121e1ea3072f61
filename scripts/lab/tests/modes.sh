# shellcheck shell=dash disable=SC2154
# The ways to call record; files that the host judges.

test_wait() {
    kvm-inittrace record -v --wait --timeout 100s -o /out/wait.dat --module kvm_amd --detail stages >/tmp/work/out 2>&1 </dev/null &
    recorder=$!
    within 60 grep -qi "waiting for" /tmp/work/out || fail "does not say that it waits: $(cat /tmp/work/out)"
    modprobe kvm_amd || fail "no kvm_amd"
    within 60 gone $recorder || fail "still waits after the load"
    wait $recorder
    code=$?
    cat /tmp/work/out
    [ $code = 0 ] || fail "exit $code: $(tail -n 3 /tmp/work/out)"
}
test_wait_in_vain() {
    before
    exits 2 kvm-inittrace record --wait --timeout 2s -o /tmp/work/x.dat --module kvm_amd --detail stages
    same_as_before "after waiting in vain"
}
test_command() {
    exits 0 kvm-inittrace record -o /out/command.dat --detail stages -- modprobe kvm_amd
    says kvm_amd ok
}
test_failing_command() {
    exits 1 kvm-inittrace record -o /tmp/work/x.dat --detail stages -- sh -c 'modprobe kvm_amd; exit 7'
    says 7
    [ -s /tmp/work/x.dat ] || fail "no file"
}
test_command_that_is_not_there() {
    before
    exits "1|64|66|69" kvm-inittrace record -o /tmp/work/x.dat --detail stages -- /no/such/program
    says /no/such/program
    same_as_before "after a command that is not there"
}
test_repeat() {
    cd /tmp/work || fail "no directory"
    exits 0 kvm-inittrace record -o r.dat --repeat 3 --module kvm_amd --detail stages
    for number in 1 2 3; do
        [ -s r-$number.dat ] || fail "no r-$number.dat in: $(ls)"
        cp r-$number.dat /out/repeat-$number.dat
    done
}
test_module_option() {
    exits 0 kvm-inittrace record -o /out/nested.dat --module kvm_amd --module-option nested=0 --detail stages --keep-loaded
    loaded kvm_amd || fail "--keep-loaded, and kvm_amd is not loaded"
    case $(cat /sys/module/kvm_amd/parameters/nested) in
    0 | N) ;;
    *) fail "nested is $(cat /sys/module/kvm_amd/parameters/nested)" ;;
    esac
}
test_default_file_name() {
    cd /tmp/work || fail "no directory"
    exits 0 kvm-inittrace record -q --module kvm_amd --detail stages
    [ -s kvm-inittrace.dat ] || fail "no kvm-inittrace.dat in: $(ls)"
    [ ! -s stdout ] || fail "-q, and it prints: $(cat stdout)"
}
test_depth() {
    exits "0|2" kvm-inittrace record -o /out/depth.dat --module kvm_amd -D 3 --detail kvm
}
# Other tasks load modules and switch while the load is recorded.
test_other_tasks() {
    (
        within 60 exists /tmp/work/armed
        while [ ! -e /tmp/work/enough ]; do
            modprobe ata_piix
            modprobe -r ata_piix
        done
    ) >/dev/null 2>&1 &
    loader=$!
    modprobe -a kvm ccp || fail "no kvm"
    (exits 0 kvm-inittrace record -o /out/others.dat --detail kvm -- sh -c 'echo >/tmp/work/armed; sleep 2; exec modprobe kvm_amd')
    status=$?
    touch /tmp/work/enough
    wait $loader
    return $status
}
test_extract() {
    modprobe -a kvm ccp || fail "no kvm"
    {
        echo do_init_module
        echo do_one_initcall
        echo ':mod:kvm'
        echo ':mod:kvm_amd'
    } >>"$T/set_ftrace_filter"
    echo do_init_module >"$T/set_graph_function"
    echo function_graph >"$T/current_tracer"
    : >"$T/trace"
    modprobe kvm_amd || fail "no kvm_amd"
    echo 0 >"$T/tracing_on"
    # few functions were traced: what is required may be missing
    exits "0|1|2" kvm-inittrace record --extract -o /out/extract.dat
    [ -s /out/extract.dat ] || fail "no file"
    [ "$(cat "$T/current_tracer")" = function_graph ] || fail "the user's tracer is gone"
}
test_doctor() {
    before
    exits 0 kvm-inittrace doctor
    says tracefs function_graph PASS
    exits 0 kvm-inittrace doctor --format json
    cp /tmp/work/stdout /out/doctor.json
    same_as_before "after doctor"
}
test_doctor_module_in_use() {
    modprobe kvm_amd || fail "no kvm_amd"
    hold-vm >/tmp/work/held &
    holder=$!
    within 20 test -s /tmp/work/held || fail "no virtual machine"
    exits "0|1" kvm-inittrace doctor
    says hold-vm
    kill $holder
    wait $holder
    true
}
test_doctor_not_root() {
    exits 1 as-user 65534 kvm-inittrace doctor
    says root
}
