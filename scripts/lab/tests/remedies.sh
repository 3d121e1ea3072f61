# shellcheck shell=dash disable=SC2154
# Natural faults: the report names the cause, and doing what it says lets the module load.

modules=/lib/modules/$(uname -r)

# fails CODE WORD…: the load of kvm_amd is recorded, ends so, and the report says each word.
fails() {
    expected=$1
    shift
    exits "$expected" kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail kvm
    exits "1|2" kvm-inittrace report /tmp/work/x.dat
    says "$@"
}
loads() {
    exits 0 kvm-inittrace record -o /tmp/work/x.dat --module "${1:-kvm_amd}" --detail kvm
    exits 0 kvm-inittrace report /tmp/work/x.dat
}

test_minor_taken() {
    exits 0 insmod /lab-fault.ko minor=232
    fails 1 "Register /dev/kvm" EBUSY "minor 232" "grep -w 232 /proc/misc"
    exits 0 grep -w 232 /proc/misc
    says busy
    exits 0 rmmod fault
    loads
}
test_name_taken() {
    exits 0 insmod /lab-fault.ko minor=255 name=kvm
    fails 1 "Register /dev/kvm" EEXIST "called kvm" "/proc/misc"
    exits 0 grep -w kvm /proc/misc
    exits 0 rmmod fault
    loads
}
# Up to 6.2 the other vendor's module is asked for before anything of the CPU.
test_other_vendor() {
    case $(uname -r) in 5.* | 6.[0-2].*) ;; *) skip "since 6.3 a CPU without VMX is refused before" ;; esac
    exits 0 modprobe kvm_amd
    exits 1 kvm-inittrace record -o /tmp/work/x.dat --module kvm_intel --detail kvm
    exits 1 kvm-inittrace report /tmp/work/x.dat
    says "CPU feature checks" EEXIST "other vendor module" "modprobe -r kvm_amd"
    exits 0 modprobe -r kvm_amd
    # Its own checks come now: this CPU has no VMX.
    exits 1 kvm-inittrace record -o /tmp/work/x.dat --module kvm_intel --detail kvm
    exits 1 kvm-inittrace report /tmp/work/x.dat
    says EOPNOTSUPP "no VMX or SVM"
}
test_wrong_vendor() {
    exits 1 kvm-inittrace record -o /tmp/work/x.dat --module kvm_intel --detail kvm
    exits 1 kvm-inittrace report /tmp/work/x.dat
    says EOPNOTSUPP "no VMX or SVM"
    loads kvm_amd
}
# Since 6.12 every CPU is enabled at load. Both pieces of advice are followed.
test_other_hypervisor() {
    case $(uname -r) in 5.* | 6.[0-9].* | 6.1[01].*) skip "before 6.12 the first guest enables the CPUs" ;; esac
    exits 0 insmod /lab-fault.ko svm=1
    fails 1 "Enable virtualization on one CPU" EIO "Another hypervisor" "CPU 1" "enable_virt_at_load=0"
    modprobe -r kvm_amd
    modprobe -r kvm
    exits 0 modprobe kvm enable_virt_at_load=0
    exits 0 modprobe kvm_amd
    modprobe -r kvm_amd
    modprobe -r kvm
    exits 0 rmmod fault
    loads
}
# The file of another kernel, in the place of its own.
test_module_of_another_kernel() {
    own=$(find "$modules" -name 'kvm-amd.ko*')
    mv "$own" /tmp/work/own
    cp /lab-foreign/kvm-amd.ko "$modules/kernel/arch/x86/kvm/kvm-amd.ko"
    depmod -a
    code=0
    kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail kvm >/tmp/work/out 2>&1 || code=$?
    cat /tmp/work/out
    rm "$modules/kernel/arch/x86/kvm/kvm-amd.ko"
    mv /tmp/work/own "$own"
    depmod -a
    [ $code != 0 ] || fail "a module of another kernel is recorded as if it had loaded"
    said=$(cat /tmp/work/out)
    if [ -e /tmp/work/x.dat ]; then
        exits 2 kvm-inittrace report /tmp/work/x.dat
    fi
    says ENOEXEC vermagic
    loads
}
test_missing_dependency() {
    own=$(find "$modules" -name 'ccp.ko*')
    [ -n "$own" ] || skip "no module ccp"
    rmmod ccp 2>/dev/null
    mv "$own" /tmp/work/own
    code=0
    kvm-inittrace record -o /tmp/work/x.dat --module kvm_amd --detail kvm >/tmp/work/out 2>&1 || code=$?
    cat /tmp/work/out
    mv /tmp/work/own "$own"
    [ $code != 0 ] || fail "a load without its dependency is recorded as if it had been one"
    said=$(cat /tmp/work/out)
    if [ -e /tmp/work/x.dat ]; then
        exits 2 kvm-inittrace report /tmp/work/x.dat
    fi
    # The dependency is loaded before the recording: its error is told, and where to look.
    says "modprobe" failed dmesg
    loads
}
