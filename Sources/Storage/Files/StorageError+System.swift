import Foundation

extension StorageError {
  /// A system call that failed.
  init(errorNumber: Int32, _ operation: String, _ path: String, messages: [String] = []) {
    let detail = String(cString: strerror(errorNumber))
    switch errorNumber {
    case ENOENT, ENOTDIR:
      self.init(.missing, operation, path, detail: detail, mend: "Check the path.", messages: messages)
    case ENOSPC, EDQUOT, EFBIG: self.init(noSpaceFor: path, operation, detail: detail, messages: messages)
    case EACCES,
      EPERM where operation == "read":
      self.init(
        .notPermitted, operation, path, detail: detail, mend: "Change its permissions, or read a copy of your own.",
        messages: messages)
    case EACCES, EPERM, EROFS:
      self.init(
        .notPermitted, operation, path, detail: detail,
        mend: "Choose a folder that you may write to, or change its permissions.", messages: messages)
    default:
      self.init(
        .failed, operation, path, detail: detail, mend: "Check the disk or the network folder, and run again.",
        messages: messages)
    }
  }

  /// A disk or a quota that is full.
  package init(
    noSpaceFor path: String, _ operation: String = "write", detail: String = "the disk or the quota is full",
    messages: [String] = []
  ) {
    self.init(
      .noSpace, operation, path, detail: detail,
      mend: "Free some space or raise the quota, and run again: what was complete stays complete.", messages: messages)
  }

  /// HDF5's failure to write a file.
  init(writing error: LibraryError, to path: String) {
    if let number = error.errorNumber {
      self.init(errorNumber: number, "write", path, messages: error.messages)
    } else {
      self.init(
        error.kind ?? .failed, "write", path, detail: "\(error.object): \(error.messages.first ?? "")",
        mend: "Check the disk or the network folder, and run again.", messages: error.messages)
    }
  }

  /// HDF5's failure to read a file that is there.
  init(reading error: LibraryError, from path: String) {
    if error.kind == .absent {
      self.init(
        .absent, "read", path, detail: "\(error.object): \(error.messages.first ?? "")",
        mend: "See what is in it with `landscape inspect`.")
    } else if error.kind == .foreign {
      self.init(
        .foreign, "read", path,
        detail: "it is an HDF5 file that is laid out otherwise (\(error.object): \(error.messages.first ?? ""))",
        mend: "Name a file that this program has written; `h5dump` shows any.", messages: error.messages)
    } else if let number = error.errorNumber, number != 0 {
      self.init(errorNumber: number, "read", path, messages: error.messages)
    } else {
      self.init(
        .damaged, "read", path,
        detail: "it is truncated or damaged (\(error.object): \(error.messages.first ?? ""))",
        mend: "Move it away and run again, or restore it from a copy.", messages: error.messages)
    }
  }
}
