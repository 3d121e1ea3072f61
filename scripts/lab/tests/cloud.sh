# shellcheck shell=dash disable=SC2154
# A kernel without function_graph.

test_no_function_graph() {
    ! grep -qw function_graph "$T/available_tracers" 2>/dev/null || skip "this kernel has function_graph"
    exits 69 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd
    says function_graph
    [ ! -e /tmp/work/x.dat ] || fail "wrote a file"
}
test_doctor_without_function_graph() {
    exits 1 kvm-inittrace doctor
    says function_graph FAIL
}
