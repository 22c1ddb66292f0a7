public import Datasets
public import Networks
public import Storage
public import Tensors

/// Where a recipe and a seed lead to: a network's parameters before and after training.
public struct TrainedMinimum<Element: Scalar & StoredElement>: Sendable {
  /// How it was trained.
  public let recipe: Recipe
  /// With which seed.
  public let seed: Int
  /// The network.
  public let network: Network
  /// The data, as the recipe takes them.
  public let data: SplitDataset
  /// The parameters before training.
  public let initialParameters: [Element]
  /// The parameters after it.
  public let parameters: [Element]
  /// The updates made.
  public let steps: Int
  /// What was recorded: along `step`, `loss` and `gradient_norm` of full batches or `batch_loss` and
  /// `batch_gradient_norm`, `learning_rate`, and now and then `train_loss`, `train_error`, `test_loss`, `test_error`.
  public let trajectory: Group
  /// How training went out of bounds, as a sentence; `nil` when it didn't.
  public let divergence: String?
  /// What names it: the first 16 digits of its digest.
  public let id: String
  /// The file it is kept in.
  public let path: String

  /// The mean loss over the training set.
  public func trainingObjective() -> NetworkObjective<Element> { recipe.objective(of: network, on: data.train) }
  /// The mean loss over the test set.
  public func testObjective() -> NetworkObjective<Element> { recipe.objective(of: network, on: data.test) }
}

extension ParameterLayout {
  /// The blocks as files name them.
  public var storedBlocks: [ParameterBlock] {
    blocks.map { ParameterBlock($0.name, shape: $0.shape, offset: $0.offset) }
  }
}
