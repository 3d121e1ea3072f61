# shellcheck shell=dash disable=SC2154
# VMX: kvm_intel loads.  With --detail full the kernel patches 60,000 places, which takes Bochs
# more than half an hour: BOCHS_DETAIL=full asks for it.

test_intel_loads() {
    exits 0 kvm-inittrace record -o /out/intel-full.dat --module kvm_intel --detail "${BOCHS_DETAIL:-kvm}"
    says kvm_intel ok
}
