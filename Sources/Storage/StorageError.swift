/// What can go wrong between a program and its files.
///
/// `description` is one plain sentence that names the file and what to do; `messages` is HDF5's own account.
public struct StorageError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What a caller may want to tell apart.
  public enum Kind: Sendable, Equatable {
    /// The file or folder is not there.
    case missing
    /// The file is there, the object in it that was asked for is not.
    case absent
    /// The file is not HDF5, or not one of ours.
    case foreign
    /// The file is one of ours, truncated or otherwise damaged.
    case damaged
    /// The file was written by a program with a newer major version of the format.
    case newerFormat
    /// The disk or the quota is full.
    case noSpace
    /// The permissions of the file or folder forbid it.
    case notPermitted
    /// What was to be written cannot stand in a file, or what was read is of another type.
    case invalidContent
    /// Another process, or another thread of this one, works on the run.
    case held(RunLock.Holder)
    /// Everything else: a disk that fails, a network folder that went away.
    case failed
  }

  /// What can be told apart.
  public let kind: Kind
  /// What was tried, as a verb: "read", "write", "lock".
  public let operation: String
  /// The file, or the path within a tree.
  public let path: String
  /// Why it failed.
  public let detail: String
  /// What to do about it.
  public let mend: String
  /// The library's error stack, innermost first; empty where HDF5 had no part in it.
  public let messages: [String]

  /// Creates an error.
  public init(
    _ kind: Kind, _ operation: String, _ path: String, detail: String, mend: String, messages: [String] = []
  ) {
    self.kind = kind
    self.operation = operation
    self.path = path
    self.detail = detail
    self.mend = mend
    self.messages = messages
  }

  /// For example "cannot write results/a.h5: No space left on device. Free some space and run again: ...".
  public var description: String { "cannot \(operation) \(path): \(detail). \(mend)" }
}
