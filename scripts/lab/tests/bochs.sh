# shellcheck shell=dash disable=SC2154
# VMX: kvm_intel loads.

test_intel_loads() {
    exits 0 kvm-inittrace record -o /out/intel-full.dat --module kvm_intel --detail "${BOCHS_DETAIL:-full}"
    says kvm_intel ok
}
