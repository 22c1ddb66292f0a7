internal import Foundation
internal import Storage

/// A run as it lies in the folder of results, whether or not it is part of any sweep.
public struct StoredRun: Sendable, Hashable {
  /// The experiment's name, or "minima".
  public let experiment: String
  /// The run's name.
  public let id: String
  /// Its seed, where a file says so.
  public let seed: Int?
  /// What varied in the sweep that it was made in, such as "width=8 learning_rate=0.1".
  public var varied = ""
  /// Its state.
  public let state: RunState
  /// Who works on it, why it failed, or what is wrong with it.
  public let detail: String?
  /// What its file remarks on.
  public var remarks: [String] = []
  /// Its file, or the folder of its unfinished state.
  public let path: String
}

extension ResultsFolder {
  /// The runs in the folder by experiment and name; none if there is no folder. Cost: each file's header is read.
  public func inventory() throws(HarnessError) -> [StoredRun] {
    var found: [StoredRun] = []
    for experiment in try FileSystem.names(in: path) {
      let folder = "\(path)/\(experiment)"
      guard FileSystem.isFolder(folder) else { continue }
      var ended: Set<String> = []
      for name in try FileSystem.names(in: folder) {
        if name.hasSuffix(".h5") {
          let run = finished(experiment, String(name.dropLast(3)), at: "\(folder)/\(name)")
          found.append(run)
          if run.state != .damaged { ended.insert(run.id) }
        } else if name.hasSuffix(".partial"), !ended.contains(String(name.dropLast(8))) {
          // Beside a whole file it is what a killed process left; names come in order, the file's first.
          found.append(unfinished(experiment, String(name.dropLast(8)), at: "\(folder)/\(name)"))
        }
      }
    }
    return found
  }

  private func finished(_ experiment: String, _ id: String, at path: String) -> StoredRun {
    do {
      let header = try RunFile.header(of: path)
      return StoredRun(
        experiment: experiment, id: id, seed: header.seed,
        varied: PlannedRun.varied(inLabel: header.title, experiment: experiment, id: id),
        state: header.status == .diverged ? .diverged : .finished, detail: nil, remarks: header.remarks, path: path)
    } catch {
      return StoredRun(experiment: experiment, id: id, seed: nil, state: .damaged, detail: error.detail, path: path)
    }
  }

  private func unfinished(_ experiment: String, _ id: String, at path: String) -> StoredRun {
    let (state, detail) = unfinishedState(of: path)
    var varied = ""
    do throws(HarnessError) {
      let label = try FileSystem.read(PlannedRun.labelFile(in: path), mend: "its run has not begun")
      varied = PlannedRun.varied(inLabel: String(decoding: label, as: UTF8.self), experiment: experiment, id: id)
    } catch {
      // A minimum has no label, nor what an older version began.
    }
    return StoredRun(
      experiment: experiment, id: id, seed: nil, varied: varied, state: state, detail: detail, path: path)
  }

  /// The state of a run that has a folder and no file: who works on it, or why it failed.
  func unfinishedState(of partial: String) -> (state: RunState, detail: String?) {
    do throws(StorageError) {
      if let holder = try RunLock.holder(of: partial) { return (.running, "\(holder)") }
    } catch {
      return (.interrupted, error.detail)
    }
    do throws(HarnessError) {
      guard let reason = try FailureRecord(partial).reason else { return (.interrupted, nil) }
      return (.failed, reason)
    } catch {
      return (.failed, "\(error)")
    }
  }
}
