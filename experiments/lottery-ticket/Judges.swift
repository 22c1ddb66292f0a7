internal import Datasets
internal import Harness
internal import Networks

/// Judges a network on held-out and test examples, and at the end on those of training.
///
/// A network that normalizes over batches is judged by the moments that the training set gives it at the point.
final class Judges {
  let training: NetworkObjective<Float>
  private let validation: SplitEvaluation<Float>
  private let test: SplitEvaluation<Float>

  init(_ recipe: Recipe, of network: Network, on data: SplitDataset, heldOut: Dataset) {
    validation = SplitEvaluation(
      recipe, of: network, on: SplitDataset(train: data.train, test: heldOut, provenance: data.provenance))
    test = SplitEvaluation(recipe, of: network, on: data)
    training = validation.training
  }

  /// Cost: one pass over both, and over the training examples for a network that normalizes over batches.
  func unseen(at point: [Float]) -> (validation: Evaluation, test: Evaluation) {
    (validation.test(at: point), test.test(at: point))
  }

  /// On the training examples.
  func seen(at point: [Float]) -> Evaluation { validation(at: point).train }
}
