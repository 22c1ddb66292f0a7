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

  /// What training descended: the mean loss over the training set, with the L2 term and the statistics of batches.
  public func trainingObjective() -> NetworkObjective<Element> { recipe.objective(of: network, on: data.train) }
  /// Losses and errors at any point, on both parts of the data.
  public func evaluation() -> SplitEvaluation<Element> { SplitEvaluation(recipe, of: network, on: data) }
}

extension ParameterLayout {
  /// The blocks as files name them.
  public var storedBlocks: [ParameterBlock] {
    blocks.map { ParameterBlock($0.name, shape: $0.shape, offset: $0.offset) }
  }
}
