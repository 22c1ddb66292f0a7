public import Datasets
public import Networks
public import Storage
public import Tensors

/// A recipe's network with its data: the training and the test loss as functions of one parameter vector.
public struct Problem<Element: Scalar & StoredElement> {
  /// The network.
  public let network: Network
  /// The mean loss over the training examples.
  public let train: NetworkObjective<Element>
  /// The mean loss over the test examples.
  public let test: NetworkObjective<Element>

  /// Loads the recipe's data and builds its network. Cost: a copy of the data; nothing is trained.
  public init(_ recipe: Recipe, as type: Element.Type = Element.self) throws(DatasetError) {
    var data = try DatasetCatalogue().load(recipe.data.name, scaling: recipe.data.scaling)
    if let count = recipe.data.trainCount, count < data.train.count {
      data.train = data.train.stratifiedSample(count, key: Key(seed: 0).child("subset"))
    }
    network = recipe.network.network(features: data.train.featureCount, classes: data.train.classCount)
    train = Self.objective(network, recipe.loss, data.train)
    test = Self.objective(network, recipe.loss, data.test)
  }

  private static func objective(_ network: Network, _ loss: Loss, _ data: Dataset) -> NetworkObjective<Element> {
    let features: Tensor<Element> = data.features()
    return NetworkObjective(
      network, loss: loss, examples: Examples(features: features, labels: data.labels, classes: data.classCount))
  }

  /// The blocks of the parameter vector, as files name them.
  public var blocks: [ParameterBlock] {
    network.layout.blocks.map { ParameterBlock($0.name, shape: $0.shape, offset: $0.offset) }
  }

  /// The start that a seed gives; every experiment uses the same for the same recipe.
  public func initialParameters(seed: Int) -> [Element] {
    network.initialParameters(key: Key(seed: UInt64(bitPattern: Int64(seed))).child("initialization"))
  }

  /// The batches of a seed, or `nil` when all examples are used at once.
  public func sampler(_ recipe: Recipe, seed: Int) -> BatchSampler? {
    recipe.batchSize.map {
      BatchSampler(
        exampleCount: train.exampleCount, batchSize: $0,
        key: Key(seed: UInt64(bitPattern: Int64(seed))).child("batches"))
    }
  }
}
