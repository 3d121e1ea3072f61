# shellcheck shell=dash disable=SC2154
# kvm_amd loads; files that the host judges.

# Also that tracefs is as before: --detail full takes long, once is enough.
test_amd_full() {
    before
    exits 0 kvm-inittrace record -o /out/amd-full.dat --module kvm_amd --detail full
    says kvm_amd ok
    unload
    same_as_before "after --detail full"
    no_journal
}
test_trace_cmd_amd() { # to compare the size with
    modprobe -a kvm ccp || fail "no kvm"
    exits 0 trace-cmd record -q -o /out/trace-cmd-amd.dat -p function_graph -g do_init_module modprobe kvm_amd
}
test_amd_kvm() {
    exits 0 kvm-inittrace record -o /out/amd-kvm.dat --module kvm_amd --detail kvm
    says kvm_amd ok
}
test_amd_stages() {
    exits 0 kvm-inittrace record -o /out/amd-stages.dat --module kvm_amd --detail stages
    says kvm_amd ok
}
test_compat() {
    exits 0 kvm-inittrace record -o /out/compat.dat --module kvm_amd --detail kvm --compat
}
