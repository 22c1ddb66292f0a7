import Configuration
import Datasets
import Harness
import Networks
import Tensors
import Testing
import Training

/// A training on changed images that notes what its batches saw.
private final class AugmentedTraining {
  struct Batch: Equatable {
    var epoch: Int
    var examples: [Int]
    var pixels: [Float]

    var images: [[Float]] { examples.indices.map { Array(pixels[$0 * 64..<($0 + 1) * 64]) } }
  }
  let plain: NetworkObjective<Float>
  let objective: NetworkObjective<Float>
  let plan: TrainingPlan
  var state: TrainingState<Float>
  var batches: [Batch] = []

  init(
    _ method: String = "momentum", batchSize: Int = 16, seed: UInt64 = 4, hidden: String = "[8]", steps: Int = 23
  ) throws {
    let recipe = try Recipe(
      yaml:
        "{network: {hidden: \(hidden)}, data: {train_count: 90, augmentation: {shift: 2, flip: true}}, steps: \(steps), "
        + "batch_size: \(batchSize), optimizer.method: \(method)}")
    let data = try recipe.data.load()
    let network = try recipe.network(for: data)
    let key = Key(seed: seed)
    plain = recipe.objective(of: network, on: data.train)
    objective = recipe.objective(of: network, on: data.train)
    recipe.perturbBatches(of: objective, on: data, key: key)
    let sampler = recipe.sampler(for: network, exampleCount: 90, key: Key(seed: 1).child("batches"))
    state = recipe.trainingState(
      from: recipe.initialParameters(of: network, on: data.train, key: Key(seed: 1)), of: network, sampler: sampler,
      key: Key(seed: 1))
    plan = recipe.plan(for: data, sampler: sampler)
    let write = try #require(objective.batchFeatures)
    objective.batchFeatures = { [unowned self] chosen, epoch, all, batch in
      write(chosen, epoch, all, batch)
      let pixels = Array(UnsafeBufferPointer(start: batch, count: 64 * chosen.count))
      batches.append(Batch(epoch: epoch, examples: Array(chosen), pixels: pixels))
    }
  }

  @discardableResult
  func run(_ hooks: TrainingHooks<Float> = TrainingHooks()) throws -> Self {
    #expect(try train(&state, on: objective, plan: plan, hooks: hooks) == .completed)
    return self
  }

  /// The images by epoch and number.
  var images: [[Int]: [Float]] {
    Dictionary(
      batches.flatMap { batch in zip(batch.examples, batch.images).map { ([batch.epoch, $0], $1) } },
      uniquingKeysWith: { first, _ in first })
  }
}

@Suite("Augmentation in training")
struct AugmentationTests {
  @Test(
    "goes on from a checkpoint, in mid-epoch too, and ends bit for bit as if never interrupted",
    arguments: ["momentum", "adam", "sam"])
  func resumes(method: String) throws {
    let whole = try AugmentedTraining(method)
    var snapshots: [TrainingSnapshot<Float>] = []
    var hooks = TrainingHooks<Float>()
    hooks.checkpointOccasions = .every(5)
    hooks.checkpoint = { snapshots.append($0.snapshot) }
    try whole.run(hooks)
    #expect(snapshots.count == 4)
    for snapshot in snapshots {
      let resumed = try AugmentedTraining(method)
      try resumed.state.restore(snapshot)
      try resumed.run()
      #expect(resumed.state.parameters.map(\.bitPattern) == whole.state.parameters.map(\.bitPattern))
      #expect(resumed.batches == Array(whole.batches.suffix(resumed.batches.count)))
    }
  }

  @Test("shows a method that evaluates twice in a step the same images twice")
  func twice() throws {
    let once = try AugmentedTraining().run().batches
    let twice = try AugmentedTraining("sam").run().batches
    #expect(once.map(\.epoch) == (0...23).map { $0 / 6 })
    #expect(twice == once.dropLast().flatMap { [$0, $0] } + [once[23]])
  }

  @Test(
    "shows curvature the images of the step's gradient",
    arguments: ["saddle-free-newton, optimizer.damping: 1", "hessian-free", "k-fac"])
  func curvature(method: String) throws {
    let training = try AugmentedTraining(method, hidden: "[2]", steps: 5).run()
    let steps = Dictionary(grouping: training.batches) { [$0.epoch] + $0.examples }
    #expect(steps.count == 6)
    #expect(steps.values.allSatisfy { batches in batches.allSatisfy { $0.pixels == batches[0].pixels } })
    // All but the last step look twice at least.
    #expect(steps.values.count { $0.count > 1 } == 5)
  }

  @Test("a batch's curvature is the derivative of its gradient, on the changed images")
  func derivative() throws {
    let training = try AugmentedTraining("momentum")
    let (objective, point) = (training.objective, training.state.parameters)
    let examples: ArraySlice<Int> = [3, 80, 11, 4, 25]
    let direction = point.indices.map { Float($0 % 3) - 0.9 }
    func slope(_ length: Float) -> [Float] {
      var (moved, gradient) = (point, point)
      moved.add(length, times: direction)
      objective.gradient(at: moved, examples: examples, into: &gradient)
      return gradient
    }
    let step: Float = 1e-3
    let expected = zip(slope(step), slope(-step)).map { ($0 - $1) / (2 * step) }
    func error(_ objective: NetworkObjective<Float>) -> Float {
      let hessian = objective.hessian(at: point, examples: examples)
      var difference = hessian(direction)
      difference.add(-1, times: expected)
      return difference.norm / expected.norm
    }
    #expect(error(objective) < 0.02)
    #expect(error(training.plain) > 0.2)
  }

  @Test("changes an image by key, epoch and number alone")
  func law() throws {
    let images = try AugmentedTraining().run().images
    let others = try AugmentedTraining("sam", batchSize: 7).run().images
    let common = Set(images.keys).intersection(others.keys)
    #expect(common.count > 100)
    #expect(common.allSatisfy { images[$0] == others[$0] })
    let otherKey = try AugmentedTraining(seed: 5).run().images
    #expect(images.count { $1 != otherKey[$0] } > images.count / 2)
    #expect((0..<90).count { images[[0, $0]] != images[[1, $0]] } > 45)
  }

  @Test("leaves evaluation, whole gradients and curvature as they are")
  func evaluation() throws {
    let training = try AugmentedTraining().run()
    let point = training.state.parameters
    func results(_ objective: NetworkObjective<Float>, examples: ArraySlice<Int>? = nil) -> [[Float]] {
      var (gradient, product) = (point, point)
      if let examples {
        objective.gradient(at: point, examples: examples, into: &gradient)
      } else {
        objective.gradient(at: point, into: &gradient)
        objective.hessian(at: point).apply(to: point, into: &product)
      }
      return [gradient, product]
    }
    #expect(results(training.plain) == results(training.objective))
    #expect(training.plain.evaluate(at: point) == training.objective.evaluate(at: point))
    let all = ArraySlice(0..<90)
    #expect(results(training.plain, examples: all) != results(training.objective, examples: all))
  }
}
