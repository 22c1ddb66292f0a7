public import Tensors

/// Labelled examples in memory that does not move, in the number type that is computed with.
public final class Examples<S: Scalar> {
  /// How many there are.
  public let count: Int
  /// Features of one example.
  public let featureCount: Int
  let features: UnsafeMutablePointer<S>
  let labels: UnsafeMutablePointer<S>

  /// Copies features [n, features] and n labels below `classes`; a label out of range is a programmer's error here,
  /// since readers of data check theirs.
  public init<T: Scalar>(features: Tensor<T>, labels: [Int], classes: Int) {
    precondition(
      features.shape.rank >= 1 && features.shape[0] == labels.count,
      "features of shape \(features.shape) for \(labels.count) labels")
    precondition(labels.allSatisfy { $0 >= 0 && $0 < classes }, "a label lies outside 0..<\(classes)")
    count = labels.count
    featureCount = features.shape.dimensions.dropFirst().reduce(1, *)
    self.features = .allocate(capacity: max(1, features.elements.count))
    self.labels = .allocate(capacity: max(1, labels.count))
    for (index, value) in features.elements.enumerated() { (self.features + index).initialize(to: S(value)) }
    for (index, label) in labels.enumerated() { (self.labels + index).initialize(to: S(label)) }
  }

  /// Copies the chosen examples of a set.
  init(_ whole: Examples<S>, _ chosen: ArraySlice<Int>) {
    precondition(!chosen.isEmpty, "a selection of no examples")
    count = chosen.count
    featureCount = whole.featureCount
    features = .allocate(capacity: max(1, count * featureCount))
    labels = .allocate(capacity: count)
    whole.gather(chosen, features: features, labels: labels)
  }

  deinit {
    features.deallocate()
    labels.deallocate()
  }

  /// Copies the chosen examples one after the other.
  @specialized(where S == Float) @specialized(where S == Double)
  func gather(
    _ chosen: ArraySlice<Int>, features target: UnsafeMutablePointer<S>, labels targets: UnsafeMutablePointer<S>
  ) {
    var row = 0
    for index in chosen {
      precondition(index >= 0 && index < count, "example \(index) of \(count)")
      (target + row * featureCount).update(from: features + index * featureCount, count: featureCount)
      targets[row] = labels[index]
      row += 1
    }
  }
}
