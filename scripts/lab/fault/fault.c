// SPDX-License-Identifier: GPL-2.0
/*
 * Makes one chosen function fail while a module loads.
 *
 *   insmod fault.ko when=kvm_amd function=kvm:kvm_irqfd_init value=-12
 *   modprobe kvm_amd
 *   cat /sys/module/fault/parameters/hits       # 1: it has happened
 *
 * when=      the module whose coming arms the fault; only the task that loads
 *            it is concerned (but see cpu=)
 * function=  NAME or MODULE:NAME, as kprobes take it
 * value=     what the function is made to return
 * after=     count its calls only after that task has entered this function
 * nth=       which call, counted from 1 (default); 0 is every one
 * cpu=       a call on this CPU, of whatever task: callbacks of the CPU
 *            hotplug threads and of interprocessor interrupts
 * run=1      the function runs, and its return value is replaced (default)
 * run=0      it does not run: nothing is left registered or allocated
 * minor=     besides, or instead of all this: a misc device on this minor
 *            from now on (232 is the one of /dev/kvm, 255 any that is free)
 * name=      what that device is called, "busy" if not told
 * svm=       besides, or instead: SVM is switched on on this CPU from now on,
 *            as by another hypervisor
 *
 * delay=     besides, or instead: that module's load sleeps for so many
 *            milliseconds, and no signal ends it
 *
 * Says nothing while the module loads: the kernel log is as that of a real failure.
 *
 * Other probes (those of a recorder) see the replaced value: of several
 * kretprobes of a function the one that was registered first handles the
 * return first.  So run=1 registers its own at once or, for a function of a
 * module that is not there yet, before everybody else who waits for it.
 */
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <asm/msr.h>

static char *when = "", *function = "", *after = "", *name = "busy";
static long value;
static int nth = 1, cpu = -1, run = 1, minor = -1, svm = -1, delay;
static int hits, calls;
module_param(when, charp, 0444);
module_param(function, charp, 0444);
module_param(after, charp, 0444);
module_param(value, long, 0444);
module_param(name, charp, 0444);
module_param(nth, int, 0444);
module_param(cpu, int, 0444);
module_param(run, int, 0444);
module_param(minor, int, 0444);
module_param(svm, int, 0444);
module_param(delay, int, 0444);
module_param(hits, int, 0444);
MODULE_PARM_DESC(hits, "how often it has happened");
module_param(calls, int, 0444);
MODULE_PARM_DESC(calls, "how many calls of the function were counted");

/* The task that loads the module; NULL before it comes and after it is gone. */
static struct task_struct *loader;
static bool begun;

static notrace bool concerned(void)
{
	return loader && (cpu < 0 ? current == loader : raw_smp_processor_id() == cpu);
}

/* Is this call the one? */
static notrace bool chosen(void)
{
	if (!concerned() || !begun)
		return false;
	calls++;
	if (nth && calls != nth)
		return false;
	hits++;
	return true;
}

/* run=1 */

static notrace int entered(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	return chosen() ? 0 : 1;
}

static notrace int returned(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	regs_set_return_value(regs, value);
	return 0;
}

static struct kretprobe on_return = { .entry_handler = entered, .handler = returned, .maxactive = 64 };

/* run=0 */

static noinline notrace void only_return(void)
{
	asm volatile("");
}

static notrace int skipped(struct kprobe *probe, struct pt_regs *regs)
{
	if (!chosen())
		return 0;
	regs_set_return_value(regs, value);
	instruction_pointer_set(regs, (unsigned long)only_return);
	return 1;
}
NOKPROBE_SYMBOL(skipped);

/* A probe with such a handler is not optimised: an optimised one would not heed what the other answers. */
static notrace void after_skipped(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe on_entry;

/*
 * The probe comes behind the call of the function's tracer: so that the tracer
 * has seen the call, and takes it for one of this function.
 */
static int arm_entry(void)
{
	kprobe_opcode_t *call;
	int error;

	on_entry = (struct kprobe){ .pre_handler = skipped, .symbol_name = function };
	error = register_kprobe(&on_entry);
	if (error)
		return error;
	call = on_entry.flags & KPROBE_FLAG_FTRACE ? on_entry.addr : NULL;
	unregister_kprobe(&on_entry);
	if (!call)
		return -EOPNOTSUPP;
	on_entry = (struct kprobe){ .pre_handler = skipped, .post_handler = after_skipped, .addr = call + MCOUNT_INSN_SIZE };
	return register_kprobe(&on_entry);
}

/* after= */

static notrace int after_entered(struct kprobe *probe, struct pt_regs *regs)
{
	if (concerned())
		begun = true;
	return 0;
}

static struct kprobe on_after = { .pre_handler = after_entered };
static bool armed, after_armed;

static int arm_after(void)
{
	int error;

	if (after_armed || !*after)
		return 0;
	on_after = (struct kprobe){ .pre_handler = after_entered, .symbol_name = after };
	error = register_kprobe(&on_after);
	after_armed = !error;
	return error;
}

static int arm(void)
{
	int error;

	if (armed || !*function)
		return 0;
	if (run) {
		on_return = (struct kretprobe){ .entry_handler = entered, .handler = returned,
						.maxactive = 64, .kp.symbol_name = function };
		error = register_kretprobe(&on_return);
	} else {
		error = arm_entry();
	}
	armed = !error;
	return error;
}

static void disarm(void)
{
	if (armed && run)
		unregister_kretprobe(&on_return);
	else if (armed)
		unregister_kprobe(&on_entry);
	if (after_armed)
		unregister_kprobe(&on_after);
	armed = after_armed = false;
}

static int module_changes(struct notifier_block *block, unsigned long state, void *data)
{
	struct module *module = data;
	int error;

	if (strcmp(module->name, when))
		return NOTIFY_DONE;
	switch (state) {
	case MODULE_STATE_COMING:
		error = arm_after();
		if (!error)
			error = arm();
		if (error)
			pr_err("fault: cannot probe %s: %d\n", function, error);
		begun = !*after;
		if (!hits)
			loader = current;
		if (delay)
			msleep(delay);
		break;
	case MODULE_STATE_LIVE:
	case MODULE_STATE_GOING:
		loader = NULL;
		disarm();
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = module_changes, .priority = INT_MAX };

static struct miscdevice busy;
static const struct file_operations busy_operations = { .owner = THIS_MODULE };

/* On the CPU that is concerned. */
static void switch_svm(void *on)
{
	u32 low, high;

	rdmsr(MSR_EFER, low, high);
	low = on ? low | EFER_SVME : low & ~EFER_SVME;
	wrmsr(MSR_EFER, low, high);
}

static int __init fault_init(void)
{
	int error;

	if (svm >= 0) {
		error = smp_call_function_single(svm, switch_svm, &svm, 1);
		if (error)
			return error;
	}
	if (minor >= 0) {
		busy.minor = minor;
		busy.name = name;
		busy.fops = &busy_operations;
		error = misc_register(&busy);
		if (error)
			return error;
	}
	/* What is not there yet comes with the module. */
	error = arm_after();
	if (arm() || error)
		pr_info("fault: %s is awaited\n", *after && error ? after : function);
	return register_module_notifier(&notifier);
}

static void __exit fault_exit(void)
{
	pr_info("fault: %s returned %ld %d times, of %d calls\n", function, value, hits, calls);
	unregister_module_notifier(&notifier);
	disarm();
	if (minor >= 0)
		misc_deregister(&busy);
	if (svm >= 0)
		smp_call_function_single(svm, switch_svm, NULL, 1);
}

module_init(fault_init);
module_exit(fault_exit);
MODULE_DESCRIPTION("makes one function fail while a module loads");
MODULE_LICENSE("GPL");
