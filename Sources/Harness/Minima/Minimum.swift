internal import Configuration
public import Datasets
public import Networks
public import Storage
public import Tensors

/// A point that measurements start from: a network's parameters, trained here or taken from a file.
public struct Minimum<Element: Scalar & StoredElement>: Sendable {
  /// Network, data, loss and, if it was trained here, how.
  public let recipe: Recipe
  /// The network.
  public let network: Network
  /// The data, as the recipe takes them.
  public let data: SplitDataset
  /// The parameters.
  public let parameters: [Element]
  /// Those before training; `nil` for a point from a file.
  public let initialParameters: [Element]?
  /// The updates made; `nil` for a point from a file.
  public let steps: Int?
  /// How training went out of bounds, as a sentence; `nil` when it didn't, or when nobody knows.
  public let divergence: String?
  /// The key of its training; `nil` for a point from a file.
  let trainingKey: Key?
  /// What names it: the id of the trained minimum, or the first 16 digits of its file's SHA-256, and the checkpoint.
  public let id: String

  /// A trained minimum.
  public init(_ trained: TrainedMinimum<Element>) {
    recipe = trained.recipe
    network = trained.network
    data = trained.data
    parameters = trained.parameters
    initialParameters = trained.initialParameters
    steps = trained.steps
    divergence = trained.divergence
    trainingKey = keyOfMinimum(seed: trained.seed)
    id = trained.id
  }

  /// The weights of a file as a point of the recipe's network, whose optimizer and schedule don't matter.
  ///
  /// - Throws: `StorageError` for a file that can't be read, or whose weights are not those of such a network or not
  ///   finite; what loading the data throws.
  public init(_ weights: WeightsSettings, of recipe: Recipe) throws {
    var digests: [String: String] = [:]
    let weights = weights.pinned(&digests)
    let stored = try StoredWeights(weights)
    self.recipe = recipe
    data = try recipe.data.load()
    network = try recipe.network(for: data)
    parameters = try stored.parameters(of: network, recipe.network)
    initialParameters = nil
    steps = nil
    divergence = stored.divergence
    trainingKey = nil
    id = [weights.sha256.map { String($0.prefix(16)) }, weights.checkpoint].compactMap { $0 }.joined(separator: "/")
  }

  /// Losses and errors at any point, on both parts of the data.
  public func evaluation() -> SplitEvaluation<Element> { SplitEvaluation(recipe, of: network, on: data) }
}
