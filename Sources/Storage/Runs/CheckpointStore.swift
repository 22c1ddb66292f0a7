import Foundation

/// The numbered states of an unfinished run: each whole or absent, the newest two kept.
///
///     let store = CheckpointStore(folder: "results/mode-connectivity/a1b2.partial")
///     try store.save(state, number: 12)
///     let found = try store.newest()
///
/// A checkpoint is the file `checkpoint-<number>.<SHA-256 of its bytes>.h5`: the sum is part of the name, so that file and
/// sum appear in one rename. Only the holder of the run's lock may save.
public struct CheckpointStore: Sendable {
  /// What was found on the disk.
  public struct Found: Sendable, Equatable {
    /// The number of the newest whole checkpoint, or `nil` when there is none.
    public var number: Int?
    /// Its state; empty exactly when there is none.
    public var group: Group
    /// The newer ones that are damaged and were passed over, one error each, to be shown to the user.
    public var damaged: [StorageError]
  }

  /// The folder of the files.
  public let folder: String

  /// Names a folder; it is created at the first `save`.
  public init(folder: String) { self.folder = folder }

  /// Saves a state under a number.
  ///
  /// Afterwards there are this one and the one with the next smaller number; others are removed, those with larger numbers
  /// too, since a run that saves a smaller one has gone back behind them.
  /// - Throws: the errors of `GroupFile.write(_:)`; then the older checkpoints are as they were.
  public func save(_ group: Group, number: Int) throws(StorageError) {
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw StorageError(errorNumber: errno, "write", folder)
    }
    let path = "\(folder)/checkpoint-\(number).h5"
    try group.validate(for: path)
    let target = try AtomicFile(path)
    try GroupFile.fill(target, with: group)
    let name = "checkpoint-\(number).\(try sha256(ofFile: target.temporary)).h5"
    try target.commit(as: name)

    let others = try entries().filter { $0.name != name }
    let kept = others.filter { $0.number < number }.max { $0.number < $1.number }
    for entry in others where entry.name != kept?.name { try remove(entry.name) }
    for name in try names() where name.hasPrefix("checkpoint-") && name.contains(".tmp-") { try remove(name) }
  }

  /// Reads the newest whole checkpoint and verifies its sum.
  ///
  /// A damaged one is passed over in favour of the one before it, and reported.
  /// - Throws: `StorageError` when the folder or a file cannot be read for another reason than damage.
  public func newest() throws(StorageError) -> Found {
    var damaged: [StorageError] = []
    for entry in try entries().sorted(by: { $0.number > $1.number }) {
      let path = "\(folder)/\(entry.name)"
      do throws(StorageError) {
        let digest = try sha256(ofFile: path)
        guard digest == entry.digest else {
          throw StorageError(
            .damaged, "read", path, detail: "its SHA-256 is \(digest), not that of its name",
            mend: "The run goes on from the checkpoint before it.")
        }
        return Found(number: entry.number, group: try GroupFile(path).read(), damaged: damaged)
      } catch {
        guard error.kind == .damaged || error.kind == .foreign else { throw error }
        damaged.append(error)
      }
    }
    return Found(number: nil, group: Group(), damaged: damaged)
  }
}

extension CheckpointStore {
  private struct Entry {
    var name: String
    var number: Int
    var digest: String
  }

  private func entries() throws(StorageError) -> [Entry] {
    try names().compactMap { name in
      guard let match = name.wholeMatch(of: /checkpoint-(-?\d+)\.([0-9a-f]{64})\.h5/), let number = Int(match.1) else {
        return nil
      }
      return Entry(name: name, number: number, digest: String(match.2))
    }
  }

  private func names() throws(StorageError) -> [String] {
    guard access(folder, F_OK) == 0 || errno != ENOENT else { return [] }
    do { return try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
      throw StorageError(.failed, "read", folder, detail: error.localizedDescription, mend: "Check its permissions.")
    }
  }

  private func remove(_ name: String) throws(StorageError) {
    guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else {
      throw StorageError(errorNumber: errno, "remove", "\(folder)/\(name)")
    }
  }
}
