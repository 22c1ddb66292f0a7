import Datasets
public import Differentiation
import Optimizers
public import Tensors

/// Trains `state` on the whole objective until the plan is fulfilled, leaving it where training ended.
///
/// Before the update of step t = 0, 1, ... the loss and gradient at the parameters are computed; the probes that are due
/// see them, the criteria are checked, then the method makes the update, asking for whatever else it needs of the
/// objective. After the last update there is one more evaluation, so that the trajectory ends with the final parameters. A
/// state that comes from a checkpoint goes on where it stood and ends bit for bit where it would have ended without the
/// interruption.
///
/// Rethrows what `hooks.checkpoint` throws; the state is then the one that was to be kept. A step allocates nothing of
/// its own, save on the occasions of probes and checkpoints.
@discardableResult
public func train<Element: Scalar>(
  _ state: inout TrainingState<Element>, on objective: some Objective<Element>, plan: TrainingPlan,
  probes: [Probe<Element>] = [], hooks: TrainingHooks<Element> = TrainingHooks()
) throws -> TrainingOutcome {
  precondition(state.sampler == nil, "a state with batches is trained by the overload for finite sums")
  return try run(&state, StepOracle(objective, clipping: plan.clipping), plan, probes, hooks)
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
  return try run(&state, StepOracle(objective, clipping: plan.clipping), plan, probes, hooks)
}

/// The loop.
private func run<Element: Scalar>(
  _ state: inout TrainingState<Element>, _ oracle: StepOracle<Element>, _ plan: TrainingPlan,
  _ probes: [Probe<Element>], _ hooks: TrainingHooks<Element>
) throws -> TrainingOutcome {
  precondition(
    state.parameters.count == oracle.dimension,
    "\(state.parameters.count) parameters for an objective of \(oracle.dimension)")
  for column in probes.flatMap(\.columns) { state.trajectory.declare(column) }
  let start = state.step
  var checkpoints = CheckpointClock(hooks.checkpointOccasions, hooks.checkpointInterval)
  while true {
    if state.step > start && checkpoints.isDue(at: state.step) {
      try hooks.checkpoint(state)
      checkpoints.reset()
    }
    if hooks.isCancelled() { return .cancelled(step: state.step) }
    let loss = oracle.move(
      to: state.parameters, examples: state.sampler?.current, step: state.step,
      epoch: state.sampler?.position.epoch ?? 0)
    if state.initialLoss == nil { state.initialLoss = loss }
    if state.firstStepOutOfBounds == nil, plan.stopping.isTooHighToEnd(loss, initial: state.initialLoss) {
      state.firstStepOutOfBounds = state.step
    }
    hooks.progress(state.step, loss)
    let rate = plan.schedule.learningRate(at: state.step)
    let ending = ending(of: state, on: oracle, plan)
    record(probes, in: &state, oracle, rate: rate, isLast: ending != nil)
    if let ending { return ending }
    state.optimizer.step(parameters: &state.parameters, on: oracle, learningRate: rate)
    oracle.releaseBatch()
    state.sampler?.advance()
    state.step += 1
  }
}

/// How training ends at this step; `nil` if it goes on.
private func ending<Element: Scalar>(
  of state: TrainingState<Element>, on oracle: StepOracle<Element>, _ plan: TrainingPlan
) -> TrainingOutcome? {
  if let early = plan.stopping.ending(at: state, loss: oracle.loss, gradient: oracle.gradient) { return early }
  guard state.step >= plan.steps else { return nil }
  // In stochastic training the batch that would come next must say so, and the whole objective confirm it.
  let isOut =
    plan.stopping.isTooHighToEnd(oracle.loss, initial: state.initialLoss)
    && plan.stopping.isTooHighToEnd(oracle.objective.value(at: state.parameters), initial: state.initialLoss)
  return isOut ? .diverged(step: state.firstStepOutOfBounds ?? state.step) : .completed
}

private func record<Element: Scalar>(
  _ probes: [Probe<Element>], in state: inout TrainingState<Element>, _ oracle: StepOracle<Element>, rate: Double,
  isLast: Bool
) {
  guard probes.contains(where: { isLast || $0.occasions.contains(state.step) }) else { return }
  let point = ProbePoint(
    step: state.step, parameters: state.parameters, evaluationParameters: state.evaluationParameters,
    loss: oracle.loss, gradient: oracle.gradient, learningRate: rate)
  for probe in probes where isLast || probe.occasions.contains(state.step) {
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
