import Configuration
import Harness
import Networks
import Storage
import Tensors

/// A network with parameters, and a run file that holds them among others.
struct WeightsSample {
  let recipe: Recipe
  let network: Network
  let parameters: [Float]

  init(_ settings: String) throws {
    recipe = try Harness.Recipe(yaml: "{network: {\(settings)}, data: {train_count: 20, test_count: 10}}")
    network = try recipe.network(for: recipe.data.load())
    parameters = network.initialParameters(key: Key(seed: 5)).enumerated().map { $1 + Float($0) * 0x1p-20 }
  }

  func write(
    to path: String, parameters other: [Float]? = nil, settings: Named<AttributeValue> = [:],
    status: RunStatus = .complete
  ) throws {
    let blocks = network.layout.storedBlocks
    let mask = (0..<parameters.count).map { UInt8($0 % 3 == 0 ? 1 : 0) }
    try RunFile(
      header: RunFileHeader(
        title: "sample", source: "tests", history: "", references: [], experiment: "sample", runID: "id", seed: 7,
        status: status),
      configuration: RunFile.configuration(yaml: "", scalars: settings),
      checkpoints: Group(groups: [
        "0": Group(parameters: parameters.map { -$0 }, in: blocks), "mask_1": Group(parameters: mask, in: blocks),
        "20": Group(parameters: other ?? parameters, in: blocks),
      ]),
      measurements: Group(attributes: ["divergence": "it burst"])
    ).write(to: path)
  }

  /// The parameters that settings lead to.
  func read(_ path: String, _ further: String = "") throws -> Minimum<Float> {
    try Minimum(try WeightsSettings(yaml: "{file: \(path)\(further)}"), of: recipe)
  }
}
