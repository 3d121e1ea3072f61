/// Names of the kernel's error numbers (asm-generic/errno-base.h and errno.h; the same on x86, arm64 and riscv).
public enum ErrnoName {
  private static let names: [Int64: String] = [
    1: "EPERM", 2: "ENOENT", 3: "ESRCH", 4: "EINTR", 5: "EIO", 6: "ENXIO", 7: "E2BIG", 8: "ENOEXEC", 9: "EBADF", 10: "ECHILD",
    11: "EAGAIN", 12: "ENOMEM", 13: "EACCES", 14: "EFAULT", 15: "ENOTBLK", 16: "EBUSY", 17: "EEXIST", 18: "EXDEV", 19: "ENODEV",
    20: "ENOTDIR", 21: "EISDIR", 22: "EINVAL", 23: "ENFILE", 24: "EMFILE", 25: "ENOTTY", 26: "ETXTBSY", 27: "EFBIG", 28: "ENOSPC",
    29: "ESPIPE", 30: "EROFS", 31: "EMLINK", 32: "EPIPE", 33: "EDOM", 34: "ERANGE", 35: "EDEADLK", 36: "ENAMETOOLONG", 38: "ENOSYS",
    61: "ENODATA", 71: "EPROTO", 74: "EBADMSG", 75: "EOVERFLOW", 84: "EILSEQ", 95: "EOPNOTSUPP", 110: "ETIMEDOUT", 114: "EALREADY",
    125: "ECANCELED", 126: "ENOKEY", 127: "EKEYEXPIRED", 128: "EKEYREVOKED", 129: "EKEYREJECTED", 512: "ERESTARTSYS",
    517: "EPROBE_DEFER", 524: "ENOTSUPP",
  ]

  /// `EOPNOTSUPP` for -95; nil for a code that is no negative errno or has no known name.
  public static func name(_ code: Int64) -> String? {
    guard code < 0, code > Int64.min else { return nil }
    return names[-code]
  }

  /// Whether a return value lies in the kernel's error range, -4095 to -1.
  public static func isError(_ code: Int64) -> Bool { code < 0 && code >= -4095 }
}

extension ErrnoName {
  private static let codes = Dictionary(names.map { ($0.value, -$0.key) }, uniquingKeysWith: { first, _ in first })

  /// -95 for `EOPNOTSUPP`; nil for an unknown name.
  public static func code(_ name: String) -> Int64? { codes[name] }
}
