import Datasets
public import Differentiation
import Optimizers
public import Tensors

/// Trains `state` on the whole objective until the plan is fulfilled, leaving it where training ended.
///
/// Before the update of step t = 0, 1, ... the loss and gradient at the parameters are computed; the probes that are due
/// see them, the criteria are checked, then the gradient is clipped and the optimizer makes the update. After the last
/// update there is one more evaluation, so that the trajectory ends with the final parameters. A state that comes from
/// a checkpoint goes on where it stood and ends bit for bit where it would have ended without the interruption.
///
/// Rethrows what `hooks.checkpoint` throws; the state is then the one that was to be kept. A step allocates nothing of
/// its own, save on the occasions of probes and checkpoints.
@discardableResult
public func train<Element: Scalar>(
  _ state: inout TrainingState<Element>, on objective: some Objective<Element>, plan: TrainingPlan,
  probes: [Probe<Element>] = [], hooks: TrainingHooks<Element> = TrainingHooks()
) throws -> TrainingOutcome {
  precondition(state.sampler == nil, "a state with batches is trained by the overload for finite sums")
  return try run(&state, dimension: objective.dimension, plan, probes, hooks) { state, gradient in
    objective.gradient(at: state.parameters, into: &gradient)
  }
}

/// Trains `state` on a finite sum: on its sampler's batches if it has one, else on the whole sum.
///
/// As `train(_:on:plan:probes:hooks:)` for whole objectives; the losses and gradients that criteria and probes see are
/// those of the step's batch, and the evaluation after the last update uses the batch that would come next.
@discardableResult
public func train<Element: Scalar>(
  _ state: inout TrainingState<Element>, on objective: some FiniteSumObjective<Element>, plan: TrainingPlan,
  probes: [Probe<Element>] = [], hooks: TrainingHooks<Element> = TrainingHooks()
) throws -> TrainingOutcome {
  if let sampler = state.sampler {
    precondition(
      sampler.exampleCount == objective.exampleCount,
      "batches out of \(sampler.exampleCount) examples for an objective of \(objective.exampleCount)")
  }
  return try run(&state, dimension: objective.dimension, plan, probes, hooks) { state, gradient in
    guard let batch = state.sampler?.current else { return objective.gradient(at: state.parameters, into: &gradient) }
    return objective.gradient(at: state.parameters, examples: batch, into: &gradient)
  }
}

/// The loop; `evaluate` writes the gradient at the state and returns the loss.
private func run<Element: Scalar>(
  _ state: inout TrainingState<Element>, dimension: Int, _ plan: TrainingPlan, _ probes: [Probe<Element>],
  _ hooks: TrainingHooks<Element>, evaluate: (TrainingState<Element>, inout [Element]) -> Double
) throws -> TrainingOutcome {
  precondition(
    state.parameters.count == dimension,
    "\(state.parameters.count) parameters for an objective of \(dimension)")
  for column in probes.flatMap(\.columns) { state.trajectory.declare(column) }
  var gradient = [Element](repeating: 0, count: dimension)
  let start = state.step
  var checkpoints = CheckpointClock(hooks.checkpointOccasions, hooks.checkpointInterval)
  while true {
    if state.step > start && checkpoints.isDue(at: state.step) {
      try hooks.checkpoint(state)
      checkpoints.reset()
    }
    if hooks.isCancelled() { return .cancelled(step: state.step) }
    let loss = evaluate(state, &gradient)
    if state.initialLoss == nil { state.initialLoss = loss }
    hooks.progress(state.step, loss)
    let rate = plan.schedule.learningRate(at: state.step)
    let ending =
      plan.stopping.ending(at: state, loss: loss, gradient: gradient)
      ?? (state.step >= plan.steps ? .completed : nil)
    record(probes, in: &state, loss: loss, gradient: gradient, rate: rate, isLast: ending != nil)
    if let ending { return ending }
    plan.clipping.apply(to: &gradient)
    state.optimizer.step(parameters: &state.parameters, gradient: gradient, learningRate: rate)
    state.sampler?.advance()
    state.step += 1
  }
}

private func record<Element: Scalar>(
  _ probes: [Probe<Element>], in state: inout TrainingState<Element>, loss: Double, gradient: [Element], rate: Double,
  isLast: Bool
) {
  for probe in probes where isLast || probe.occasions.contains(state.step) {
    let point = ProbePoint(
      step: state.step, parameters: state.parameters, loss: loss, gradient: gradient, learningRate: rate)
    let values = probe.measure(point)
    precondition(
      values.count == probe.columns.count, "a probe of \(probe.columns.map(\.name)) gave \(values.count) numbers")
    for (column, value) in zip(probe.columns, values) {
      state.trajectory.record(value, column: column.name, step: state.step)
    }
  }
}

/// Tells when a checkpoint is due, by steps and by time.
private struct CheckpointClock {
  private let occasions: Occasions
  private let interval: Duration?
  private var last = ContinuousClock.now

  init(_ occasions: Occasions, _ interval: Duration?) {
    self.occasions = occasions
    self.interval = interval
  }

  func isDue(at step: Int) -> Bool {
    if occasions.contains(step) { return true }
    guard let interval else { return false }
    return ContinuousClock.now - last >= interval
  }

  mutating func reset() { last = ContinuousClock.now }
}
