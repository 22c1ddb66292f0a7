import Foundation
import Synchronization

/// A file that appears under its name only when it is whole.
///
/// It is written beside its final place, synced, renamed, and then the folder is synced: a process or machine that stops at
/// any instant leaves the old file or the new one.
struct AtomicFile {
  /// The final place.
  let path: String
  /// Where it is written: the path, ".tmp-", the process id and a number of its own.
  let temporary: String

  private static let counter = Atomic<Int>(0)

  /// Creates the empty temporary file, so that a missing folder or permission is told by the system itself.
  init(_ path: String) throws(StorageError) {
    let number = AtomicFile.counter.add(1, ordering: .relaxed).newValue
    self.path = path
    self.temporary = "\(path).tmp-\(getpid())-\(number)"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw StorageError(errorNumber: errno, "write", path) }
    close(descriptor)
  }

  /// Writes a whole file.
  static func write(_ bytes: [UInt8], to path: String) throws(StorageError) {
    let target = try AtomicFile(path)
    do throws(StorageError) { try target.fill(with: bytes) } catch {
      target.discard()
      throw error
    }
    try target.commit()
  }

  private func fill(with bytes: [UInt8]) throws(StorageError) {
    guard let file = fopen(temporary, "wb") else { throw StorageError(errorNumber: errno, "write", path) }
    let written = fwrite(bytes, 1, bytes.count, file)
    let failure = errno
    // Closing writes what is still in the buffer.
    let closed = fclose(file)
    guard written == bytes.count else { throw StorageError(errorNumber: failure, "write", path) }
    guard closed == 0 else { throw StorageError(errorNumber: errno, "write", path) }
  }

  /// Makes what was written durable and gives it its name, or another one in the same folder.
  func commit(as name: String? = nil) throws(StorageError) {
    do throws(StorageError) {
      let final = name.map { "\(folder(of: path))/\($0)" } ?? path
      try AtomicFile.sync(temporary, for: final)
      guard rename(temporary, final) == 0 else { throw StorageError(errorNumber: errno, "write", final) }
      try AtomicFile.sync(folder(of: final), for: final)
    } catch {
      discard()
      throw error
    }
  }

  /// Removes what was written so far.
  func discard() { unlink(temporary) }

  /// Waits until a file or folder is on the disk.
  static func sync(_ path: String, for final: String) throws(StorageError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError(errorNumber: errno, "write", final) }
    let status = fsync(descriptor)
    let number = errno
    close(descriptor)
    // Some network file systems cannot sync a folder and say so by EINVAL.
    guard status == 0 || number == EINVAL else { throw StorageError(errorNumber: number, "write", final) }
  }
}

/// The folder that a path lies in, "." when it has none.
func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The last component of a path.
func fileName(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
