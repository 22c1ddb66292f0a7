internal import Foundation
internal import Storage

/// What processes that were killed while they ended a run left behind: files on their way to their name, folders on their
/// way out, the state of runs whose file is whole.
///
/// Nothing is touched that a process holds or may hold: whether one on another machine lives can't be told from here. Nor is
/// what could be the only copy of work: state is removed only beside the whole file that it led to.
struct Leftovers {
  private let folder: ResultsFolder

  init(in folder: ResultsFolder) { self.folder = folder }

  /// Removes them. What can't be removed is told to `notice` and stays.
  func clear(_ notice: (String) -> Void) {
    do throws(HarnessError) {
      for experiment in try FileSystem.names(in: folder.path) {
        let place = "\(folder.path)/\(experiment)"
        guard FileSystem.isFolder(place) else { continue }
        for name in try FileSystem.names(in: place) {
          do { try clear(name, in: place, experiment) } catch let error as StorageError {
            // Who holds it will end it.
            if case .held = error.kind { continue }
            notice("\(error)")
          } catch {
            notice("\(error)")
          }
        }
      }
    } catch {
      notice("\(error)")
    }
  }

  private func clear(_ name: String, in place: String, _ experiment: String) throws {
    guard let match = name.wholeMatch(of: /([0-9a-f]{16})\.(partial|partial\.removed-.+|h5\.tmp-\d+-\d+)/) else {
      return
    }
    let (path, id) = ("\(place)/\(name)", String(match.1))
    let (file, partial) = ("\(place)/\(id).h5", "\(place)/\(id).partial")
    switch match.2 {
    case "partial": try clearState(partial, of: file, experiment, id)
    case let kind where kind.hasPrefix("partial"): try clearRemoved(path, of: file)
    default: try clearTemporary(path, of: file, partial)
    }
  }

  /// The state of a finished run, made with the file's own configuration.
  private func clearState(_ partial: String, of file: String, _ experiment: String, _ id: String) throws {
    guard FileSystem.exists(file), try RunLock.holder(of: partial) == nil else { return }
    let lock = try RunLock(folder: partial)
    defer { lock.release() }
    guard isWhole(file, experiment, id) else { return }
    let begun = "\(partial)/configuration.yaml"
    if FileSystem.exists(begun) {
      let stored: String = try GroupFile(file).variable("configuration/yaml").value()
      guard try FileSystem.read(begun, mend: "it vanished while it was read") == Array(stored.utf8) else { return }
    }
    try lock.removeFolder()
  }

  /// A file that is damaged is no copy of anything.
  private func isWhole(_ file: String, _ experiment: String, _ id: String) -> Bool {
    do throws(StorageError) {
      let header = try RunFile.header(of: file)
      return header.runID == id && header.experiment == experiment
    } catch { return false }
  }

  /// A folder that was to be removed. Its lock is what goes last, so that it says whose it is as long as it holds anything.
  private func clearRemoved(_ path: String, of file: String) throws {
    guard FileSystem.exists(file), try RunLock.holder(of: path) == nil else { return }
    try RunLock.remove(path)
  }

  /// A file that was being written, by whoever held the run's lock.
  private func clearTemporary(_ path: String, of file: String, _ partial: String) throws {
    guard FileSystem.exists(partial) else {
      if FileSystem.exists(file) { try FileSystem.remove(path) }
      return
    }
    let lock = try RunLock(folder: partial)
    defer { lock.release() }
    if FileSystem.exists(path) { try FileSystem.remove(path) }
  }
}
