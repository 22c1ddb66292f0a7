import AnalyticObjectives
import Datasets
import Foundation
import Optimizers
import Tensors
import Testing
import Training

/// The recipes whose states differ in kind.
private let recipes: [OptimizerRecipe] = [
  .gradientDescent(weightDecay: .coupled(0.01)), .momentum(0.9), .momentum(0.9, isNesterov: true), .adam(), .adamW(),
]

@Suite("Interrupted training")
struct ResumeTests {
  private let objective = RegularizedLogistic<Float>(examples: 53, dimension: 7, ridge: 0.01, key: Key(seed: 5))
  private let plan = TrainingPlan(
    steps: 47, schedule: Schedule.cosine(from: 0.3, to: 0.01, steps: 47).warmedUp(over: 5), clipping: .globalNorm(0.4))

  private func probes(_ start: [Float]) -> [Probe<Float>] {
    [
      .progress(at: .every(3), prefix: "batch_"), .distance(from: start, at: .logarithmic(perDecade: 4)),
      .value(TrajectoryColumn("train_loss", longName: "training loss"), at: .every(10)) { objective.value(at: $0) },
    ]
  }

  private func fresh(_ recipe: OptimizerRecipe) -> TrainingState<Float> {
    var generator = Key(seed: 1).child("initialization").generator()
    return TrainingState(
      parameters: generator.normals(7), recipe: recipe,
      sampler: BatchSampler(exampleCount: 53, batchSize: 8, key: Key(seed: 1).child("batches")))
  }

  private func expectIdentical(_ first: TrainingState<Float>, _ second: TrainingState<Float>) {
    #expect(first.parameters.map(\.bitPattern) == second.parameters.map(\.bitPattern))
    #expect(first.optimizer.state == second.optimizer.state)
    #expect(first.sampler == second.sampler)
    #expect(first.step == second.step)
    #expect(Trajectory.identical(first.trajectory, second.trajectory))
  }

  @Test(
    "goes on from a stored checkpoint, in mid-epoch too, and ends bit for bit as if never interrupted",
    arguments: recipes)
  func resume(recipe: OptimizerRecipe) throws {
    var whole = fresh(recipe)
    let start = whole.parameters
    var stored: [Data] = []
    var hooks = TrainingHooks<Float>()
    hooks.checkpointOccasions = .every(4)
    hooks.checkpoint = { stored.append(try PropertyListEncoder().encode($0.snapshot)) }
    #expect(try train(&whole, on: objective, plan: plan, probes: probes(start), hooks: hooks) == .completed)
    #expect(stored.count == 11)
    #expect(whole.step == 47)
    #expect(whole.parameters != start)
    for data in stored {
      var resumed = fresh(recipe)
      try resumed.restore(PropertyListDecoder().decode(TrainingSnapshot<Float>.self, from: data))
      #expect(try train(&resumed, on: objective, plan: plan, probes: probes(start)) == .completed)
      expectIdentical(resumed, whole)
    }
  }

  @Test("goes on from where it was cancelled, however often", arguments: recipes)
  func cancelled(recipe: OptimizerRecipe) throws {
    var whole = fresh(recipe)
    let start = whole.parameters
    try train(&whole, on: objective, plan: plan, probes: probes(start))
    var pieces = fresh(recipe)
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
    var whole = fresh(.adam())
    try train(&whole, on: objective, plan: plan, probes: probes)
    var short = fresh(.adam())
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
    var state = fresh(.momentum())
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
      .optimizer(.entries(expected: ["count", "mean", "square"], found: ["velocity"])))
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
    var whole = fresh(.adam())
    let start = whole.parameters
    try train(&whole, on: objective, plan: plan, probes: probes(start))
    var state = fresh(.adam())
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
