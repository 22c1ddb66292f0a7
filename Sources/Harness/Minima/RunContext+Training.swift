public import Differentiation
public import Storage
public import Tensors
public import Training

extension RunContext {
  /// Trains `state` on a finite sum (in batches, if it has a sampler), resumably: see the other overload.
  @discardableResult
  public func train<Element: Scalar & StoredElement>(
    _ name: String, _ state: inout TrainingState<Element>, on objective: some FiniteSumObjective<Element>,
    plan: TrainingPlan, probes: [Probe<Element>] = [], memory: ProbeMemory<Element>? = nil,
    checkpointEvery interval: Duration = .seconds(20), cost: String? = nil
  ) throws -> TrainingOutcome {
    let place = TrainingPlace(folder: partialFolder, name: register(name))
    return try resumable(
      &state, at: place, plan: plan, probes: probes, memory: memory, every: interval, cost: cost
    ) { state, plan, probes, hooks in
      try Training.train(&state, on: objective, plan: plan, probes: probes, hooks: hooks)
    }
  }

  /// Trains `state` on the whole objective, resumably.
  ///
  /// Checkpoints are kept under `name` while training goes, and when the run is asked to stop; a run that was killed goes
  /// on from the newest and ends with the same bits. What the probes record can be followed in
  /// `trajectory-<name>.h5` in the run's partial folder. Progress is reported from the steps. What probes put into `memory`
  /// is part of the checkpoints. `cost` says what the time of a step depends on, where trainings share it: `plan` times the
  /// steps of one of them.
  ///
  /// Throws `Interruption` when the run is asked to stop, and what can't be written or read.
  @discardableResult
  public func train<Element: Scalar & StoredElement>(
    _ name: String, _ state: inout TrainingState<Element>, on objective: some Objective<Element>, plan: TrainingPlan,
    probes: [Probe<Element>] = [], memory: ProbeMemory<Element>? = nil,
    checkpointEvery interval: Duration = .seconds(20), cost: String? = nil
  ) throws -> TrainingOutcome {
    let place = TrainingPlace(folder: partialFolder, name: register(name))
    return try resumable(
      &state, at: place, plan: plan, probes: probes, memory: memory, every: interval, cost: cost
    ) { state, plan, probes, hooks in
      try Training.train(&state, on: objective, plan: plan, probes: probes, hooks: hooks)
    }
  }

  func resumable<Element: Scalar & StoredElement>(
    _ state: inout TrainingState<Element>, at place: TrainingPlace, plan: TrainingPlan, probes: [Probe<Element>],
    memory: ProbeMemory<Element>? = nil, every interval: Duration, cost: String? = nil,
    _ training: (inout TrainingState<Element>, TrainingPlan, [Probe<Element>], TrainingHooks<Element>) throws ->
      TrainingOutcome
  ) throws -> TrainingOutcome {
    let store = CheckpointStore(folder: place.checkpoints)
    let found = try store.newest()
    for error in found.damaged { message("\(error)") }
    if found.number != nil {
      try state.restore(try found.group.snapshot(of: Element.self))
      try memory?.restore(from: found.group)
      progressKept(Double(state.step) / Double(max(1, plan.steps)))
    }

    var begun = state.trajectory
    for column in probes.flatMap(\.columns) { begun.declare(column) }
    let live = probes.isEmpty ? nil : LiveRows(try LiveTrajectory(place.trajectory, startingFrom: Group(begun)))
    defer { live?.close() }
    var hooks = TrainingHooks<Element>()
    hooks.isCancelled = { [cancellation] in cancellation.signal != nil || live?.failure != nil }
    hooks.checkpointInterval = interval
    hooks.checkpoint = { try store.save(Group($0.snapshot, memory), number: $0.step) }
    let stride = max(1, plan.steps / 500)
    hooks.progress = { step, _ in
      if step % stride == 0 { self.progress(Double(step) / Double(max(1, plan.steps)), place.name) }
    }
    let watched = probes.map { live?.watching($0) ?? $0 }
    let outcome: TrainingOutcome
    if let rehearsal {
      outcome = try rehearsal.train(&state, plan: plan, probes: watched, hooks: hooks, cost: cost, training)
    } else {
      outcome = try training(&state, plan, watched, hooks)
    }
    if let failure = live?.failure { throw failure }
    if case .cancelled = outcome {
      try store.save(Group(state.snapshot, memory), number: state.step)
      try checkCancellation()
    }
    progress(1, place.name)
    return outcome
  }
}

/// Where a training keeps its checkpoints and shows its trajectory.
struct TrainingPlace {
  let folder: String
  let name: String
  var checkpoints: String { "\(folder)/checkpoints-\(name)" }
  var trajectory: String { "\(folder)/trajectory-\(name).h5" }
}

/// Gathers what several probes record at one step into a row of the live trajectory.
private final class LiveRows {
  private let live: LiveTrajectory
  private var step: Int?
  private var row: [String: Double] = [:]
  private(set) var failure: StorageError?

  init(_ live: LiveTrajectory) { self.live = live }

  func watching<Element>(_ probe: Probe<Element>) -> Probe<Element> {
    Probe(probe.columns, at: probe.occasions) { point in
      let values = probe.measure(point)
      if self.step != point.step { self.flush() }
      self.step = point.step
      for (column, value) in zip(probe.columns, values) { self.row[column.name] = value }
      return values
    }
  }

  private func flush() {
    guard let step, failure == nil else { return }
    do { try live.append(step: step, row) } catch { failure = error }
    self.step = nil
    row = [:]
  }

  func close() {
    flush()
    live.close()
  }
}
