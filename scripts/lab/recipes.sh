# shellcheck shell=bash disable=SC2016
# The recipes of the sample traces; sourced by record-samples.
#
# sample NAME KERNEL MACHINE "what it shows" [xz|gz|zst] [PARTS] <<'commands'
#   A recipe with PARTS writes trace-PART.txt or trace-PART.dat, each of which
#   becomes the sample NAME-PART.
# derived NAME FROM "what it shows" COMMAND [xz|gz|zst]
#
# KERNEL is what fetch-kernel takes, MACHINE one of
#   qemu            SVM and no VMX: kvm_amd loads, kvm_intel fails
#   qemu:TEXT       the same with TEXT on the kernel command line
#   qemu-cpu:MODEL  another CPU; without SVM both fail
#   bochs           VMX: kvm_intel loads
#   arm64:TEXT      EL2 and VHE: KVM initialises at boot; TEXT on the kernel command line
#   arm64-no-el2:TEXT, arm64-no-vtimer:TEXT     without EL2, without virtual timer interrupt: it fails
#   riscv64         H extension: kvm loads
#   riscv64-no-h    without it: kvm fails

# With slim the symbol table is smallest when the whole trace fits into the buffer: hence -b.
graph='trace-cmd record -p function_graph -g do_init_module'
events="-e printk:console -e initcall:initcall_finish -e module -e syscalls:sys_exit_finit_module -e syscalls:sys_exit_init_module -e sched:sched_switch"

for k in 6.12 5.10 7.3 6.1 6.18; do
    slim='slim '
    case $k in 5.10 | 6.12) slim= ;; esac
    sample $k-kvm_amd $k qemu "kvm_amd loads" <<SCRIPT
modprobe kvm; modprobe ccp
$graph ${slim:+-b 20000 }${slim}modprobe kvm_amd
SCRIPT
    sample $k-kvm_intel-fail $k qemu "kvm_intel fails: no VMX" <<SCRIPT
modprobe kvm
$graph ${slim:+-b 5000 }${slim}modprobe kvm_intel
SCRIPT
    sample $k-kvm_intel-fail-events $k qemu "kvm_intel fails, with the events that say why" <<SCRIPT
modprobe kvm
$graph -b 5000 $events slim modprobe kvm_intel
SCRIPT
done

# While a tracer is on, the kernel keeps the names of init functions whose memory goes to the next module.
sample 5.10-kvm_amd-again 5.10 qemu "two loads: init functions of several modules lay at one address, and the kernel lists them all" <<SCRIPT
cat >/bin/loads <<'END'
#!/bin/sh
for n in 1 2; do
    for module in rng_core ccp irqbypass kvm kvm_amd; do modprobe \$module; done
    [ \$n = 2 ] || for module in kvm_amd kvm irqbypass ccp rng_core; do rmmod \$module; done
done
END
chmod 755 /bin/loads
$graph -b 20000 slim loads
SCRIPT

for k in 5.10 6.12 7.3; do
    # From 6.12 on the programs crash on "max,-svm" (QEMU 7.2): their copies of
    # kernel data are garbage.
    model=qemu64,-svm
    case $k in 5.10) model=max,-svm ;; esac
    sample $k-kvm_amd-fail $k qemu-cpu:$model "kvm_amd fails: no SVM" <<SCRIPT
modprobe kvm; modprobe ccp
$graph -b 5000 slim modprobe kvm_amd
SCRIPT
done

# text of the tracer

for k in 5.10 6.12 7.3; do
    sample $k-kvm_intel-fail-text $k qemu "the kernel's text names the functions of the freed module by address" <<'SCRIPT'
modprobe kvm
text modprobe kvm_intel
SCRIPT
done
sample 5.10-kvm_amd-text 5.10 qemu "text with the default columns" gz <<'SCRIPT'
modprobe kvm; modprobe ccp
text modprobe kvm_amd
SCRIPT
sample 5.10-kvm_amd-text-proc-abstime 5.10 qemu "text with task and time columns, one process" zst <<'SCRIPT'
modprobe kvm; modprobe ccp
options='funcgraph-proc funcgraph-abstime' pid=yes
text modprobe kvm_amd
SCRIPT
sample 6.12-kvm_amd-text-switches 6.12 qemu "text with time, task and tail, two CPUs, no process filter: task switches, other tasks, interrupts" <<'SCRIPT'
modprobe kvm; modprobe ccp
options='funcgraph-abstime funcgraph-proc funcgraph-tail'
roots='do_init_module kvm_online_cpu uptime_proc_show wake_up_process'
for n in 1 2 3; do (while :; do cat /proc/uptime; usleep 20000; done) >/dev/null & done
text modprobe kvm_amd
SCRIPT
sample 6.12-kvm_amd-text-switches-default 6.12 qemu "default columns with task switches, other tasks, interrupts: no time, no task on the line" <<'SCRIPT'
modprobe kvm; modprobe ccp
roots='do_init_module kvm_online_cpu uptime_proc_show wake_up_process' depth=9
for n in 1 2 3; do (while :; do cat /proc/uptime; usleep 20000; done) >/dev/null & done
text modprobe kvm_amd
SCRIPT
sample 7.3-kvm_amd-text-args 7.3 qemu "text with arguments" <<'SCRIPT'
modprobe kvm; modprobe ccp
options='funcgraph-args' depth=9
text modprobe kvm_amd
SCRIPT
sample 6.12-kvm_amd-text 6.12 qemu "text with one option each" xz "default proc abstime tail nooverhead noduration latency" <<'SCRIPT'
modprobe kvm; modprobe ccp
depth=0; text modprobe kvm_amd
mv trace.txt trace-default.txt
for part in proc abstime tail nooverhead noduration latency; do
    modprobe -r kvm_amd
    case $part in no*) o=nofuncgraph-${part#no} ;; latency) o=latency-format ;; *) o=funcgraph-$part ;; esac
    options=$o depth=7
    text modprobe kvm_amd
    mv trace.txt trace-$part.txt
    case $o in nofuncgraph*) echo 1 >$T/options/${o#no} ;; *) echo 0 >$T/options/$o ;; esac
done
SCRIPT
sample 5.10-kvm_amd-pair 5.10 qemu "the same ring buffer as text and as trace-cmd extract" xz "text dat" <<'SCRIPT'
modprobe kvm; modprobe ccp
text modprobe kvm_amd
mv trace.txt trace-text.txt
slim true
trace-cmd extract -o trace-dat.dat
SCRIPT
sample 6.12-kvm_amd-pair 6.12 qemu "the same ring buffer as text (time and task columns) and as trace-cmd extract" xz "text dat" <<'SCRIPT'
modprobe kvm; modprobe ccp
options='funcgraph-abstime funcgraph-proc' depth=10
text modprobe kvm_amd
mv trace.txt trace-text.txt
slim true
trace-cmd extract -o trace-dat.dat
SCRIPT

# the documented root

sample 5.10-kvm_amd-root-kvm_init 5.10 qemu "root kvm_init" <<'SCRIPT'
modprobe kvm; modprobe ccp
trace-cmd record -b 20000 -p function_graph -g kvm_init slim modprobe kvm_amd
SCRIPT
sample 5.10-kvm_intel-fail-root-kvm_init 5.10 qemu "root kvm_init, the failure is below it" <<'SCRIPT'
modprobe kvm
trace-cmd record -b 5000 -p function_graph -g kvm_init slim modprobe kvm_intel
SCRIPT
sample 6.12-kvm_amd-root-kvm_init 6.12 qemu "root kvm_init: the vendor's steps ran before it" <<'SCRIPT'
modprobe kvm; modprobe ccp
trace-cmd record -b 20000 -p function_graph -g kvm_init slim modprobe kvm_amd
SCRIPT
sample 6.12-kvm_intel-fail-root-kvm_init 6.12 qemu "root kvm_init: empty, the failure came before it" <<'SCRIPT'
modprobe kvm
trace-cmd record -b 5000 -p function_graph -g kvm_init slim modprobe kvm_intel
SCRIPT

# what a reader has to cope with

sample 5.10-kvm_amd-lost 5.10 qemu "small buffer, events lost" <<SCRIPT
modprobe kvm; modprobe ccp
trace-cmd record -b 16 -p function_graph -g do_init_module slim modprobe kvm_amd
SCRIPT
sample 6.12-kvm_amd-text-lost 6.12 qemu "small buffer, of which the beginning is overwritten: the outer calls are known by their returns only" <<'SCRIPT'
modprobe kvm; modprobe ccp
buffer=700
text modprobe kvm_amd
SCRIPT
sample 6.12-kvm_amd-text-filter 6.12 qemu "only some functions are traced (set_ftrace_filter)" xz "names modules" <<'SCRIPT'
modprobe kvm; modprobe ccp
echo 'kvm_*' >$T/set_ftrace_filter
roots=kvm_init
text modprobe kvm_amd
mv trace.txt trace-names.txt
modprobe -r kvm_amd
for filter in do_init_module do_one_initcall :mod:kvm :mod:kvm_amd; do echo $filter; done >$T/set_ftrace_filter
roots=do_init_module
text modprobe kvm_amd
mv trace.txt trace-modules.txt
SCRIPT
sample 6.12-kvm_amd-depth 6.12 qemu "only three levels: the init function is a leaf, and has no name" <<SCRIPT
modprobe kvm; modprobe ccp
trace-cmd record -b 5000 --max-graph-depth 3 -p function_graph -g do_init_module slim modprobe kvm_amd
SCRIPT
sample 6.12-kvm_amd-depth-events 6.12 qemu "only three levels, and the loader's events, which name the module" <<SCRIPT
modprobe kvm; modprobe ccp
trace-cmd record -b 5000 --max-graph-depth 3 -p function_graph -g do_init_module -e module slim modprobe kvm_amd
SCRIPT
sample 5.10-kvm_amd-loaded 5.10 qemu "the module is loaded already: no run" <<SCRIPT
modprobe kvm_amd
$graph -b 5000 slim modprobe kvm_amd
SCRIPT
sample 5.10-kvm_intel-fail-twice 5.10 qemu "busybox's modprobe tries twice: two runs in one process" <<SCRIPT
modprobe kvm
$graph -b 5000 slim busybox modprobe kvm_intel
SCRIPT
sample 5.10-several 5.10 qemu "several loads and unloads in one recording" <<SCRIPT
modprobe kvm; modprobe ccp
$graph -b 20000 slim sh -c 'modprobe kvm_amd; modprobe -r kvm_amd; modprobe kvm_amd; modprobe -r kvm_amd; modprobe kvm_intel'
SCRIPT
sample 6.12-kvm_intel-fail-kretprobes 6.12 qemu "kretprobes give return values and names; the module was not loaded when they were set" <<SCRIPT
modprobe kvm
for f in kvm_intel:vmx_init kvm_intel:vt_init kvm_intel:__kvm_is_vmx_supported kvm:kvm_x86_vendor_init kvm:kvm_init; do
    echo "r:kvmit/r_\${f#*:} \$f ret=\\\$retval:s64" >>\$T/kprobe_events
done
$graph -b 5000 -e kvmit slim modprobe kvm_intel
SCRIPT
sample 5.10-kvm_amd-kretprobes 5.10 qemu "kretprobes give return values and names" <<SCRIPT
modprobe kvm; modprobe ccp
for f in kvm_amd:svm_init kvm_amd:svm_hardware_setup kvm_amd:svm_check_processor_compat kvm:kvm_arch_init kvm:kvm_arch_hardware_setup kvm:kvm_init; do
    echo "r:kvmit/r_\${f#*:} \$f ret=\\\$retval:s64" >>\$T/kprobe_events
done
$graph -b 20000 -e kvmit slim modprobe kvm_amd
SCRIPT
sample 6.12-kvm_amd-nothing-loaded 6.12 qemu "kvm, ccp and others are loaded by the same modprobe: several roots in one process" <<SCRIPT
trace-cmd record -b 20000 --max-graph-depth 10 -p function_graph -g do_init_module slim modprobe kvm_amd
SCRIPT
sample 6.12-kvm_intel-fail-instance 6.12 qemu "events in a buffer instance" <<SCRIPT
modprobe kvm
$graph -b 5000 -B log -e printk:console -e initcall:initcall_finish -e module slim modprobe kvm_intel
SCRIPT
sample 5.10-kvm_amd-fail-events 5.10 qemu-cpu:max,-svm "kvm_amd fails, with the events that say why" <<SCRIPT
modprobe kvm; modprobe ccp
$graph -b 5000 $events slim modprobe kvm_amd
SCRIPT
sample 6.12-kvm_amd-events 6.12 qemu "kvm_amd loads, with events; the other CPUs' enabling in cpuhp" <<SCRIPT
modprobe kvm; modprobe ccp
trace-cmd record -b 20000 --max-graph-depth 10 -p function_graph -g do_init_module $events -e cpuhp slim modprobe kvm_amd
SCRIPT
sample 7.3-kvm_amd-events 7.3 qemu "kvm_amd loads, with events; the other CPUs' enabling in cpuhp" <<SCRIPT
modprobe kvm; modprobe ccp
trace-cmd record -b 20000 --max-graph-depth 10 -p function_graph -g do_init_module $events -e cpuhp slim modprobe kvm_amd
SCRIPT
sample 7.3-kvm_intel-fail-args 7.3 qemu "entries with arguments" <<SCRIPT
modprobe kvm
trace-cmd record -b 5000 -p function_graph -O funcgraph-args -g do_init_module slim modprobe kvm_intel
SCRIPT
sample 6.12-kvm_amd-no-virt-at-load 6.12 qemu:kvm.enable_virt_at_load=0 "virtualization is not enabled at load" <<SCRIPT
modprobe kvm; modprobe ccp
trace-cmd record -b 20000 --max-graph-depth 10 -p function_graph -g do_init_module slim modprobe kvm_amd
SCRIPT
sample 6.12-kvm_amd-nested-off 6.12 qemu "nested=0" <<SCRIPT
modprobe kvm; modprobe ccp
trace-cmd record -b 20000 --max-graph-depth 10 -p function_graph -g do_init_module slim modprobe kvm_amd nested=0
SCRIPT
# (Debian's trace-cmd 3.1.6 has no zlib.)
sample 5.10-kvm_amd-uncompressed 5.10 qemu "version 7, not compressed" <<'SCRIPT'
modprobe kvm; modprobe ccp
trace-cmd record -b 5000 --compression none -p function_graph -g kvm_init slim modprobe kvm_amd
SCRIPT
sample 5.10-kvm_intel-fail-v6 5.10 qemu "version 6, not compressed" <<'SCRIPT'
modprobe kvm
timeout 60 trace-cmd record -b 5000 --file-version 6 -p function_graph -g kvm_init slim modprobe kvm_intel
SCRIPT

# Intel with VMX

for k in 5.10 6.12 7.3; do
    slim='slim '
    case $k in 5.10) slim= ;; esac
    sample $k-kvm_intel $k bochs "kvm_intel loads" <<SCRIPT
modprobe kvm
trace-cmd record -q -b 20000 -p function_graph -g do_init_module ${slim}modprobe kvm_intel
SCRIPT
done

# by the recorder of this project

for k in 5.10 6.12 7.3; do
    for detail in full stages; do
        sample $k-kvm_amd-record-$detail $k qemu "kvm_amd loads, recorded by \`kvm-inittrace record\`" <<SCRIPT
kvm-inittrace record --module kvm_amd --detail $detail -o trace.dat
SCRIPT
    done
    sample $k-kvm_intel-fail-record $k qemu "kvm_intel fails, recorded by \`kvm-inittrace record\`: return values, log, names" <<SCRIPT
kvm-inittrace record --module kvm_intel -o trace.dat
SCRIPT
done
sample 6.12-kvm_intel-record 6.12 bochs "kvm_intel loads, recorded by \`kvm-inittrace record\`" <<'SCRIPT'
kvm-inittrace record --module kvm_intel --detail kvm -q -o trace.dat
SCRIPT
sample 6.12-kvm_intel-record-nested-off 6.12 bochs "nested=0: without nested setup, which diff finds" <<'SCRIPT'
kvm-inittrace record --module kvm_intel --module-option nested=0 --detail kvm -q -o trace.dat
SCRIPT
sample 6.12-kvm_amd-record-nested-off 6.12 qemu "nested=0, which the file tells" <<'SCRIPT'
kvm-inittrace record --module kvm_amd --module-option nested=0 --detail stages -o trace.dat
SCRIPT

# steps that fail: /lab-fault.ko (fault/fault.c) makes one function return another value, once
# (kvm is there before it, so that its probe is registered before those of a recorder)

fault='insmod /lab-fault.ko when=kvm_amd'
sample 6.12-fault-mmu-cache 6.12 qemu "no memory for a slab cache of the shadow MMU" <<SCRIPT
modprobe kvm; modprobe ccp
$fault function=__kmem_cache_create_args value=0 after=kvm:kvm_mmu_vendor_module_init run=0
$graph -b 20000 slim modprobe kvm_amd
SCRIPT
sample 6.12-fault-irqfd-text 6.12 qemu "no memory for the workqueue; text, in which no kernel version and no name of the freed module stands" <<SCRIPT
modprobe kvm; modprobe ccp
$fault function=alloc_workqueue value=0 after=kvm:kvm_irqfd_init run=0
text modprobe kvm_amd
SCRIPT
sample 6.12-fault-irqfd-root-vendor_init 6.12 qemu "the same load, of which only kvm_x86_vendor_init was traced: it succeeds, and what comes after it fails" <<SCRIPT
modprobe kvm; modprobe ccp
$fault function=alloc_workqueue value=0 after=kvm:kvm_irqfd_init run=0
roots=kvm_x86_vendor_init
text modprobe kvm_amd
SCRIPT
sample 6.12-fault-cpu-data 6.12 qemu "no memory for the second CPU's SVM area: the failing call is of the freed module" <<SCRIPT
modprobe kvm; modprobe ccp
$fault function=kvm_amd:snp_safe_alloc_page_node value=0 nth=2 run=0
$graph -b 20000 slim modprobe kvm_amd
SCRIPT
sample 6.12-fault-virt-cpu1-record 6.12 qemu "SVM is in use on CPU 1, modprobe runs on CPU 0" <<SCRIPT
modprobe kvm; modprobe ccp
$fault function=kvm_amd:svm_enable_virtualization_cpu value=-16 cpu=1 run=0
taskset 1 kvm-inittrace record --module kvm_amd --detail kvm -o trace.dat
SCRIPT
sample 6.1-fault-compat-cpu1 6.1 qemu "CPU 1 differs from CPU 0, which the interrupt on CPU 1 finds" <<SCRIPT
modprobe kvm; modprobe ccp
$fault function=kvm:kvm_arch_check_processor_compat value=-5 cpu=1
$graph -b 20000 slim taskset 1 modprobe kvm_amd
SCRIPT
sample 5.10-fault-reboot-notifier-record 5.10 qemu "the reboot notifier is refused, which KVM ignores: the load succeeds" <<SCRIPT
modprobe kvm; modprobe ccp
$fault function=register_reboot_notifier value=-16 after=kvm:kvm_init run=0
kvm-inittrace record --module kvm_amd --detail kvm -o trace.dat
SCRIPT
sample 7.3-fault-timer-state 7.3 qemu "the clock's hotplug state is refused, which KVM ignores: the load succeeds" <<SCRIPT
modprobe kvm; modprobe ccp
$fault function=__cpuhp_setup_state value=-16 after=kvm:kvm_x86_vendor_init run=0
$graph -b 20000 slim modprobe kvm_amd
SCRIPT
sample 7.3-fault-gmem-record 7.3 qemu "guest_memfd's file system cannot be mounted" <<SCRIPT
modprobe kvm; modprobe ccp
$fault function=kern_mount value=-12 after=kvm:kvm_gmem_init run=0
kvm-inittrace record --module kvm_amd --detail kvm -o trace.dat
SCRIPT
sample 6.18-fault-vmcs-config 6.18 qemu "VMX seems to be there, then the VMCS configuration finds no MSRs" <<SCRIPT
modprobe kvm
insmod /lab-fault.ko when=kvm_intel function=kvm_intel:__kvm_is_vmx_supported value=1 run=0
$graph -b 5000 slim modprobe kvm_intel
SCRIPT
sample 6.12-fault-vmxon-record 6.12 bochs "no memory for the VMXON region: the error path calls what the next step calls" <<SCRIPT
modprobe kvm
insmod /lab-fault.ko when=kvm_intel function=kvm_intel:alloc_vmcs_cpu value=0 run=0
kvm-inittrace record --module kvm_intel --detail kvm -o trace.dat
SCRIPT
sample 5.10-minor-taken 5.10 qemu "another driver has the minor of /dev/kvm" <<SCRIPT
modprobe kvm; modprobe ccp
insmod /lab-fault.ko minor=232
$graph -b 20000 slim modprobe kvm_amd
SCRIPT
sample 7.3-kvm_intel-minor-taken-text 7.3 bochs "another driver has the minor of /dev/kvm; vt_init undoes vmx_init by a function whose name is gone" <<SCRIPT
modprobe kvm
insmod /lab-fault.ko minor=232
text modprobe kvm_intel
SCRIPT
sample 7.3-name-taken-text 7.3 qemu "another driver has a device called kvm; the loader makes EBUSY of EEXIST" <<SCRIPT
modprobe kvm; modprobe ccp
insmod /lab-fault.ko minor=255 name=kvm
text modprobe kvm_amd
SCRIPT
sample 5.10-other-vendor-text 5.10 qemu "kvm_amd is loaded when kvm_intel comes" <<'SCRIPT'
modprobe kvm_amd
text modprobe kvm_intel
SCRIPT
sample 6.1-other-vendor-text-events 6.1 qemu "kvm_amd is loaded when kvm_intel comes; the kernel log names the module that is there" <<'SCRIPT'
modprobe kvm_amd
echo 1 >$T/events/printk/console/enable
text modprobe kvm_intel
SCRIPT
sample 6.12-fault-one-of-three 6.12 qemu "three loads of kvm_amd in one recording: the second one fails" <<SCRIPT
modprobe kvm; modprobe ccp
cat >/bin/loads <<'END'
#!/bin/sh
modprobe kvm_amd
modprobe -r kvm_amd
modprobe kvm; modprobe ccp
$fault function=kvm:kvm_register_device_ops value=-17 after=kvm:kvm_vfio_ops_init run=0
modprobe kvm_amd
rmmod fault
modprobe kvm_amd
END
chmod 755 /bin/loads
$graph -b 20000 slim loads
SCRIPT

# text of trace-cmd report, of the same runs

derived 5.10-kvm_amd-report 5.10-kvm_amd "trace-cmd's text of 5.10-kvm_amd" 'trace-cmd report trace.dat'
derived 6.12-kvm_amd-report 6.12-kvm_amd "trace-cmd's text of 6.12-kvm_amd" 'trace-cmd report trace.dat'
derived 6.12-kvm_intel-fail-events-report 6.12-kvm_intel-fail-events "trace-cmd's text of 6.12-kvm_intel-fail-events" 'trace-cmd report trace.dat' gz
derived 7.3-kvm_amd-report 7.3-kvm_amd "trace-cmd's text of 7.3-kvm_amd" 'trace-cmd report trace.dat'
derived 5.10-kvm_intel-fail-report-ns 5.10-kvm_intel-fail "trace-cmd's text with nanoseconds" 'trace-cmd report -t trace.dat' zst
derived 5.10-kvm_intel-fail-events-report-latency 5.10-kvm_intel-fail-events "trace-cmd's text in latency format" 'trace-cmd report -l trace.dat' xz

# arm64: KVM is built in, and the kernel records its own start

boot='ftrace=function_graph ftrace_graph_filter=kvm_arm_init trace_buf_size=20000K'
boot_columns='trace_options=funcgraph-abstime,funcgraph-proc'
boot_events='trace_event=printk:console,initcall:initcall_finish,cpuhp:*'
boot_depth=ftrace_graph_max_depth=7
sample 6.1-arm64 6.1 "arm64:${boot/kvm_arm_init/arm_init}" "KVM initialises at boot: kvm_init does the work in kvm_arch_init" <<'SCRIPT'
boot dat
SCRIPT
sample 6.12-arm64 6.12 "arm64:$boot $boot_columns" "KVM initialises at boot; the same ring buffer as text and as trace-cmd extract" xz "text dat" <<'SCRIPT'
boot text dat
SCRIPT
sample 7.3-arm64-events 7.3 "arm64:$boot $boot_depth $boot_events" "KVM initialises at boot, with the kernel log, the result and the CPUs' enabling as events; seven levels" <<'SCRIPT'
boot dat
SCRIPT
sample 6.12-arm64-cpus 6.12 "arm64:${boot/kvm_arm_init/kvm_arm_init,cpu_hyp_init,kvm_online_cpu} $boot_columns" "with the work of the other CPUs" <<'SCRIPT'
boot text
SCRIPT
sample 7.3-arm64-nvhe 7.3 "arm64:$boot ftrace_graph_max_depth=3 kvm-arm.mode=nvhe" "without VHE: hypervisor code of its own at EL2; three levels" <<'SCRIPT'
boot dat
SCRIPT
sample 6.12-arm64-depth-text 6.12 "arm64:$boot ftrace_graph_max_depth=2" "two levels: what kvm_init calls is not recorded" <<'SCRIPT'
boot text
SCRIPT
sample 6.12-arm64-root-kvm_init 6.12 "arm64:${boot/kvm_arm_init/kvm_init}" "root kvm_init: the text does not tell the architecture, the file does" xz "text dat" <<'SCRIPT'
boot text dat
SCRIPT
sample 6.12-arm64-fail-no-el2 6.12 "arm64-no-el2:$boot" "the kernel was started without EL2: KVM fails at once" xz "text dat" <<'SCRIPT'
boot text dat
SCRIPT
sample 7.3-arm64-fail-no-el2-events 7.3 "arm64-no-el2:$boot $boot_events" "the same, with the kernel log and the result as events" <<'SCRIPT'
boot dat
SCRIPT
sample 6.12-arm64-fail-mode-none 6.12 "arm64:$boot $boot_events kvm-arm.mode=none" "the command line switches KVM off" <<'SCRIPT'
boot dat
SCRIPT
sample 6.12-arm64-fail-no-vtimer 6.12 "arm64-no-vtimer:$boot $boot_columns" "the device tree lacks the virtual timer's interrupt: a failure deep in the init, and its unwind" <<'SCRIPT'
boot text
SCRIPT
sample 7.3-arm64-fail-no-vtimer-events 7.3 "arm64-no-vtimer:$boot $boot_depth $boot_events" "the same, with the kernel log and the result as events; seven levels" <<'SCRIPT'
boot dat
SCRIPT

# riscv64: KVM is one module

sample 6.12-riscv64 6.12 riscv64 "kvm loads" <<SCRIPT
$graph -b 20000 slim modprobe kvm
SCRIPT
sample 7.2-riscv64-text 7.2 riscv64 "kvm loads; text with time and task columns" <<'SCRIPT'
options='funcgraph-abstime funcgraph-proc'
text modprobe kvm
SCRIPT
sample 6.12-riscv64-fail-text 6.12 riscv64-no-h "kvm fails: no H extension; the kernel's text names the init function by address" <<'SCRIPT'
text modprobe kvm
SCRIPT
sample 6.12-riscv64-fail-text-events 6.12 riscv64-no-h "the same, with the events that say why; eight levels" <<'SCRIPT'
for event in printk/console module initcall/initcall_finish; do echo 1 >$T/events/$event/enable; done
depth=8
text modprobe kvm
SCRIPT
sample 7.2-riscv64-fail-events 7.2 riscv64-no-h "kvm fails: no H extension; with the events that say why; eight levels" <<SCRIPT
trace-cmd record -b 20000 --max-graph-depth 8 -p function_graph -g do_init_module $events slim modprobe kvm
SCRIPT
