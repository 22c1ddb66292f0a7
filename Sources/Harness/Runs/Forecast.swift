internal import Configuration
internal import Foundation
internal import Storage

/// What a list of runs would cost: from those of the same configuration that are finished, else from rehearsals.
///
/// A rehearsal is the run itself, made in a temporary folder with a few steps of each training and a few rounds of each
/// loop, whose time is multiplied up. One is made for all runs whose settings differ only in the seed and in numbers that
/// cost no time, such as learning rates. A minimum that several runs share is counted once.
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
    /// Nothing.
    case unknown
  }

  /// One run and what is known of it.
  public struct Entry: Sendable {
    /// The run.
    public let run: PlannedRun
    /// "finished", "begun", "to be made" or "unusable".
    public let state: String
    /// What is wrong with an unusable one, or with its rehearsal.
    public internal(set) var detail: String?
    /// The seconds it took or is expected to take, if anything is known.
    public internal(set) var seconds: Double?
    /// What they rest on.
    public internal(set) var basis = Basis.unknown
    /// Whether there is a result.
    public var isFinished: Bool { state == "finished" }
  }

  /// The runs in order.
  public private(set) var entries: [Entry] = []
  /// The most memory that one of them is known to have taken, in bytes.
  public private(set) var peakMemory: Int64?

  /// Looks at the folder of results and rehearses what isn't known, for at most `limit` seconds each (0: not at all).
  /// `announce` is told before each rehearsal. Throws `Interruption` when `cancellation` asks for the end, and what stopped
  /// the first of them, if all failed.
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
    var rehearsed: [String: Rehearsed] = [:]
    for (number, key) in keys.enumerated() where limit > 0 {
      guard let index = waiting.first(where: { entries[$0].run.costKey == key }) else { continue }
      announce("rehearsing \(number + 1) of \(keys.count): \(entries[index].run.label)")
      rehearsed[key] = try Rehearsed(entries[index].run, limit: limit, threads: threads, cancellation)
      try cancellation.check()
      peakMemory = max(peakMemory ?? 0, Harness.peakMemory())
    }
    if let failure = rehearsed.values.first(where: { $0.failure != nil })?.failure,
      rehearsed.count == keys.count, rehearsed.values.allSatisfy({ $0.failure != nil })
    {
      throw failure
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
        if let failure = found.failure { entries[index].detail = "\(failure)" }
      }
    }
  }

  private static func entry(of run: PlannedRun, in folder: ResultsFolder, _ peak: inout Int64?) -> Entry {
    do {
      if try run.existingEnd(in: folder) != nil {
        let provenance = try GroupFile(run.file(in: folder)).attributes(ofGroup: "provenance")
        if let memory = provenance["peak_memory_bytes"]?.integer { peak = max(peak ?? 0, Int64(memory)) }
        return Entry(
          run: run, state: "finished", detail: nil, seconds: provenance["wall_seconds"]?.double, basis: .measured)
      }
      return Entry(
        run: run, state: FileSystem.exists(run.partial(in: folder)) ? "begun" : "to be made", detail: nil, seconds: nil)
    } catch {
      return Entry(run: run, state: "unusable", detail: "\(error)", seconds: nil)
    }
  }

  /// The runs that are not finished and of whose time nothing is known.
  public var unknownCount: Int { entries.count { !$0.isFinished && $0.seconds == nil } }

  /// Whether some of the times are bounds from above.
  public var isBound: Bool { entries.contains { $0.basis == .atMost } }

  /// The seconds until all are finished of which something is known, `nil` where that is none.
  public func secondsLeft(jobs: Int) -> Double? {
    let seconds = entries.filter { !$0.isFinished }.compactMap(\.seconds)
    guard let longest = seconds.max() else { return nil }
    return max(longest, seconds.reduce(0, +) / Double(jobs))
  }
}

/// What a rehearsal said.
private struct Rehearsed {
  private(set) var basis = Forecast.Basis.unknown
  private(set) var failure: HarnessError?
  private var account = Rehearsal.Account()

  init(_ run: PlannedRun, limit: Double, threads: Int, _ stop: Cancellation) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("landscape-rehearsal-\(UUID().uuidString)")
      .path
    let rehearsal = Rehearsal(watch: min(0.3, limit / 10), threads: threads)
    let cancellation = Cancellation(following: stop)
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + limit)
    timer.setEventHandler { cancellation.cancel() }
    timer.resume()
    defer { timer.cancel() }
    var batch = Batch([run], folder: ResultsFolder(path), jobs: 1, threads: threads, cancellation: cancellation)
    batch.rehearsal = rehearsal
    let report = batch.execute()[0]
    if FileSystem.exists(path) { try FileSystem.remove(path) }
    account = rehearsal.account
    switch report.ending {
    case .finished, .diverged: basis = account.mayEndEarly ? .atMost : .rehearsal
    case .skipped, .interrupted:
      if account.fraction > 0.01 {
        account.seconds /= account.fraction
        basis = .rough
      }
    case .failed(let sentence, let code):
      failure = .runsFailed(count: 1, of: 1, sentences: ["\(run.label): \(sentence)"], exitCode: code)
    }
  }

  /// The seconds of a run, without the minima that others have been `counted` with.
  func seconds(of run: PlannedRun, counted: inout Set<String>) -> Double? {
    guard basis != .unknown else { return nil }
    var seconds = account.seconds
    var occurrences: [String: Int] = [:]
    for (recipe, own) in account.minima {
      occurrences[recipe, default: 0] += 1
      let minimum = "\(recipe) \(run.settings.freeKey) seed=\(run.seed) \(occurrences[recipe] ?? 0)"
      if !counted.insert(minimum).inserted { seconds -= own }
    }
    return max(0, seconds)
  }
}

extension PlannedRun {
  /// The same for runs that cost the same.
  fileprivate var costKey: String { "\(experiment) \(settings.costKey)" }
}

extension [KeyedValue] {
  /// All settings but those that change numbers and not the work.
  var costKey: String { joined { !$0 } }
  /// Those.
  fileprivate var freeKey: String { joined { $0 } }

  private func joined(_ isWanted: (_ isFree: Bool) -> Bool) -> String {
    let free: Set<Substring> = ["learning_rate", "weight_decay", "momentum", "label_noise", "seed"]
    return filter { isWanted(free.contains($0.key.split(separator: ".").last ?? "")) }
      .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }
}

extension [String] {
  /// Each once, where it first came.
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
