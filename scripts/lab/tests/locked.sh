# shellcheck shell=dash disable=SC2154
# A kernel that is locked down: nobody may trace, root neither.

test_lockdown() {
    grep -q '\[confidentiality\]' /sys/kernel/security/lockdown || mount -t securityfs securityfs /sys/kernel/security
    grep -q '\[confidentiality\]' /sys/kernel/security/lockdown || skip "this kernel does not lock down"
    exits 69 kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail stages
    says lockdown
    [ ! -e /tmp/work/x.dat ] || fail "wrote a file"
    exits 1 kvm-inittrace doctor
    says lockdown FAIL
}
