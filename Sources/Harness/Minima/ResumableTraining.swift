public import Differentiation
import Foundation
public import Storage
public import Tensors
public import Training

/// A training that keeps numbered checkpoints in a folder and goes on from the newest whole one, bit for bit.
struct ResumableTraining {
  let folder: String
  let cancellation: Cancellation
  let progress: (Double) -> Void
  let notice: (String) -> Void

  /// How much time at most is lost by a kill, besides the time since the last finished stage.
  static let interval = Duration.seconds(5)

  /// Trains `state` until the plan is fulfilled. What `run` is given does the training itself.
  func callAsFunction<Element: Scalar & StoredElement>(
    _ state: inout TrainingState<Element>, steps: Int,
    _ run: (inout TrainingState<Element>, TrainingHooks<Element>) throws -> TrainingOutcome
  ) throws -> TrainingOutcome {
    let store = CheckpointStore(folder: folder)
    let found = try store.newest()
    for damage in found.damaged { notice("\(damage)") }
    if found.number != nil { try state.restore(TrainingSnapshot(found.group)) }

    var hooks = TrainingHooks<Element>()
    hooks.isCancelled = { cancellation.signal != nil }
    hooks.checkpointInterval = Self.interval
    hooks.checkpoint = { try store.save($0.snapshot.group, number: $0.step) }
    var reported = ContinuousClock.now
    hooks.progress = { step, _ in
      guard step & 15 == 0, ContinuousClock.now - reported > .milliseconds(200) else { return }
      reported = .now
      progress(steps == 0 ? 1 : Double(step) / Double(steps))
    }
    let outcome = try run(&state, hooks)
    if case .cancelled = outcome {
      try store.save(state.snapshot.group, number: state.step)
      try cancellation.check()
    }
    return outcome
  }
}

extension RunContext {
  /// Trains `state` on a finite sum inside a stage: checkpoints every few seconds, going on from the newest one.
  ///
  /// `name` is used once in a run. The caller's stage keeps the result; throws what ends the run.
  @discardableResult
  public func train<Element: Scalar & StoredElement>(
    _ name: String, _ state: inout TrainingState<Element>, on objective: some FiniteSumObjective<Element>,
    plan: TrainingPlan, probes: [Probe<Element>] = []
  ) throws -> TrainingOutcome {
    try resumableTraining(name)(&state, steps: plan.steps) { state, hooks in
      try Training.train(&state, on: objective, plan: plan, probes: probes, hooks: hooks)
    }
  }

  /// Trains `state` on a whole objective inside a stage, as the overload for finite sums does.
  @discardableResult
  public func train<Element: Scalar & StoredElement>(
    _ name: String, _ state: inout TrainingState<Element>, on objective: some Objective<Element>, plan: TrainingPlan,
    probes: [Probe<Element>] = []
  ) throws -> TrainingOutcome {
    try resumableTraining(name)(&state, steps: plan.steps) { state, hooks in
      try Training.train(&state, on: objective, plan: plan, probes: probes, hooks: hooks)
    }
  }

  private func resumableTraining(_ name: String) -> ResumableTraining {
    ResumableTraining(
      folder: checkpointFolder(name), cancellation: cancellation, progress: { self.progress($0) },
      notice: { self.message($0) })
  }
}
