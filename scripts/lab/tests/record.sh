# shellcheck shell=dash disable=SC2154
# The answers: kvm_amd loads, kvm_intel fails; files that the host judges.

test_amd_full() {
    exits 0 kvm-inittrace record -o /out/amd-full.dat --module kvm_amd
    says kvm_amd ok
}
test_intel_full() {
    exits 1 kvm-inittrace record -o /out/intel-full.dat --module kvm_intel
    says kvm_intel failed EOPNOTSUPP
}
test_trace_cmd_amd() { # to compare the size with
    modprobe -a kvm ccp || fail "no kvm"
    exits 0 trace-cmd record -q -o /out/trace-cmd-amd.dat -p function_graph -g do_init_module modprobe kvm_amd
}
test_trace_cmd_intel() {
    modprobe kvm || fail "no kvm"
    exits 0 trace-cmd record -q -o /out/trace-cmd-intel.dat -p function_graph -g do_init_module modprobe kvm_intel
}
test_amd_kvm() {
    exits 0 kvm-inittrace record -o /out/amd-kvm.dat --module kvm_amd --detail kvm
    says kvm_amd ok
}
test_amd_stages() {
    exits 0 kvm-inittrace record -o /out/amd-stages.dat --module kvm_amd --detail stages
    says kvm_amd ok
}
test_intel_stages() {
    exits 1 kvm-inittrace record -o /out/intel-stages.dat --module kvm_intel --detail stages
    says kvm_intel failed EOPNOTSUPP
}
test_compat() {
    exits 0 kvm-inittrace record -o /out/compat.dat --module kvm_amd --detail kvm --compat
}
