# shellcheck shell=dash disable=SC2154
# kvm_intel fails, for this machine has no VMX; files that the host judges.

test_intel_full() {
    exits 1 kvm-inittrace record -o /out/intel-full.dat --module kvm_intel --detail full
    says kvm_intel failed EOPNOTSUPP
}
test_trace_cmd_intel() {
    slow
    modprobe kvm || fail "no kvm"
    exits 0 trace-cmd record -q -o /out/trace-cmd-intel.dat -p function_graph -g do_init_module modprobe kvm_intel
}
test_intel_stages() {
    exits 1 kvm-inittrace record -o /out/intel-stages.dat --module kvm_intel --detail stages
    says kvm_intel failed EOPNOTSUPP
}
