extension Stage { func absence(on: KernelVersion, for: Vendor) -> String { "" } }
