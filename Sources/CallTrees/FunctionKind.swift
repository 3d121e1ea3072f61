/// What a function's calls stand for in the account of time.
///
/// The tree builder needs it to place interrupts, which ftrace writes at unexpected depths; reports need it to fold noise.
public enum FunctionKind: UInt8, Sendable, Hashable {
  case ordinary
  /// Entry or exit work of an interrupt: its whole subtree is time in interrupts.
  case interrupt
  /// The task gives up its CPU: its whole subtree is time off-CPU (where no `sched_switch` events say it better).
  case sleep
  /// Locks, RCU, allocator internals, printk and the like: folded in trees, never a difference between two kernels.
  case noise

  /// The kind of the kernel function `name`, without any compiler suffix such as `.isra.0` or `.constprop.0`.
  public init(name: String) {
    // By bytes: by characters, the names of a recording take milliseconds.
    let bytes = name.utf8.prefix { $0 != UInt8(ascii: ".") }
    let base = bytes.count == name.utf8.count ? name : String(decoding: bytes, as: UTF8.self)
    func begins(with prefixes: [String]) -> Bool { prefixes.contains { bytes.starts(with: $0.utf8) } }
    if Self.interruptNames.contains(base) || begins(with: Self.interruptPrefixes) {
      self = .interrupt
    } else if Self.sleepNames.contains(base) {
      self = .sleep
    } else if Self.noiseNames.contains(base) || begins(with: Self.noisePrefixes) {
      self = .noise
    } else {
      self = .ordinary
    }
  }

  /// The low-level entry code is not traceable; these are the first functions below it that are (4.19 to 7.3, x86-64, arm64, riscv).
  private static let interruptNames: Set<String> = [
    "irq_enter", "irq_enter_rcu", "irq_exit", "irq_exit_rcu", "__irq_exit_rcu", "do_IRQ", "__common_interrupt", "common_interrupt",
    "scheduler_ipi", "irqentry_enter", "irqentry_exit", "raw_irqentry_exit_cond_resched", "irqentry_exit_cond_resched",
    "__do_softirq", "__softirqentry_text_start", "do_softirq", "handle_softirqs", "handle_irq_event",
    "generic_handle_irq", "generic_handle_domain_irq",
    "handle_domain_irq", "gic_handle_irq", "el1_interrupt", "do_irq", "riscv_intc_irq", "do_interrupt_handler",
    "arch_irq_work_raise", "__hrtimer_rearm_deferred", "exc_nmi", "default_do_nmi", "nmi_handle", "printk_nmi_enter",
    "entering_irq", "exiting_irq", "smp_call_function_interrupt", "generic_smp_call_function_single_interrupt",
    "flush_smp_call_function_from_idle", "riscv_v_context_nesting_start", "riscv_v_context_nesting_end",
  ]
  private static let interruptPrefixes = [
    "__sysvec_", "sysvec_", "smp_apic_timer_interrupt", "smp_irq_work_interrupt", "smp_reschedule_interrupt", "smp_x86_platform_ipi",
  ]

  private static let sleepNames: Set<String> = [
    "schedule", "preempt_schedule", "preempt_schedule_irq", "preempt_schedule_common", "preempt_schedule_notrace", "schedule_user",
    "schedule_idle",
  ]

  private static let noiseNames: Set<String> = [
    "_printk", "printk", "vprintk", "__cond_resched", "_cond_resched", "mutex_lock", "mutex_unlock", "mutex_trylock", "kfree", "kvfree",
    "vfree", "down_read", "up_read", "down_write", "up_write", "kprobe_ftrace_handler", "kretprobe_rethook_handler",
    "arch_rethook_trampoline_callback", "trampoline_handler", "preempt_count_add", "preempt_count_sub", "migrate_disable",
    "migrate_enable", "synchronize_rcu", "call_rcu", "update_rq_clock", "switch_mm_irqs_off", "newidle_balance", "migrate_disable_switch",
    "fpsimd_thread_switch", "hw_breakpoint_thread_switch", "mte_thread_switch", "tls_preserve_current_state",
  ]
  private static let noisePrefixes = [
    "_raw_spin_", "_raw_read_", "_raw_write_", "__rcu_", "rcu_", "__srcu_read_", "__kmalloc", "kmalloc_", "kmem_cache_alloc",
    "kmem_cache_free",
    "jump_label_", "__jump_label_", "text_poke", "smp_text_poke", "static_key_", "arch_jump_label_", "__alloc_pages", "alloc_pages",
    "get_page_from_freelist", "__free_pages", "free_unref_",
    // What the scheduler calls below `__schedule`, which is not traceable: the interrupted function seems to call these.
    "pick_task_", "pick_next_task", "put_prev_task", "set_next_task", "finish_task_switch", "prepare_task_switch", "dequeue_task",
    "enqueue_task", "psi_", "sched_", "__traceiter_sched_", "perf_event_task_sched", "__perf_event_task_sched", "raw_spin_rq_",
  ]
}
