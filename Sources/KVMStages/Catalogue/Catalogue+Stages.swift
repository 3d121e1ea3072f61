extension Catalogue {
  /// Every stage, in the order of the init documentation; what newer kernels added stands where it runs.
  public static let stages: [Stage] = [
    moduleLoad, kvmKoModuleInit, vendorEntry, vendorSupportCheck, evmcsInit, earlyVmcsConfig, x86VendorInit, kvmInit,
    archInit, cpuFeatureCheck, fpuCache, emulatorCache, userReturnMsrs, mmuVendorInit, setKvmX86Ops, mmuPteMasks,
    timerInit, lapicInit, piInjectTimer, pvclockNotifier, perfCallbacks, irqfdInit, hwEnabledMask, archHardwareSetup,
    pmuCapability, vendorHardwareSetup, userReturnMsrDefine, vmcsConfig, hwChecks, nestedSetup, cpuCaps,
    postedIntrWakeup, vmxonRegionAlloc, coreVirtBoot, svmIopmAlloc, sevSetup, svmCpuData, avicSetup, msrList,
    cpuCompatCheck, cpuhpRegister, hardwareEnableCpu, rebootNotifier, vcpuCache, cpuKickMask, asyncPf, fopsOwner,
    miscRegister, syscoreOps, preemptOps, debugfs, vfio, gmem, virtualizationEnable, emergencyCallback, l1dFlush,
    piInitCpu, tdx, armHypMode, armTargetCpu, armSysregTable, armIpaSveVmid, armHypInit, armSubsystems, armFinalize,
    riscvExtCheck, riscvNacl, riscvGstage, riscvAia, riscvPm,
  ]
}
