import Foundation
import Synchronization

/// The right to work on a run, held by one thread of one process: the file `lock` in the run's folder of partial results.
///
///     let lock = try RunLock(folder: "results/mode-connectivity/a1b2.partial")
///     defer { lock.release() }
///
/// Taking it is a hard link, which one taker alone can make, on network folders too. A lock whose process is gone is
/// replaced by a rename, one taker at a time under a `flock` on `lock.takeover`; only a process on the same machine can
/// tell that another is gone, so that this second lock need not reach further.
public final class RunLock: Sendable {
  /// Who works on a run.
  public struct Holder: Sendable, Equatable, Codable, CustomStringConvertible {
    /// The machine.
    public var host: String
    /// The process.
    public var process: Int32
    /// Since when, in UTC: "2026-01-31T12:00:00Z".
    public var since: String
    /// What tells the process from a later one of the same id.
    var startMark: String
    /// What tells this lock from every other.
    var token: String

    /// For example "process 4711 on node7 since 2026-01-31T12:00:00Z".
    public var description: String { "process \(process) on \(host) since \(since)" }

    /// Whether it is this process, by another of its threads.
    public var isThisProcess: Bool {
      host == ProcessIdentity.host && process == getpid() && ProcessIdentity.startMark(of: process) == startMark
    }

    /// Whether the process is known to be gone: it ran on this machine, and does no more.
    var isGone: Bool { host == ProcessIdentity.host && ProcessIdentity.startMark(of: process) != startMark }
  }

  /// The folder that is locked.
  public let folder: String
  /// Who holds the lock: this process.
  public let holder: Holder

  private let isHeld = Mutex(true)
  private var path: String { "\(folder)/lock" }

  /// Takes the lock, and creates the folder when it is not there.
  ///
  /// - Throws: `StorageError` of the kind `held` that names the holder; or that the folder cannot be written.
  public init(folder: String) throws(StorageError) {
    self.folder = folder
    self.holder = Holder(
      host: ProcessIdentity.host, process: getpid(), since: Date.now.formatted(.iso8601),
      startMark: ProcessIdentity.startMark(of: getpid()) ?? "", token: UUID().uuidString)
    // A finishing run may remove its folder between two steps of this; then it begins again.
    for attempt in 1...3 {
      do throws(StorageError) {
        try RunLock.take(folder, for: holder)
        return
      } catch {
        if error.kind != .missing || attempt == 3 { throw error }
      }
    }
  }

  deinit { release() }

  /// Gives the lock up; a second call does nothing. What else is in the folder stays.
  public func release() {
    isHeld.withLock { isHeld in
      defer { isHeld = false }
      guard isHeld else { return }
      // Whoever removed the folder by hand and started the run again has a lock of their own there.
      do throws(StorageError) {
        if try RunLock.read(folder) == holder { unlink(path) }
      } catch {
        // What cannot be read any more is not this lock.
      }
    }
  }

  /// Removes the folder with everything in it, and with it the lock: the run is finished.
  ///
  /// The folder is renamed first, so that a process that starts the same run meanwhile finds it whole or not at all.
  /// - Throws: `StorageError` when it cannot be renamed or removed.
  public func removeFolder() throws(StorageError) {
    let doomed = "\(folder).removed-\(holder.token)"
    guard rename(folder, doomed) == 0 else { throw StorageError(errorNumber: errno, "remove", folder) }
    isHeld.withLock { $0 = false }
    try RunLock.remove(doomed)
  }

  /// Removes a folder with everything in it, its lock at last, so that it says whose it is as long as it holds anything.
  /// Somebody else may be removing it as well.
  /// - Throws: `StorageError` when something can't be removed.
  public static func remove(_ folder: String) throws(StorageError) {
    do {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name != "lock" {
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
      try FileManager.default.removeItem(atPath: folder)
    } catch {
      if access(folder, F_OK) != 0, errno == ENOENT { return }
      throw StorageError(
        .failed, "remove", folder, detail: error.localizedDescription, mend: "Remove the folder by hand.")
    }
  }

  /// Who works on the run of a folder, or `nil` when nobody does. A process known to be gone is nobody.
  public static func holder(of folder: String) throws(StorageError) -> Holder? {
    let holder = try read(folder)
    return holder?.isGone == true ? nil : holder
  }
}

extension RunLock {
  private static func take(_ folder: String, for holder: Holder) throws(StorageError) {
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw StorageError(errorNumber: errno, "lock", folder)
    }
    let own = "\(folder)/lock.\(holder.token)"
    defer { unlink(own) }
    try write(holder, to: own, for: folder)
    if link(own, "\(folder)/lock") == 0 { return }
    guard errno == EEXIST else { throw StorageError(errorNumber: errno, "lock", folder) }
    try takeOver(folder, with: own)
  }

  private static func write(_ holder: Holder, to path: String, for folder: String) throws(StorageError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    let record: Data
    do { record = try encoder.encode(holder) } catch {
      throw StorageError(.failed, "lock", folder, detail: "\(error)", mend: "Report this error.")
    }
    guard let file = fopen(path, "w") else { throw StorageError(errorNumber: errno, "lock", folder) }
    let written = record.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    let number = errno
    // Closing writes what is still in the buffer.
    let closed = fclose(file)
    guard written == record.count else { throw StorageError(errorNumber: number, "lock", folder) }
    guard closed == 0 else { throw StorageError(errorNumber: errno, "lock", folder) }
  }

  /// The record in a folder's lock, or `nil` when there is no lock.
  private static func read(_ folder: String) throws(StorageError) -> Holder? {
    let path = "\(folder)/lock"
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      if access(path, F_OK) != 0, errno == ENOENT || errno == ENOTDIR { return nil }
      throw StorageError(.failed, "read", path, detail: error.localizedDescription, mend: "Check its permissions.")
    }
    do { return try JSONDecoder().decode(Holder.self, from: data) } catch {
      throw StorageError(
        .damaged, "read", path, detail: "it does not say who holds the run",
        mend: "Remove the file if no process works on the run.")
    }
  }

  /// Replaces a lock whose process is gone.
  private static func takeOver(_ folder: String, with own: String) throws(StorageError) {
    let path = "\(folder)/lock"
    let guardian = open("\(path).takeover", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard guardian >= 0 else { throw StorageError(errorNumber: errno, "lock", folder) }
    defer { close(guardian) }
    guard flock(guardian, LOCK_EX) == 0 else { throw StorageError(errorNumber: errno, "lock", folder) }
    // Nobody else takes over now; the record is read again, because somebody may have done so before.
    while true {
      if let holder = try read(folder) {
        guard holder.isGone else {
          throw StorageError(
            .held(holder), "lock", folder, detail: "\(holder) works on it", mend: mend(of: holder, in: folder))
        }
        guard rename(own, path) == 0 else { throw StorageError(errorNumber: errno, "lock", folder) }
        return
      }
      // It was released meanwhile, and may be taken by somebody who need not take it over.
      if link(own, path) == 0 { return }
      guard errno == EEXIST else { throw StorageError(errorNumber: errno, "lock", folder) }
    }
  }

  /// What to do about a holder. Whether one on another machine lives can't be told from here, but how long its folder has
  /// been still can.
  private static func mend(of holder: Holder, in folder: String) -> String {
    if holder.host == ProcessIdentity.host { return "Wait for it, or stop it." }
    let still = stillness(of: folder).map { "Nothing in \(folder) has changed for \($0). " } ?? ""
    return still + "Wait for it; if that process no longer runs on \(holder.host), remove \(folder)/lock and run again."
  }

  /// The time since the newest change of a file in the folder, such as "3 h 5 min"; `nil` where that can't be read.
  private static func stillness(of folder: String) -> String? {
    guard let names = FileManager.default.enumerator(atPath: folder) else { return nil }
    var newest: Int?
    for case let name as String in names where !name.contains("lock") {
      var status = stat()
      if stat("\(folder)/\(name)", &status) == 0 { newest = max(newest ?? .min, Int(status.st_mtim.tv_sec)) }
    }
    var status = stat()
    if stat("\(folder)/lock", &status) == 0 { newest = max(newest ?? .min, Int(status.st_mtim.tv_sec)) }
    return newest.map { changed in
      let minutes = max(0, Int(Date.now.timeIntervalSince1970) - changed) / 60
      return minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }
  }
}
