internal import Datasets
public import Networks
public import Storage
public import Tensors

/// How steep an objective is where the training of a minimum began, which its end is held against.
public struct SlopeAtStart: Sendable {
  /// The norm of the gradient.
  public let norm: Double
  /// Where: "the start of training", or "a random point" for a minimum from a file, of whose start nobody knows.
  public let place: String

  /// Takes a minimum's start, or draws one by its recipe with `key`. Cost: one gradient.
  public init<Element: Scalar & StoredElement>(
    of minimum: Minimum<Element>, on objective: NetworkObjective<Element>, key: Key
  ) {
    let start: [Element] =
      minimum.initialParameters
      ?? minimum.recipe.initialParameters(of: minimum.network, on: minimum.data.train, key: key)
    var gradient = start
    objective.gradient(at: start, into: &gradient)
    norm = Double(gradient.norm)
    place = minimum.initialParameters == nil ? "a random point" : "the start of training"
  }
}
