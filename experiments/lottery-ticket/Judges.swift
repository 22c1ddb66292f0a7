internal import Harness
internal import Networks

/// Judges a network on held-out and test examples, and at the end on those of training.
///
/// A network that normalizes over batches is judged by the moments that the training set gives it at the point.
final class Judges {
  let training: NetworkObjective<Float>
  private let validation: SplitEvaluation<Float>
  private let test: SplitEvaluation<Float>

  init(_ recipe: Recipe, of network: Network, on parts: Parts) {
    validation = SplitEvaluation(recipe, of: network, train: parts.train, test: parts.heldOut)
    test = SplitEvaluation(recipe, of: network, train: parts.train, test: parts.test)
    training = validation.training
  }

  /// The examples in memory, once for all networks of a run.
  struct Parts {
    let train: Examples<Float>
    let heldOut: Examples<Float>
    let test: Examples<Float>
  }

  /// Cost: one pass over both, and over the training examples for a network that normalizes over batches.
  func unseen(at point: [Float]) -> (validation: Evaluation, test: Evaluation) {
    (validation.test(at: point), test.test(at: point))
  }

  /// On the training examples.
  func seen(at point: [Float]) -> Evaluation { validation(at: point).train }
}
