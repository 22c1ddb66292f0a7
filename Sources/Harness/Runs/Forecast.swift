internal import Foundation
internal import Storage
internal import Synchronization

/// What a list of runs would cost: from those that are finished, else from the beginning of one.
public struct Forecast: Sendable {
  /// One run and what is known of it.
  public struct Entry: Sendable {
    /// The run.
    public let run: PlannedRun
    /// "finished", "begun", "to be made" or "unusable".
    public let state: String
    /// What is wrong with an unusable one.
    public let detail: String?
    /// The seconds it took or is expected to take, if anything is known.
    public internal(set) var seconds: Double?
    /// Whether there is a result.
    public var isFinished: Bool { state == "finished" }
  }

  /// The runs in order.
  public private(set) var entries: [Entry] = []
  /// The most memory that one of them is known to have taken, in bytes.
  public private(set) var peakMemory: Int64?

  /// Looks at the folder of results; where an experiment has no finished run, the first one is begun in a temporary
  /// folder and stopped after `probeSeconds` (0: not at all).
  public init(_ runs: [PlannedRun], in folder: ResultsFolder, probeSeconds: Double) throws {
    var known: [String: [Double]] = [:]
    for run in runs.unique {
      var entry = Entry(run: run, state: "to be made", detail: nil, seconds: nil)
      do {
        if try run.existingEnd(in: folder) != nil {
          let provenance = try GroupFile(run.file(in: folder)).attributes(ofGroup: "provenance")
          entry = Entry(run: run, state: "finished", detail: nil, seconds: provenance["wall_seconds"]?.double)
          if let seconds = entry.seconds { known[run.experiment, default: []].append(seconds) }
          if let memory = provenance["peak_memory_bytes"]?.integer { peakMemory = max(peakMemory ?? 0, Int64(memory)) }
        } else if FileSystem.exists(run.partial(in: folder)) {
          entry = Entry(run: run, state: "begun", detail: nil, seconds: nil)
        }
      } catch {
        entry = Entry(run: run, state: "unusable", detail: "\(error)", seconds: nil)
      }
      entries.append(entry)
    }
    for index in entries.indices where !entries[index].isFinished {
      let name = entries[index].run.experiment
      if known[name] == nil, probeSeconds > 0 {
        let measured = try probe(entries[index].run, seconds: probeSeconds)
        known[name] = measured.map { [$0] } ?? []
        peakMemory = max(peakMemory ?? 0, Harness.peakMemory())
      }
      if let durations = known[name], !durations.isEmpty {
        entries[index].seconds = durations.reduce(0, +) / Double(durations.count)
      }
    }
  }

  /// The seconds until all are finished, `nil` when one of them is unknown.
  public func secondsLeft(jobs: Int) -> Double? {
    var total = 0.0
    var longest = 0.0
    for entry in entries where !entry.isFinished {
      guard let seconds = entry.seconds else { return nil }
      total += seconds
      longest = max(longest, seconds)
    }
    return max(longest, total / Double(jobs))
  }

  /// How long a run would take, from as much of it as is done in `seconds`; `nil` when it reports no progress.
  private func probe(_ run: PlannedRun, seconds: Double) throws -> Double? {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("landscape-probe-\(UUID().uuidString)")
      .path
    let cancellation = Cancellation()
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + seconds)
    timer.setEventHandler { cancellation.cancel() }
    timer.resume()
    defer { timer.cancel() }
    let display = LastSnapshot()
    let report = Batch([run], folder: ResultsFolder(path), jobs: 1, cancellation: cancellation, display: display)
      .execute()[0]
    if FileSystem.exists(path) { try FileSystem.remove(path) }
    switch report.ending {
    case .finished, .diverged: return report.seconds
    case .failed(let sentence, let code):
      throw HarnessError.runsFailed(count: 1, of: 1, sentences: ["\(run.label): \(sentence)"], exitCode: code)
    case .skipped, .interrupted: return display.expectedSeconds
    }
  }
}

/// Remembers how far the only run of a batch was when last seen.
private final class LastSnapshot: ProgressDisplay {
  private let last = Mutex<ProgressSnapshot.Running?>(nil)

  func show(_ snapshot: ProgressSnapshot) {
    if let running = snapshot.running.first { last.withLock { $0 = running } }
  }
  func tell(_ sentence: String) {}
  func finish() {}

  var expectedSeconds: Double? {
    last.withLock { running in
      guard let running, running.fraction > 0.001 else { return nil }
      return running.seconds / running.fraction
    }
  }
}
