public import Datasets
public import Networks
public import Storage
public import Tensors

/// A network's parameters as the centre of slices: with the data and what is evaluated there.
///
/// What an experiment trains with ``RunContext/minimum(of:seed:share:as:)`` is one already; others say what they have.
public struct SliceCenter<Element: Scalar & StoredElement> {
  /// How the network is trained.
  public let recipe: Recipe
  /// The network.
  public let network: Network
  /// The data.
  public let data: SplitDataset
  /// Losses and errors at any point, and the objective whose curvature is taken.
  public let evaluation: SplitEvaluation<Element>
  /// The parameters.
  public let point: [Element]
  /// The training that led to the point; `nil` where it can't be made anew.
  public var training: Retraining<Element>?
  /// The places of the vector that are parameters, ascending, where some are fixed, such as pruned weights; `nil` for all.
  public var places: [Range<Int>]?

  /// A centre from its parts.
  public init(
    recipe: Recipe, network: Network, data: SplitDataset, evaluation: SplitEvaluation<Element>, point: [Element],
    training: Retraining<Element>? = nil, places: [Range<Int>]? = nil
  ) {
    self.recipe = recipe
    self.network = network
    self.data = data
    self.evaluation = evaluation
    self.point = point
    self.training = training
    self.places = places
  }

  /// A minimum, trained here or from a file.
  public init(_ minimum: Minimum<Element>) {
    self.init(
      recipe: minimum.recipe, network: minimum.network, data: minimum.data, evaluation: minimum.evaluation(),
      point: minimum.parameters,
      training: minimum.trainingKey.map {
        Retraining(by: minimum.recipe, of: minimum.network, on: minimum.data, key: $0)
      })
  }
}

/// The key of a minimum's training.
func keyOfMinimum(seed: Int) -> Key { Key(seed: UInt64(seed)).child("minimum") }
