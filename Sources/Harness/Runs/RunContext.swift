public import Storage
public import Tensors

/// What a run is given: its seed and key, threads, progress, cancellation, and a memory of what it has already done.
///
/// A context belongs to the thread of its run.
public final class RunContext {
  /// The run's seed.
  public let seed: Int
  /// The key of that seed: every random choice of the run takes a child of it.
  public let key: Key
  /// The number of threads that linear algebra may use; it is set already.
  public let threads: Int
  /// The run's name within its experiment.
  public let runID: String
  /// The folder of the run's unfinished state, gone when the run is finished.
  public let partialFolder: String
  /// The folder of all results, which trained minima are shared in.
  public let results: ResultsFolder

  let cancellation: Cancellation
  let provenance: RunProvenance
  let rehearsal: Rehearsal?
  /// The last results of computations that are repeated, in a rehearsal.
  var lastResults: [String: Any] = [:]
  private let meter: RunProgress
  private let notice: @Sendable (String) -> Void
  private let keepPace: () throws -> Void
  /// The stages that ended, with their seconds of processor time, in whichever process that was.
  private(set) var stages: [StageTime] = []
  /// The seconds of stages that were kept from earlier processes.
  private var keptSeconds = 0.0
  private var openStages: [String] = []
  private var usedNames: Set<String> = []
  private var span = (start: 0.0, length: 1.0)

  init(
    seed: Int, threads: Int, runID: String, partialFolder: String, results: ResultsFolder, cancellation: Cancellation,
    provenance: RunProvenance, rehearsal: Rehearsal?, meter: RunProgress, notice: @escaping @Sendable (String) -> Void,
    keepPace: @escaping () throws -> Void
  ) {
    self.seed = seed
    self.key = Key(seed: UInt64(seed))
    self.threads = threads
    self.runID = runID
    self.partialFolder = partialFolder
    self.results = results
    self.cancellation = cancellation
    self.provenance = provenance
    self.rehearsal = rehearsal
    self.meter = meter
    self.notice = notice
    self.keepPace = keepPace
  }

  /// Throws when the run has been asked to stop. To be called between steps, at least every few tenths of a second, and
  /// its error to be let through.
  public func checkCancellation() throws { try cancellation.check() }

  /// Whether the run has been asked to stop.
  var isAskedToStop: Bool { cancellation.signal != nil }

  /// Reports how far the run is, from 0 to 1; inside a stage with a share, how far that stage is.
  public func progress(_ fraction: Double, _ message: String? = nil) {
    meter.set(fraction: span.start + span.length * min(1, max(0, fraction)), message: message)
  }

  /// Reports how far the run was when it went on.
  func progressKept(_ fraction: Double) { meter.keep(upTo: span.start + span.length * min(1, max(0, fraction))) }

  /// A sentence for whoever watches the run; it is not stored.
  public func message(_ sentence: String) { notice("\(runID): \(sentence)") }

  /// A part of the run whose result is kept, so that a run that was killed goes on after the last finished stage.
  ///
  /// The result must depend on the run's settings and seed alone, and everything that later parts need must be in it:
  /// on resuming, `body` isn't called and what it would have changed elsewhere is not changed. Stages may be nested; a
  /// name is used once in a run. `share` is the part of the run's time, from 0 to 1, that the stage takes; without
  /// one, progress inside the stage isn't seen.
  ///
  /// `cost` says what the stage's time and the shape of its result depend on, where that is less than all settings: `plan`
  /// rehearses stages of the same cost once.
  public func stage(
    _ name: String, share: Double? = nil, cost: String? = nil, _ body: () throws -> Group
  ) throws -> Group {
    try checkCancellation()
    let fullName = register(name)
    openStages.append(name)
    defer { openStages.removeLast() }
    let file = "\(partialFolder)/stage-\(fullName).h5"
    let result = try within(share: share, named: fullName) {
      if let kept = try keptStage(file, name: fullName) {
        stages += kept.times
        keptSeconds += kept.times.last?.seconds ?? 0
        progressKept(1)
        return kept.result
      }
      let (start, keptBefore, first) = (threadProcessorSeconds(), keptSeconds, stages.count)
      let made = try rehearsed(cost, body)
      stages.append(
        StageTime(name: fullName, seconds: threadProcessorSeconds() - start + keptSeconds - keptBefore))
      try GroupFile(file).write(KeptStage(result: made, times: Array(stages[first...])).group)
      return made
    }
    try keepPace()
    try checkCancellation()
    return result
  }

  /// Runs `body` as a part of the run's time: its own progress from 0 to 1 covers `share` of what surrounds it. Without
  /// a share the run's fraction stands still meanwhile.
  func within<Result>(share: Double?, named name: String, _ body: () throws -> Result) rethrows -> Result {
    let outer = span
    let start = meter.current.fraction
    let length = outer.length * (share ?? 0)
    span = (start, length)
    meter.set(fraction: start, message: name)
    defer { span = outer }
    // What is stopped on the way is not at its end.
    let result = try body()
    meter.set(fraction: start + length, message: nil)
    return result
  }

  /// A folder of its own for numbered checkpoints inside a stage.
  public func checkpointFolder(_ name: String) -> String { "\(partialFolder)/checkpoints-\(register(name))" }

  /// Claims a name for a stage or a training; the stages around it are part of the full name.
  func register(_ name: String) -> String {
    precondition(
      !name.isEmpty
        && name.utf8.allSatisfy { $0 == 45 || $0 == 95 || (48...57).contains($0) || (97...122).contains($0) },
      "the name \"\(name)\" of a stage must consist of small letters, digits, - and _")
    let fullName = (openStages + [name]).joined(separator: ".")
    precondition(usedNames.insert(fullName).inserted, "the run names two stages \(fullName)")
    return fullName
  }

  private func keptStage(_ file: String, name: String) throws -> KeptStage? {
    guard FileSystem.exists(file) else { return nil }
    do {
      return KeptStage(try GroupFile(file).read(), name: name)
    } catch {
      // What is damaged is scratch of this run alone and can be made again; what can't be read for now stays.
      guard error.kind == .damaged || error.kind == .foreign else { throw error }
      notice("\(file) is damaged; the stage is made again.")
      try FileSystem.remove(file)
      return nil
    }
  }
}
