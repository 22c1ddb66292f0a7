import Components
import Configuration
import Datasets
import Foundation
import Harness
import Networks
import Storage
import Tensors
import Testing

/// Trains a small network of any kind.
private enum Training: Experiment {
  struct Settings: Configurable {
    var minimum = Recipe()
    static let schema = Schema<Self> { Section("minimum", \.minimum, "The minimum.") }
  }
  static let name = "training"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let minimum = try context.minimum(of: settings.minimum, seed: 3)
    return RunResult(
      measurements: Group(
        dimensions: [Dimension("parameter", length: minimum.parameters.count)],
        variables: [Variable("parameters", along: ["parameter"], values: minimum.parameters)],
        groups: ["trajectory": minimum.trajectory]))
  }
}

private func trained(_ yaml: String) throws -> Group {
  try withFolder { folder in
    let run = Training.planned(.init(minimum: try Recipe(yaml: yaml)), seed: 0)
    let report = Batch([run], folder: folder).execute()[0]
    #expect(report.ending == .finished, "\(report.ending)")
    return try #require(try measurements(run, in: folder))
  }
}

private func losses(_ group: Group, _ name: String = "train_loss") throws -> [Double] {
  try group.group("trajectory").variable(name).elements(Double.self).filter { !$0.isNaN }
}

@Suite("Training networks of every kind")
struct NetworkTrainingTests {
  @Test(
    "lowers the loss",
    arguments: [
      "{architecture: conv, width: 4}", "{architecture: resnet, depth: 8, width: 3}",
      "{architecture: resnet, depth: 8, width: 3, normalization: fixup, initializer: fixup}",
      "{architecture: elman, width: 12, activation: tanh}", "{normalization: batch, hidden: [16]}",
      "{architecture: vgg-small, depth: 4, width: 4, initializer: lsuv}",
      "{hidden: [16], initializer: metainit, metainit_steps: 5}", "{hidden: [32, 32], parameterization: ntk}",
    ])
  func lowers(network: String) throws {
    let group = try trained(
      "{network: \(network), data: {train_count: 300}, steps: 60, batch_size: 50, schedule: {learning_rate: 0.1}}")
    let train = try losses(group)
    #expect(train.count > 2 && train.last! < 0.9 * train[0], "\(train)")
    let test = try losses(group, "test_loss")
    #expect(test.last! < 0.95 * test[0], "\(test)")
  }

  @Test("drops out units in steps alone, by keys of the steps")
  func dropout() throws {
    func group(_ rate: Double) throws -> Group {
      try trained("{network: {hidden: [16], dropout: \(rate)}, data: {train_count: 200}, steps: 20}")
    }
    let (plain, dropped, again) = (try group(0), try group(0.5), try group(0.5))
    #expect(try losses(plain)[0] == losses(dropped)[0])
    #expect(try losses(plain, "batch_loss")[0] != losses(dropped, "batch_loss")[0])
    #expect(dropped == again)
    #expect(dropped != plain)
  }

  @Test("leaves the last batch of an epoch out if it is one example that would be normalized by itself")
  func singleExample() throws {
    let yaml = "{network: {normalization: batch, hidden: [5]}, data: {train_count: 65}, batch_size: 16, steps: 10}"
    #expect(try losses(trained(yaml), "batch_loss").allSatisfy(\.isFinite))
    let recipe = try Recipe(yaml: yaml)
    let network = try recipe.network(for: try recipe.data.load())
    #expect(recipe.sampler(for: network, exampleCount: 65, key: Key(seed: 1))?.batchesPerEpoch == 4)
    #expect(recipe.sampler(for: network, exampleCount: 66, key: Key(seed: 1))?.batchesPerEpoch == 5)
  }

  @Test("reconstructs inputs, without classes to be wrong about")
  func autoencoder() throws {
    let group = try trained(
      "{network: {architecture: autoencoder, hidden: [20]}, loss: mean-squared-error, data: {train_count: 300}, steps: 200}"
    )
    let train = try losses(group)
    #expect(train.last! < 0.8 * train[0], "\(train)")
    #expect(try losses(group, "train_error").isEmpty)
  }

  @Test("may leave biases and the scales of norms out of the L2 term")
  func weightsAlone() throws {
    let whole = try Recipe(yaml: "{network: {hidden: [3], normalization: batch}, l2: 0.5}")
    let weights = try Recipe(yaml: "{network: {hidden: [3], normalization: batch}, l2: 0.5, l2_range: weights}")
    let data = try whole.data.load()
    let network = try whole.network(for: data)
    let all: NetworkObjective<Double> = whole.objective(of: network, on: data.train)
    let some: NetworkObjective<Double> = weights.objective(of: network, on: data.train)
    #expect(all.penalty?.ranges.map(\.count).reduce(0, +) == network.parameterCount)
    // 64 x 3 and 3 x 10 weights.
    #expect(some.penalty?.ranges.map(\.count) == [192, 30])
    #expect(whole.differenceFromDefaults.contains { $0.key == "l2_range" } == false)
  }

  @Test("judges networks with batch statistics by the training set's moments at the point, the test set too")
  func evaluation() throws {
    let recipe = try Recipe(
      yaml:
        "{network: {hidden: [6], normalization: batch}, data: {train_count: 90, test_count: 40}, batch_size: 30, l2: 0.1}"
    )
    let data = try recipe.data.load()
    let network = try recipe.network(for: data)
    let evaluation = SplitEvaluation<Double>(recipe, of: network, on: data)
    let points = (0..<2 as Range<UInt64>).map { seed -> [Double] in
      recipe.initialParameters(of: network, on: data.train, key: Key(seed: seed))
    }
    let first = evaluation(at: points[0])
    _ = evaluation(at: points[1])
    #expect(evaluation(at: points[0]) == first)
    let test: NetworkObjective<Double> = recipe.objective(of: network, on: data.test)
    let own = evaluation.training.evaluate(at: points[0])
    #expect(abs(first.train.loss - own.loss) > 1e-6 && abs(first.test.loss - test.evaluate(at: points[0]).loss) > 1e-6)
    #expect(evaluation.training.value(at: points[0]) > own.loss + 0.1)
    #expect(evaluation.normalization.contains("batches of 30"))
    // The moments are the means over the three batches, which a fresh objective gives.
    let examples = Examples<Double>(
      features: data.test.features(as: Double.self), labels: data.test.labels, classes: 10)
    let judge = NetworkObjective(
      network, loss: .crossEntropy, examples: examples, moments: .given(evaluation.training.batchMoments(at: points[0]))
    )
    #expect(abs(judge.evaluate(at: points[0]).loss - first.test.loss) < 1e-12)
  }

  @Test("adds the L2 term to what is minimized, and not to the losses that are reported")
  func penalty() throws {
    let plain = try trained("{network: {hidden: [8]}, data: {train_count: 200}, steps: 150}")
    let decayed = try trained("{network: {hidden: [8]}, data: {train_count: 200}, steps: 150, l2: 0.1}")
    func norm(_ group: Group) throws -> Double {
      try group.variable("parameters").elements(Float.self).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    #expect(try norm(decayed) < 0.8 * norm(plain))
    #expect(try losses(plain)[0] == losses(decayed)[0])
  }
}
