import AnalyticObjectives
import Datasets
import Differentiation
import Optimizers
import Tensors
import Testing
import Training

/// f(x) = x^2 / 2 - x^4 / 4 in one dimension has no lower bound: descent from outside [-1, 1] runs away.
private struct Runaway: Objective {
  let dimension = 1
  func value(at point: [Double]) -> Double { point[0] * point[0] / 2 - point[0] * point[0] * point[0] * point[0] / 4 }
  func gradient(at point: [Double], into gradient: inout [Double]) -> Double {
    gradient[0] = point[0] - point[0] * point[0] * point[0]
    return value(at: point)
  }
  func hessian(at point: [Double]) -> any LinearOperator<Double> { Quadratic<Double>(spectrum: [1]).hessian(at: point) }
}

@Suite("Training")
struct TrainingTests {
  private let quadratic = Quadratic<Double>(spectrum: [4, 1, 0.25])

  private func plan(
    _ steps: Int, rate: Double = 0.25, stopping: StoppingCriteria = StoppingCriteria()
  ) -> TrainingPlan {
    TrainingPlan(steps: steps, schedule: .constant(rate), stopping: stopping)
  }

  private func state(_ point: [Double], _ recipe: OptimizerRecipe = .gradientDescent()) -> TrainingState<Double> {
    TrainingState(parameters: point, recipe: recipe)
  }

  @Test("gradient descent on a quadratic is (1 - rate l)^t in each eigendirection, and the record says so")
  func closedForm() throws {
    var state = state([1, 1, 1])
    let outcome = try train(&state, on: quadratic, plan: plan(8), probes: [.progress(at: .every(3))])
    #expect(outcome == .completed)
    let shrunk = { (power: Int) in [0.0, 0.75, 0.9375].map { factor in (0..<power).reduce(1) { p, _ in p * factor } } }
    for (value, expected) in zip(state.parameters, shrunk(8)) { #expect(abs(value - expected) < 1e-14) }
    // Steps 0, 3, 6 are due; 8 is the last.
    #expect(state.trajectory.steps == [0, 3, 6, 8])
    let losses = try #require(state.trajectory["loss"])
    let norms = try #require(state.trajectory["gradient_norm"])
    for (index, step) in state.trajectory.steps.enumerated() {
      let point = shrunk(step)
      #expect(
        abs(losses[index] - (2 * point[0] * point[0] + point[1] * point[1] / 2 + point[2] * point[2] / 8)) < 1e-14)
      let gradient = [4 * point[0], point[1], point[2] / 4]
      #expect(abs(norms[index] - gradient.norm) < 1e-14)
    }
    #expect(state.trajectory["learning_rate"] == [0.25, 0.25, 0.25, 0.25])
    #expect(state.trajectory.columns.map(\.name) == ["loss", "gradient_norm", "learning_rate"])
  }

  @Test("a probe sees the parameters before the step's update; what was not computed is NaN")
  func probes() throws {
    var state = state([1, 1, 1])
    var seen: [Int: Double] = [:]
    let column = TrajectoryColumn("second", units: "m", longName: "second parameter")
    let probe = Probe<Double>([column], at: .at([2, 3])) { point in
      seen[point.step] = point.parameters[1]
      #expect(point.gradient[1] == point.parameters[1])
      return [point.parameters[1]]
    }
    try train(&state, on: quadratic, plan: plan(5, rate: 0.5), probes: [.progress(at: .every(2)), probe])
    #expect(seen == [2: 0.25, 3: 0.125, 5: 0.03125])
    #expect(state.trajectory.steps == [0, 2, 3, 4, 5])
    let second = try #require(state.trajectory["second"])
    #expect(second.map(\.isNaN) == [true, false, false, true, false])
    #expect(second[2] == 0.125)
    #expect(state.trajectory["loss"]?.map(\.isNaN) == [false, false, true, false, false])
    #expect(state.trajectory.columns.last == column)
    #expect(state.trajectory["nothing"] == nil)
  }

  @Test("it stops at a loss or a gradient's norm, before the update")
  func stopping() throws {
    // The loss is 1, 1/4, 1/16, ... and the gradient's norm the square root of twice that.
    let simple = Quadratic<Double>(spectrum: [1])
    let start = [Double(2).squareRoot()]
    var first = state(start)
    #expect(
      try train(&first, on: simple, plan: plan(9, rate: 0.5, stopping: StoppingCriteria(loss: 0.07)))
        == .reachedLoss(step: 2))
    #expect(abs(first.parameters[0] - start[0] / 4) < 1e-15)
    var second = state(start)
    let outcome = try train(
      &second, on: simple, plan: plan(9, rate: 0.5, stopping: StoppingCriteria(gradientNorm: 0.2)),
      probes: [.progress(at: .never)])
    #expect(outcome == .reachedGradientNorm(step: 3))
    #expect(second.trajectory.steps == [3])
  }

  @Test("a loss that grows beyond its bound or is not finite is an outcome")
  func divergence() throws {
    var bounded = state([1, 1, 1])
    let factor = StoppingCriteria(divergenceFactor: 100)
    let first = try train(&bounded, on: quadratic, plan: plan(1_000, rate: 0.6, stopping: factor))
    // The first direction's factor is -1.4, so the loss is 2 (1.96)^t and a little; 100 times 2.625 is passed at t = 8.
    #expect(first == .diverged(step: 8))
    #expect(bounded.parameters.allSatisfy { $0.isFinite })
    // Nor is a loss that is next to nothing at first, as on a batch near a curve's end, the measure of what comes.
    var scaled = state([1, 1, 1])
    let scale = StoppingCriteria(divergenceFactor: 100, lossScale: 26.25)
    #expect(try train(&scaled, on: quadratic, plan: plan(1_000, rate: 0.6, stopping: scale)) == .diverged(step: 11))
    var unbounded = state([3])
    let second = try train(&unbounded, on: Runaway(), plan: plan(1_000), probes: [.progress(at: .never)])
    guard case .diverged(let step) = second else {
      Issue.record("\(second)")
      return
    }
    #expect(step < 12)
    #expect(unbounded.trajectory.steps == [step])
    #expect(unbounded.trajectory["loss"]?[0].isFinite == false)
  }

  @Test("a finite sum without a sampler is trained on the whole")
  func wholeSum() throws {
    let objective = RegularizedLogistic<Double>(examples: 40, dimension: 5, ridge: 0.1, key: Key(seed: 2))
    let start = [Double](repeating: 0.5, count: 5)
    var whole = state(start, .momentum())
    try train(&whole, on: objective, plan: plan(2_000, stopping: StoppingCriteria(gradientNorm: 1e-10)))
    #expect(objective.gradient(at: whole.parameters).norm < 1e-8)
    // One batch of all examples is the same up to the order of summation.
    var batched = state(start, .momentum())
    batched.sampler = BatchSampler(exampleCount: 40, batchSize: 40, key: Key(seed: 3))
    try train(&batched, on: objective, plan: plan(50))
    var reference = state(start, .momentum())
    try train(&reference, on: objective, plan: plan(50))
    for (a, b) in zip(batched.parameters, reference.parameters) { #expect(abs(a - b) < 1e-12) }
    #expect(batched.sampler?.position.epoch == 50)
  }

  @Test("stochastic descent uses each step's own batch")
  func batches() throws {
    let objective = RegularizedLogistic<Double>(examples: 11, dimension: 3, ridge: 0.1, key: Key(seed: 2))
    let sampler = BatchSampler(exampleCount: 11, batchSize: 4, key: Key(seed: 3))
    var state = TrainingState<Double>(parameters: [1, 0, -1], recipe: .gradientDescent(), sampler: sampler)
    try train(&state, on: objective, plan: plan(7, rate: 0.3), probes: [.progress(at: .every(1), prefix: "batch_")])
    var walker = sampler
    var point = [1.0, 0, -1]
    var gradient = [0.0, 0, 0]
    var losses: [Double] = []
    for _ in 0..<7 {
      losses.append(objective.gradient(at: point, examples: walker.current, into: &gradient))
      point.add(-0.3, times: gradient)
      walker.advance()
    }
    for (a, b) in zip(state.parameters, point) { #expect(abs(a - b) < 1e-15) }
    #expect(state.trajectory["batch_loss"]?.dropLast() == losses[...])
  }

  @Test("checkpoints come on their occasions and by time, never at the first step")
  func checkpoints() throws {
    var kept: [Int] = []
    var hooks = TrainingHooks<Double>()
    hooks.checkpointOccasions = .every(3)
    hooks.checkpoint = { kept.append($0.step) }
    var first = state([1, 1, 1])
    try train(&first, on: quadratic, plan: plan(10), hooks: hooks)
    #expect(kept == [3, 6, 9])
    kept = []
    hooks.checkpointOccasions = .never
    hooks.checkpointInterval = .zero
    var second = state([1, 1, 1])
    try train(&second, on: quadratic, plan: plan(3), hooks: hooks)
    #expect(kept == [1, 2, 3])
    kept = []
    hooks.checkpointInterval = .seconds(1_000)
    var third = state([1, 1, 1])
    var told: [Int] = []
    hooks.progress = { step, loss in told.append(loss > 0 ? step : -1) }
    try train(&third, on: quadratic, plan: plan(3), hooks: hooks)
    #expect(kept == [])
    #expect(told == [0, 1, 2, 3])
  }

  @Test("occasions")
  func occasions() {
    #expect((0...10).filter(Occasions.every(4).contains) == [0, 4, 8])
    #expect(
      (0...10_000).filter(Occasions.logarithmic(perDecade: 3).contains) == [
        0, 1, 2, 5, 10, 22, 46, 100, 215, 464, 1_000, 2_154, 4_642, 10_000,
      ])
    #expect((0...5).filter(Occasions.at([5, 2]).contains) == [2, 5])
    #expect(!Occasions.never.contains(0))
  }
}
