internal import Foundation
internal import Synchronization
internal import Tensors

/// Runs side by side: each on a thread of its own, with the linear algebra's threads set for all of them.
///
/// The results don't depend on how many there are at a time, nor on their order.
public struct Batch: Sendable {
  /// The runs, in the order in which they are begun.
  public var runs: [PlannedRun]
  /// Where the results go.
  public var folder: ResultsFolder
  /// How many runs are under way at a time.
  public var jobs: Int
  /// How many threads the linear algebra of each may use.
  public var threads: Int
  /// The request to stop.
  public var cancellation: Cancellation
  /// Where progress is shown.
  public var display: any ProgressDisplay
  /// Where there is one, the runs are only rehearsed.
  package var rehearsal: Rehearsal?

  /// A batch; repeated runs are made once. As many at a time as the processors have room for, unless `jobs` says otherwise.
  public init(
    _ runs: [PlannedRun], folder: ResultsFolder, jobs: Int? = nil,
    threads: Int = 1, cancellation: Cancellation = Cancellation(), display: any ProgressDisplay = SilentDisplay()
  ) {
    let jobs = jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount / threads)
    precondition(jobs > 0 && threads > 0, "a batch needs at least one job and one thread, not \(jobs) and \(threads)")
    self.runs = runs.unique
    self.folder = folder
    self.jobs = jobs
    self.threads = threads
    self.cancellation = cancellation
    self.display = display
  }

  /// Makes the runs that aren't finished and tells how each ended, in order. A failing run ends no other.
  ///
  /// What killed processes left in the folder of results, and no process holds, is removed before.
  public func execute() -> [RunReport] {
    BLASThreads.set(threads)
    if rehearsal == nil { Leftovers(in: folder).clear { display.tell($0) } }
    let board = Board(runs: runs, jobs: jobs)
    let provenance = RunProvenance()
    let workers = DispatchGroup()
    for _ in 0..<min(jobs, max(1, runs.count)) {
      workers.enter()
      let worker = Thread {
        while let index = board.begin() {
          let execution = RunExecution(
            run: runs[index], folder: folder, threads: threads, cancellation: cancellation, provenance: provenance,
            rehearsal: rehearsal, meter: board.meters[index], notice: { display.tell($0) })
          let report = board.end(index, with: execution.end())
          tell(report, after: board.firstFailure(like: report))
        }
        workers.leave()
      }
      // Graphs and files recurse; the default of some systems, half a megabyte, is too little.
      worker.stackSize = 8 << 20
      worker.start()
    }
    while workers.wait(timeout: .now() + .milliseconds(200)) == .timedOut { display.show(board.snapshot()) }
    display.finish()
    return board.reports()
  }

  /// Tells how a run ended; why it failed only if none has failed so before.
  private func tell(_ report: RunReport, after same: PlannedRun?) {
    switch report.ending {
    case .skipped, .interrupted, .unmade: break
    case .finished:
      let remarks = report.remarks.isEmpty ? "" : ": \(report.remarks.joined(separator: "; "))"
      display.tell("finished \(report.run.label) in \(durationText(report.seconds))\(remarks)")
    case .diverged(let how):
      // Its divergence comes first among the remarks; a file of an older version has none.
      display.tell(
        "diverged \(report.run.label): \((report.remarks.isEmpty ? [how] : report.remarks).joined(separator: "; "))")
    case .failed(let sentence, _):
      display.tell("failed \(report.run.label): \(same.map { "as \($0.label)" } ?? sentence)")
    }
  }
}

/// What the threads of a batch share.
private final class Board: Sendable {
  private struct State {
    var next = 0
    var begun: [Int: ContinuousClock.Instant] = [:]
    var ends: [Int: (end: RunEnd, seconds: Double)] = [:]
    var failures: [String: PlannedRun] = [:]
  }

  let meters: [RunProgress]
  private let runs: [PlannedRun]
  private let jobs: Int
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  init(runs: [PlannedRun], jobs: Int) {
    self.runs = runs
    self.jobs = jobs
    meters = runs.map { _ in RunProgress() }
  }

  func begin() -> Int? {
    state.withLock { state in
      guard state.next < runs.count else { return nil }
      defer { state.next += 1 }
      state.begun[state.next] = .now
      return state.next
    }
  }

  func end(_ index: Int, with end: RunEnd) -> RunReport {
    state.withLock { state in
      let elapsed = state.begun.removeValue(forKey: index).map { $0.duration(to: .now) / .seconds(1) } ?? 0
      let seconds = end.isNew ? elapsed : 0
      state.ends[index] = (end, seconds)
      return RunReport(run: runs[index], ending: end.ending, seconds: seconds, remarks: end.remarks)
    }
  }

  /// The run that failed first with the same sentence, `nil` if it is this one or this one did not fail.
  func firstFailure(like report: RunReport) -> PlannedRun? {
    guard case .failed(let sentence, _) = report.ending else { return nil }
    return state.withLock { state in
      if let first = state.failures[sentence] { return first }
      state.failures[sentence] = report.run
      return nil
    }
  }

  func reports() -> [RunReport] {
    state.withLock { state in
      runs.indices.map { index in
        let (end, seconds) = state.ends[index] ?? (RunEnd(ending: .unmade), 0)
        return RunReport(run: runs[index], ending: end.ending, seconds: seconds, remarks: end.remarks)
      }
    }
  }

  func snapshot() -> ProgressSnapshot {
    state.withLock { state in
      var snapshot = ProgressSnapshot()
      snapshot.total = runs.count
      snapshot.jobs = jobs
      snapshot.seconds = start.duration(to: .now) / .seconds(1)
      for (index, ended) in state.ends {
        switch ended.end.ending {
        case .finished, .diverged, .skipped:
          guard ended.end.isNew else {
            snapshot.skipped += 1
            continue
          }
          snapshot.finished += 1
          snapshot.durations[runs[index].kind, default: []].append(
            meters[index].current.pace(after: ended.seconds).seconds)
        case .failed: snapshot.failed += 1
        case .interrupted, .unmade: break
        }
      }
      for (index, begun) in state.begun.sorted(by: { $0.key < $1.key }) {
        let current = meters[index].current
        snapshot.running.append(
          .init(
            label: runs[index].label, kind: runs[index].kind, fraction: current.fraction, message: current.message,
            pace: current.pace(after: begun.duration(to: .now) / .seconds(1))))
      }
      snapshot.waiting = runs[state.next...].map(\.kind)
      return snapshot
    }
  }
}
