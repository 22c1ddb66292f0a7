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
