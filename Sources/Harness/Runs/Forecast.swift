internal import Storage

/// What a list of runs would cost: from those of the same configuration that are finished, else from rehearsals.
///
/// A rehearsal is the run itself, made in a temporary folder with a few steps of each training and a few rounds of each
/// loop, whose time is multiplied up. One is made for all runs whose settings differ only in the seed and in numbers that
/// cost no time, such as learning rates; of more than three runs that differ in one number, such as a width, three are
/// rehearsed and the times of the others lie between. A minimum that several runs share is counted once.
public struct Forecast: Sendable {
  /// What a run's time rests on.
  public enum Basis: String, Sendable {
    /// It is finished.
    case measured
    /// Runs of the same configuration are finished.
    case finishedRuns = "finished runs"
    /// A rehearsal.
    case rehearsal
    /// A rehearsal, in which a training may end before its last step.
    case atMost = "at most"
    /// A rehearsal that took too long and was stopped: by the share of the run that it had seen.
    case rough
    /// A rehearsal that was stopped before a hundredth of the run was made: by what it had seen till then.
    case atLeast = "at least"
    /// Nothing.
    case unknown
  }

  /// One run and what is known of it.
  public struct Entry: Sendable {
    /// The run.
    public let run: PlannedRun
    /// Its state.
    public let state: RunState
    /// Who works on it, why it failed, what is wrong with its file.
    public internal(set) var detail: String?
    /// Why its rehearsal failed.
    public internal(set) var problem: String?
    /// The seconds it took or is expected to take still, if anything is known.
    public internal(set) var seconds: Double?
    /// What they rest on.
    public internal(set) var basis = Basis.unknown
    /// Whether there is a result.
    public var isFinished: Bool { state == .finished || state == .diverged }
  }

  /// The runs in order.
  public private(set) var entries: [Entry] = []
  /// Why nothing could be rehearsed, where every rehearsal failed.
  public private(set) var failure: HarnessError?
  /// The most memory that one of them is known to have taken, in bytes.
  public private(set) var peakMemory: Int64?

  /// Looks at the folder of results and rehearses what isn't known, for some `limit` seconds of
  /// processor time in all (0: not at all).
  /// `announce` is told before each rehearsal. Of a run that was begun, the part that is left is counted. Throws
  /// `Interruption` when `cancellation` asks for the end.
  public init(
    _ runs: [PlannedRun], in folder: ResultsFolder, rehearsing limit: Double, threads: Int = 1,
    cancellation: Cancellation = Cancellation(), announce: (String) -> Void = { _ in }
  ) throws {
    var known: [String: [Double]] = [:]
    for run in runs.unique {
      entries.append(Self.entry(of: run, in: folder, &peakMemory))
      if let seconds = entries[entries.count - 1].seconds { known[run.costKey, default: []].append(seconds) }
    }
    let waiting = entries.indices.filter { !entries[$0].isFinished }
    let keys = waiting.map { entries[$0].run.costKey }.filter { known[$0] == nil }.uniqued
    let rehearsed = try limit > 0 ? rehearse(keys, waiting, limit, threads, cancellation, announce) : [:]
    let failures = keys.compactMap { rehearsed[$0]?.failure }
    if let failure = failures.first, failures.count == keys.count {
      self.failure = .rehearsalsFailed(failure.sentence, exitCode: failure.exitCode)
    }
    var counted: Set<String> = []
    for index in waiting {
      let key = entries[index].run.costKey
      if let durations = known[key] {
        entries[index].seconds = durations.reduce(0, +) / Double(durations.count)
        entries[index].basis = .finishedRuns
      } else if let found = rehearsed[key] {
        entries[index].basis = found.basis
        entries[index].seconds = found.seconds(of: entries[index].run, counted: &counted)
        entries[index].problem = found.failure?.sentence
      }
      let made = try PaceRecord(entries[index].run.partial(in: folder)).read().fraction
      entries[index].seconds = entries[index].seconds.map { (1 - made) * $0 }
    }
  }

  /// One rehearsal for each cost, or for some costs of a family. The time goes in equal shares to those that are left; one
  /// may take more as long as half a share stays for each of the others.
  private mutating func rehearse(
    _ keys: [String], _ waiting: [Int], _ limit: Double, _ threads: Int, _ cancellation: Cancellation,
    _ announce: (String) -> Void
  ) throws -> [String: Rehearsed] {
    var runs: [String: PlannedRun] = [:]
    for index in waiting.reversed() { runs[entries[index].run.costKey] = entries[index].run }
    let families = CostFamily.families(of: runs)
    let chosen = keys.filter { key in !families.contains { $0.lacks(key) } }
    var rehearsed: [String: Rehearsed] = [:]
    var took: [String: Double] = [:]
    let memory = RehearsalMemory()
    let start = processorSeconds()
    for (number, key) in chosen.enumerated() {
      let begun = processorSeconds()
      let (left, count) = (max(0, limit - (begun - start)), Double(chosen.count - number))
      let isTooLarge = families.contains { $0.isTooLarge(key, limit: left / 2, took: took) }
      guard let run = runs[key], !isTooLarge else { continue }
      announce("rehearsing \(number + 1) of \(chosen.count), some \(durationText(left)) left: \(run.label)")
      rehearsed[key] = try Rehearsed(
        run, share: left / count, limit: max(left / count, left - (count - 1) * limit / Double(2 * chosen.count)),
        threads: threads, memory: memory, cancellation)
      try cancellation.check()
      took[key] = processorSeconds() - begun
      peakMemory = max(peakMemory ?? 0, Harness.peakMemory())
    }
    try repeatStopped(chosen, runs, limit, threads, memory, cancellation, announce, in: &rehearsed)
    for family in families { rehearsed.merge(family.others(rehearsed)) { own, _ in own } }
    return rehearsed
  }

  /// Makes the rehearsals that had to be stopped once more, with up to `limit` seconds of their own in all: a run that is
  /// dear to rehearse is mostly dear to make, so that the total hangs on the guess.
  private func repeatStopped(
    _ keys: [String], _ runs: [String: PlannedRun], _ limit: Double, _ threads: Int, _ memory: RehearsalMemory,
    _ cancellation: Cancellation, _ announce: (String) -> Void, in rehearsed: inout [String: Rehearsed]
  ) throws {
    // The only one had all the time before.
    guard keys.count > 1 else { return }
    let stopped = keys.filter { [.rough, .atLeast].contains(rehearsed[$0]?.basis) }
    let end = processorSeconds() + limit
    for (number, key) in stopped.enumerated() {
      let left = (end - processorSeconds()) / Double(stopped.count - number)
      guard let run = runs[key], left > limit / Double(keys.count) else { continue }
      announce("rehearsing once more, for up to \(durationText(left)): \(run.label)")
      let again = try Rehearsed(run, share: left, limit: left, threads: threads, memory: memory, cancellation)
      try cancellation.check()
      if again.basis != .unknown { rehearsed[key] = again }
    }
  }

  private static func entry(of run: PlannedRun, in folder: ResultsFolder, _ peak: inout Int64?) -> Entry {
    do {
      if let end = try run.existingEnd(in: folder) {
        let provenance = try GroupFile(run.file(in: folder)).attributes(ofGroup: "provenance")
        if let memory = provenance["peak_memory_bytes"]?.integer { peak = max(peak ?? 0, Int64(memory)) }
        let seconds = provenance["wall_seconds"]?.double.map { $0 + (provenance["earlier_wall_seconds"]?.double ?? 0) }
        return Entry(
          run: run, state: end.ending == .skipped ? .finished : .diverged, seconds: seconds, basis: .measured)
      }
      let partial = run.partial(in: folder)
      let (state, detail) = FileSystem.exists(partial) ? folder.unfinishedState(of: partial) : (.unmade, nil)
      return Entry(run: run, state: state, detail: detail)
    } catch {
      return Entry(run: run, state: .damaged, detail: "\(error)")
    }
  }

  /// The runs that are not finished and of whose time nothing is known.
  public var unknownCount: Int { entries.count { !$0.isFinished && $0.seconds == nil } }

  /// Whether some of the times are bounds from above.
  public var isBound: Bool { entries.contains { $0.basis == .atMost } }

  /// Whether some of the times are bounds from below.
  public var isBoundFromBelow: Bool { entries.contains { $0.basis == .atLeast } }

  /// The seconds until all are finished of which something is known, `nil` where that is none.
  public func secondsLeft(jobs: Int) -> Double? {
    let seconds = entries.filter { !$0.isFinished }.compactMap(\.seconds)
    guard let longest = seconds.max() else { return nil }
    return max(longest, seconds.reduce(0, +) / Double(jobs))
  }
}

extension PlannedRun {
  /// The same for runs that cost the same.
  fileprivate var costKey: String { "\(experiment) \(settings.costKey)" }
}

extension [String] {
  /// Each once, where it first came.
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
