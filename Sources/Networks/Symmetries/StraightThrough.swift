public import Differentiation
public import Tensors

extension UnitSymmetry {
  /// The permutation of the second network's units that lowers the loss midway between the networks, by learning weights
  /// whose matching it is (the straight-through estimator of Ainsworth et al. 2023).
  ///
  /// From w = first, each step matches the second network's weights with w, takes the gradient of a batch's loss at
  /// (first + permuted second) / 2, and moves w against it. Of all permutations on the way, and that of plain weight
  /// matching, the one with the least loss of the whole objective at the midpoint is returned.
  ///
  /// - Parameters:
  ///   - steps: gradients
  ///   - learningRate: of plain SGD
  ///   - batches: the examples of each step
  public func straightThroughMatching<S: Scalar>(
    _ first: [S], _ second: [S], on objective: any FiniteSumObjective<S>, steps: Int, learningRate: Double, key: Key,
    batches: (Int) -> ArraySlice<Int>
  ) -> UnitMatching {
    var matching = weightMatching(first, second, key: key.child("start"))
    var best = matching
    var moved = permuted(second, by: matching.permutations)
    var least = objective.value(at: middle(first, moved))
    var weights = first
    var gradient = first
    for step in 0..<steps {
      objective.begin(step: step, epoch: 0)
      objective.gradient(at: middle(first, moved), examples: batches(step), into: &gradient)
      weights.add(S(-learningRate), times: gradient)
      let next = weightMatching(weights, second, key: key.child(step), from: matching.permutations)
      guard next.permutations != matching.permutations else { continue }
      matching = next
      moved = permuted(second, by: next.permutations)
      let value = objective.value(at: middle(first, moved))
      // A NaN never wins; a number wins over one.
      if value < least || least.isNaN { (least, best) = (value, next) }
    }
    return best
  }

  private func middle<S: Scalar>(_ first: [S], _ second: [S]) -> [S] {
    var middle = first
    middle.add(1, times: second)
    middle.scale(by: 0.5)
    return middle
  }
}
