internal import Differentiation
public import Tensors

/// Examples in memory that does not move, in the number type that is computed with: features, and a class label or targets
/// for each. It lies in large pages, since a batch is rows from anywhere.
public final class Examples<S: Scalar> {
  /// How many there are.
  public let count: Int
  /// Features of one example.
  public let featureCount: Int
  /// Targets of one example: one for each output of the network, or 1, the label.
  public let targetCount: Int
  /// Whether the targets are class labels.
  public let hasLabels: Bool
  private let featureMemory: Memory<S>
  private let targetMemory: Memory<S>

  var features: UnsafeMutablePointer<S> { featureMemory.pointer }
  var targets: UnsafeMutablePointer<S> { targetMemory.pointer }

  /// Copies features [n, ...] and n labels below `classes`; what ``problem(features:labels:classes:)`` names is a
  /// programmer's error here.
  public convenience init<T: Scalar>(features: Tensor<T>, labels: [Int], classes: Int) {
    if let problem = Self.problem(features: features.shape, labels: labels, classes: classes) {
      preconditionFailure(problem)
    }
    self.init(features: features, targets: labels.map { S($0) }, perExample: 1, hasLabels: true)
  }

  /// Copies features [n, ...] and targets [n, ...].
  public convenience init<T: Scalar>(features: Tensor<T>, targets: Tensor<T>) {
    precondition(
      features.shape.rank > 0 && targets.shape.rank > 0 && features.shape[0] == targets.shape[0],
      "features of shape \(features.shape) with targets of shape \(targets.shape)")
    self.init(
      features: features, targets: targets.elements.map { S($0) },
      perExample: targets.shape.dimensions.dropFirst().reduce(1, *), hasLabels: false)
  }

  private init<T: Scalar>(features: Tensor<T>, targets: [S], perExample: Int, hasLabels: Bool) {
    count = features.shape[0]
    featureCount = features.shape.dimensions.dropFirst().reduce(1, *)
    targetCount = perExample
    self.hasLabels = hasLabels
    featureMemory = Memory(count: features.elements.count)
    targetMemory = Memory(count: targets.count)
    Self.copy(features.elements, to: self.features)
    Self.copy(targets, to: self.targets)
  }

  @specialized(where S == Float, T == Double) @specialized(where S == Double, T == Float)
  private static func copy<T: Scalar>(_ elements: [T], to memory: UnsafeMutablePointer<S>) {
    if T.self == S.self {
      // A cast of the array would look at each element.
      elements.withUnsafeBytes { bytes in
        guard let first = bytes.baseAddress else { return }
        UnsafeMutableRawPointer(memory).copyMemory(from: first, byteCount: bytes.count)
      }
    } else {
      for index in elements.indices { memory[index] = S(elements[index]) }
    }
  }

  /// Copies the chosen examples of a set, their features by `write` if there is one.
  init(_ whole: Examples<S>, _ chosen: ArraySlice<Int>, features write: BatchFeatures<S>? = nil, epoch: Int = 0) {
    precondition(!chosen.isEmpty, "a selection of no examples")
    count = chosen.count
    featureCount = whole.featureCount
    targetCount = whole.targetCount
    hasLabels = whole.hasLabels
    featureMemory = Memory(count: count * featureCount)
    targetMemory = Memory(count: count * targetCount)
    if let write {
      whole.gather(chosen, targets: targets)
      write(chosen, epoch, whole.features, features)
    } else {
      whole.gather(chosen, features: features, targets: targets)
    }
  }

  /// The features of a set, in the same memory, with the label 0 each.
  init(featuresOf whole: Examples<S>) {
    count = whole.count
    featureCount = whole.featureCount
    targetCount = 1
    hasLabels = true
    featureMemory = whole.featureMemory
    targetMemory = Memory(count: whole.count)
  }

  /// What keeps data from being examples, as a sentence: none at all, a number of labels that is not the features', a
  /// label that is not below `classes`. `nil` if nothing does.
  public static func problem(features: Shape, labels: [Int], classes: Int) -> String? {
    if labels.isEmpty { return "there are no examples" }
    if features.rank == 0 || features[0] != labels.count {
      return "there are features of shape \(features) for \(labels.count) labels"
    }
    if let place = labels.firstIndex(where: { $0 < 0 || $0 >= classes }) {
      return "the label of example \(place) is \(labels[place]), but there are \(classes) classes: labels go from 0 to "
        + "\(classes - 1)"
    }
    return nil
  }

  /// Copies the chosen examples one after the other.
  func gather(
    _ chosen: ArraySlice<Int>, features target: UnsafeMutablePointer<S>, targets: UnsafeMutablePointer<S>
  ) {
    gather(chosen, targets: targets)
    gatherRows(features, length: featureCount, chosen, target)
  }

  /// Copies the chosen examples' targets one after the other.
  func gather(_ chosen: ArraySlice<Int>, targets: UnsafeMutablePointer<S>) {
    for index in chosen { precondition(index >= 0 && index < count, "example \(index) of \(count)") }
    gatherRows(self.targets, length: targetCount, chosen, targets)
  }
}
