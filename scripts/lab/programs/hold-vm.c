// Hold a virtual machine open until killed, as a running qemu does: its module is in use.
//
// usage: hold-vm
//
// Prints "held" when it does.
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(void) {
    int kvm = open("/dev/kvm", O_RDWR);
    if (kvm < 0) {
        perror("/dev/kvm");
        return 1;
    }
    if (ioctl(kvm, KVM_CREATE_VM, 0) < 0) {
        perror("KVM_CREATE_VM");
        return 1;
    }
    puts("held");
    fflush(stdout);
    for (;;) pause();
}
