# shellcheck shell=dash disable=SC2154
# How much longer modprobe takes: its own wall time, by the same clock in each case,
# the cases one after the other in each round.

test_overhead() {
    modprobe -a kvm ccp || fail "no kvm"
    # the first load of a boot takes an eighth of the later ones, traced or not
    modprobe kvm_amd || fail "no kvm_amd"
    mkdir /out/times
    round=0
    while [ $round -lt "${ROUNDS:-5}" ]; do
        round=$((round + 1))
        for how in untraced stages kvm full trace-cmd; do
            ! loaded kvm_amd || modprobe -r kvm_amd || fail "cannot unload kvm_amd"
            case $how in
            untraced) exits 0 timed /out/times/$how modprobe kvm_amd ;;
            trace-cmd) exits 0 trace-cmd record -q -o /tmp/work/x.dat -p function_graph -g do_init_module timed /out/times/$how modprobe kvm_amd ;;
            *) exits 0 kvm-inittrace record -q -o /tmp/work/x.dat --detail $how -- timed /out/times/$how modprobe kvm_amd ;;
            esac
            ls -l /tmp/work/x.dat
            rm -f /tmp/work/x.dat
            echo "lab: round $round $how $(tail -n 1 /out/times/$how)"
        done
    done
    tar cf /out/times.tar -C /out/times .
    rm -r /out/times
}
