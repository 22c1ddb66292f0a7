import AnalyticObjectives
import Components
import Datasets
import Differentiation
import Foundation
import Optimizers
import Tensors
import Testing
import Training

/// A logistic regression that says of itself what the methods ask for that use curvature.
private struct CurvedLogistic: CompositeFiniteSumObjective, KroneckerFactoredObjective {
  let base: RegularizedLogistic<Float>
  var dimension: Int { base.dimension }
  var exampleCount: Int { base.exampleCount }
  var kroneckerBlocks: [KroneckerBlock] {
    [KroneckerBlock(weight: 0..<dimension, bias: nil, inputs: dimension, outputs: 1)]
  }

  func value(at point: [Float]) -> Double { base.value(at: point) }
  func gradient(at point: [Float], into gradient: inout [Float]) -> Double { base.gradient(at: point, into: &gradient) }
  func gradient(at point: [Float], examples: ArraySlice<Int>, into gradient: inout [Float]) -> Double {
    base.gradient(at: point, examples: examples, into: &gradient)
  }
  func hessian(at point: [Float]) -> any LinearOperator<Float> { base.hessian(at: point) }
  func hessian(at point: [Float], examples: ArraySlice<Int>) -> any LinearOperator<Float> {
    base.hessian(at: point, examples: examples)
  }
  func gaussNewton(at point: [Float]) -> any LinearOperator<Float> { base.hessian(at: point) }
  func gaussNewton(at point: [Float], examples: ArraySlice<Int>) -> any LinearOperator<Float> {
    base.hessian(at: point, examples: examples)
  }

  /// Something that depends on the point, the batch and the key.
  func kroneckerFactors(at point: [Float], examples: ArraySlice<Int>?, key: Key) -> [KroneckerFactors<Float>] {
    var generator = key.generator()
    let shift = Float(examples?.first ?? 0) / 100 + Float(generator.uniform())
    let left = (0..<dimension * dimension).map { place in
      place % (dimension + 1) == 0 ? 1 + shift + abs(point[place / dimension]) : 0.1
    }
    return [KroneckerFactors(inputs: left, outputs: [0.25])]
  }
}

@Suite("Interrupted training")
struct ResumeTests {
  private let objective = CurvedLogistic(
    base: RegularizedLogistic(examples: 53, dimension: 7, ridge: 0.01, key: Key(seed: 5)))
  private let plan = TrainingPlan(
    steps: 47, schedule: Schedule.cosine(from: 0.3, to: 0.01, steps: 47).warmedUp(over: 5), clipping: .globalNorm(0.4))

  private func probes(_ start: [Float]) -> [Probe<Float>] {
    [
      .progress(at: .every(3), prefix: "batch_"), .distance(from: start, at: .logarithmic(perDecade: 4)),
      .value(TrajectoryColumn("train_loss", longName: "training loss"), at: .every(10)) { objective.value(at: $0) },
    ]
  }

  private func fresh(_ name: String) throws -> TrainingState<Float> {
    let entry = try #require(OptimizerCatalogue.entries.first { $0.component.name == name })
    return fresh(entry.recipe)
  }

  private func fresh(_ recipe: OptimizerRecipe) -> TrainingState<Float> { fresh(.optimizer(recipe)) }

  private func fresh(_ recipe: DescentRecipe) -> TrainingState<Float> {
    var generator = Key(seed: 1).child("initialization").generator()
    return TrainingState(
      parameters: generator.normals(7), recipe: recipe,
      sampler: BatchSampler(exampleCount: 53, batchSize: 8, key: Key(seed: 1).child("batches")),
      blocks: [0..<3, 3..<7], key: Key(seed: 1).child("optimizer"))
  }

  private func expectIdentical(_ first: TrainingState<Float>, _ second: TrainingState<Float>) {
    #expect(first.parameters.map(\.bitPattern) == second.parameters.map(\.bitPattern))
    #expect(first.evaluationParameters.map(\.bitPattern) == second.evaluationParameters.map(\.bitPattern))
    #expect(first.optimizer.state == second.optimizer.state)
    #expect(first.sampler == second.sampler)
    #expect(first.step == second.step)
    #expect(Trajectory.identical(first.trajectory, second.trajectory))
  }

  @Test(
    "goes on from a stored checkpoint, in mid-epoch too, and ends bit for bit as if never interrupted",
    arguments: OptimizerCatalogue.components.map(\.name))
  func resume(method: String) throws {
    var whole = try fresh(method)
    let start = whole.parameters
    var stored: [Data] = []
    var hooks = TrainingHooks<Float>()
    hooks.checkpointOccasions = .every(6)
    hooks.checkpoint = { stored.append(try PropertyListEncoder().encode($0.snapshot)) }
    #expect(try train(&whole, on: objective, plan: plan, probes: probes(start), hooks: hooks) == .completed)
    #expect(stored.count == 7)
    #expect(whole.step == 47)
    #expect(whole.parameters != start)
    for data in stored {
      var resumed = try fresh(method)
      try resumed.restore(PropertyListDecoder().decode(TrainingSnapshot<Float>.self, from: data))
      #expect(try train(&resumed, on: objective, plan: plan, probes: probes(start)) == .completed)
      expectIdentical(resumed, whole)
    }
  }

  @Test("goes on from where it was cancelled, however often", arguments: ["momentum", "adam", "svrg", "swa"])
  func cancelled(method: String) throws {
    var whole = try fresh(method)
    let start = whole.parameters
    try train(&whole, on: objective, plan: plan, probes: probes(start))
    var pieces = try fresh(method)
    var outcome = TrainingOutcome.cancelled(step: 0)
    var rounds = 0
    while outcome != .completed {
      var asked = 0
      var hooks = TrainingHooks<Float>()
      hooks.isCancelled = {
        asked += 1
        return asked > 6
      }
      outcome = try train(&pieces, on: objective, plan: plan, probes: probes(start), hooks: hooks)
      rounds += 1
      if outcome != .completed { #expect(outcome == .cancelled(step: 6 * rounds)) }
    }
    #expect(rounds == 8)
    expectIdentical(pieces, whole)
  }

  @Test("a shorter training is the beginning of a longer one")
  func extended() throws {
    let probes = [Probe<Float>.progress(at: .every(4), prefix: "batch_")]
    var whole = fresh(OptimizerRecipe.adam())
    try train(&whole, on: objective, plan: plan, probes: probes)
    var short = fresh(OptimizerRecipe.adam())
    var half = plan
    half.steps = 24
    try train(&short, on: objective, plan: half, probes: probes)
    #expect(short.step == 24)
    #expect(short.trajectory.steps.last == 24)
    try train(&short, on: objective, plan: plan, probes: probes)
    expectIdentical(short, whole)
  }

  @Test("a checkpoint of another data set, model, optimizer or key is refused and changes nothing")
  func refusal() throws {
    var state = fresh(OptimizerRecipe.momentum())
    try train(&state, on: objective, plan: plan)
    let snapshot = state.snapshot
    func refused(_ other: TrainingState<Float>, _ error: TrainingSnapshotError) {
      var same = other
      #expect(throws: error) { try same.restore(snapshot) }
      expectIdentical(same, other)
    }
    let sampler = try #require(state.sampler)
    refused(
      TrainingState(parameters: [0, 0, 0], recipe: .momentum(), sampler: sampler),
      .entry(name: "parameters", expected: 3, found: 7))
    refused(
      TrainingState(parameters: state.parameters, recipe: .adam(), sampler: sampler),
      .optimizer(.method(expected: "adam", found: "momentum")))
    refused(TrainingState(parameters: state.parameters, recipe: .momentum()), .sampler)
    for (count, size, seed) in [(52, 8, 1), (53, 9, 1), (53, 8, 2)] as [(Int, Int, UInt64)] {
      let other = BatchSampler(exampleCount: count, batchSize: size, key: Key(seed: seed).child("batches"))
      refused(TrainingState(parameters: state.parameters, recipe: .momentum(), sampler: other), .sampler)
    }
    var damaged = snapshot
    damaged.numbers["initial_loss"] = nil
    #expect(throws: TrainingSnapshotError.entry(name: "initial_loss", expected: 0, found: nil)) {
      try state.restore(damaged)
    }
  }

  @Test("a checkpoint that can't be kept ends training with its error, at a state that goes on")
  func failure() throws {
    struct DiskFull: Error {}
    var whole = fresh(OptimizerRecipe.adam())
    let start = whole.parameters
    try train(&whole, on: objective, plan: plan, probes: probes(start))
    var state = fresh(OptimizerRecipe.adam())
    var hooks = TrainingHooks<Float>()
    hooks.checkpointInterval = .zero
    hooks.checkpoint = { state in if state.step == 9 { throw DiskFull() } }
    #expect(throws: DiskFull.self) {
      try train(&state, on: objective, plan: plan, probes: probes(start), hooks: hooks)
    }
    #expect(state.step == 9)
    try train(&state, on: objective, plan: plan, probes: probes(start))
    expectIdentical(state, whole)
  }
}
