import CHDF5
import Foundation

/// HDF5 as a whole: the one lock around it and the settings that hold for the process.
///
/// Few builds of the library are thread-safe, so every call into it happens inside `exclusively`.
/// The lock is recursive: closing a file in a `deinit` may happen inside another operation.
enum Library {
  private static let lock: NSRecursiveLock = {
    // Files are closed explicitly; a library that closes itself in `exit` would race with a thread still inside it.
    _ = H5dont_atexit()
    _ = H5open()
    return NSRecursiveLock()
  }()

  /// Runs `body` while no other thread is inside HDF5.
  static func exclusively<Result: ~Copyable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    // Errors are collected and thrown, not printed. A thread-safe library keeps this setting for each thread.
    _ = H5Eset_auto2(h5_error_stack(), nil, nil)
    return try body()
  }
}
