import Components
import Configuration
import Datasets
import Foundation
import Harness
import Networks
import Storage
import Tensors
import Testing

/// Trains by a recipe, and measures where it ended.
enum Trained: Experiment {
  struct Settings: Configurable {
    var minimum = Recipe()
    static let schema = Schema<Self> { Section("minimum", \.minimum, "The minimum.") }
  }
  static let name = "trained"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let minimum = try context.minimum(of: settings.minimum)
    let evaluation = minimum.trainingObjective().evaluate(at: minimum.parameters)
    return RunResult(
      measurements: Group(
        dimensions: [Dimension("parameter", length: minimum.parameters.count)],
        variables: [
          Variable("parameters", along: ["parameter"], values: minimum.parameters),
          Variable("loss", value: evaluation.loss), Variable("error", value: evaluation.error),
        ]))
  }
}

@Suite("Training on the data of a recipe")
struct TrainingDataTests {
  private func end(_ yaml: String, _ folder: ResultsFolder, _ cancellation: Cancellation = Cancellation()) throws
    -> Group?
  {
    let run = Trained.planned(try Trained.Settings(yaml: "minimum: {\(yaml)}"), seed: 2)
    _ = Batch([run], folder: folder, cancellation: cancellation).execute()
    return try measurements(run, in: folder)
  }

  @Test("shows batches images that are changed, and evaluation those of the set")
  func augmentation() throws {
    try withFolder { folder in
      let base = "steps: 40, network.hidden: [8], data: {train_count: 200, "
      let plain = try #require(try end(base + "augmentation: {}}", folder))
      let shifted = try #require(try end(base + "augmentation: {shift: 2, flip: true}}", folder))
      #expect(try plain.variable("parameters") != shifted.variable("parameters"))
      try withFolder { again in
        let repeated = try end(base + "augmentation: {shift: 2, flip: true}}", again)
        #expect(repeated == shifted)
      }
    }
  }

  @Test("leaves the false labels in the minimum's file")
  func falseLabels() throws {
    try withFolder { folder in
      let yaml = "steps: 3, network.hidden: [4], data: {train_count: 80, label_noise: 0.25}"
      _ = try end(yaml, folder)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/minima")
      let file = try GroupFile(folder.path + "/minima/" + #require(names.first { $0.hasSuffix(".h5") })).read()
      let stored = try file.group("measurements/false_labels")
      let data = try Recipe(yaml: "{\(yaml)}").data.load()
      let rows: [Int] = try stored.variable("row").elements()
      let labels: [Int] = try stored.variable("label").elements()
      let truths: [Int] = try stored.variable("truth").elements()
      #expect(rows.count == 20 && zip(labels, truths).allSatisfy { $0 != $1 })
      #expect(zip(rows, labels).allSatisfy { data.train.labels[$0] == $1 })
      #expect(try file.variable("measurements/objective").value(Double.self).isFinite)
    }
  }

  @Test("fits real targets and inputs")
  func targets() throws {
    try withFolder { folder in
      let linear = try #require(
        try end(
          "steps: 2000, loss: mean-squared-error, network.hidden: [], data: {name: sparse-features, "
            + "synthetic: {target: real, train_count: 500, test_count: 10, dimension: 7}}", folder))
      // The rule is linear, so that nothing is left.
      #expect(try linear.variable("loss").value(Double.self) < 1e-6)
      #expect(try linear.variable("error").value(Double.self).isNaN)
      let coded = try #require(
        try end(
          "steps: 300, loss: mean-squared-error, network: {architecture: autoencoder, hidden: [16]}, "
            + "data: {target: inputs, train_count: 200}", folder))
      // Predicting the mean of each pixel leaves about 1.
      #expect(try coded.variable("loss").value(Double.self) < 0.7)
    }
  }

  @Test(
    "is refused where nothing could be changed",
    arguments: [
      ("batch_size: null, data.augmentation.flip: true", "and batch_size is null; choose a batch_size"),
      (
        "optimizer.method: svrg, data.augmentation.shift: 1",
        "by that over the images as they are; choose another method"
      ),
      (
        "network.architecture: autoencoder, loss: mean-squared-error, data: {target: inputs, augmentation.flip: true}",
        "augmentation changes inputs, and target is inputs"
      ),
      ("data: {name: mnist1d, augmentation: {flip: true}}", "the examples of mnist1d have the shape [40]"),
      ("data: {augmentation: {shift: 8}}", "augmentation.shift is 8, but images of shape [8, 8] allow 7 at most"),
    ])
  func refusals(yaml: String, sentence: String) {
    let error = #expect(throws: ConfigurationError.self) { try Trained.Settings(yaml: "minimum: {\(yaml)}") }
    #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
  }
}
