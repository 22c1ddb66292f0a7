public import Tensors

/// Examples: one row of numbers for each, and a class, real-valued targets or both.
///
/// Inputs are stored in Float32, which holds every byte and every grey level exactly.
public struct Dataset: Sendable, Equatable {
  /// The set's name, such as "digits".
  public let name: String
  /// The shape of one example, such as `[8, 8]`, or `[32, 32, 3]` with the colours last.
  public let exampleShape: Shape
  /// The number of classes K; labels are 0 ..< K. 0 for a set without classes.
  public let classCount: Int
  /// All inputs, row after row.
  public let inputs: [Float]
  /// The class of each row; empty for a set without classes.
  public let labels: [Int]
  /// What outputs are to become, of shape [count, t]; `nil` when the labels say it.
  public let targets: Tensor<Float>?
  /// The number of examples.
  public let count: Int

  /// Creates a set with classes; `inputs` holds `labels.count` rows of `exampleShape.count` numbers.
  public init(
    name: String, exampleShape: Shape, classCount: Int, inputs: [Float], labels: [Int], targets: Tensor<Float>? = nil
  ) {
    precondition(
      inputs.count == labels.count * exampleShape.count,
      "\(inputs.count) inputs are not \(labels.count) examples of shape \(exampleShape)")
    precondition(
      labels.allSatisfy { $0 >= 0 && $0 < classCount }, "every label of \(name) lies in 0 ..< \(classCount)")
    self.init(
      name: name, exampleShape: exampleShape, classCount: classCount, inputs: inputs, labels: labels,
      targets: targets, count: labels.count)
  }

  /// Creates a set without classes, whose targets are real numbers of shape [count, t].
  public init(name: String, exampleShape: Shape, inputs: [Float], targets: Tensor<Float>) {
    precondition(targets.shape.rank == 2, "targets of shape \(targets.shape) are no matrix")
    precondition(
      inputs.count == targets.shape[0] * exampleShape.count,
      "\(inputs.count) inputs are not \(targets.shape[0]) examples of shape \(exampleShape)")
    self.init(
      name: name, exampleShape: exampleShape, classCount: 0, inputs: inputs, labels: [], targets: targets,
      count: targets.shape[0])
  }

  private init(
    name: String, exampleShape: Shape, classCount: Int, inputs: [Float], labels: [Int], targets: Tensor<Float>?,
    count: Int
  ) {
    precondition(
      targets.map { $0.shape.rank == 2 && $0.shape[0] == count } ?? true,
      "targets of shape \(targets?.shape ?? []) for \(count) examples")
    self.name = name
    self.exampleShape = exampleShape
    self.classCount = classCount
    self.inputs = inputs
    self.labels = labels
    self.targets = targets
    self.count = count
  }

  /// The number of inputs of one example.
  public var featureCount: Int { exampleShape.count }

  /// How many outputs a model of this set has: one for each target, else one for each class.
  public var outputCount: Int { targets?.shape[1] ?? classCount }

  /// The example as an image [height, width, channels]: `[28, 28]` is `[28, 28, 1]`; `nil` for what is no image.
  public var imageShape: Shape? {
    switch exampleShape.rank {
    case 2: Shape(exampleShape.dimensions + [1])
    case 3: exampleShape
    default: nil
    }
  }

  /// The inputs as a matrix `[count, featureCount]` in either precision. In Float32 it shares this set's storage.
  public func features<Element: Scalar>(as type: Element.Type = Element.self) -> Tensor<Element> {
    Tensor(converted(inputs, to: Element.self), shape: [count, featureCount])
  }

  /// The inputs of one row.
  public subscript(row: Int) -> ArraySlice<Float> {
    precondition(row >= 0 && row < count, "row \(row) lies outside the \(count) examples of \(name)")
    return inputs[row * featureCount..<(row + 1) * featureCount]
  }

  /// The same examples with other targets [count, t], or with none.
  public func with(targets: Tensor<Float>?) -> Dataset {
    precondition(targets != nil || classCount > 0, "\(name) has no classes, so that it needs targets")
    return Dataset(
      name: name, exampleShape: exampleShape, classCount: classCount, inputs: inputs, labels: labels,
      targets: targets, count: count)
  }

  /// The same examples with the inputs themselves as targets, as autoencoders learn them.
  public var reconstructing: Dataset { with(targets: features()) }

  /// The same examples with other labels.
  func with(labels: [Int], classCount: Int) -> Dataset {
    Dataset(
      name: name, exampleShape: exampleShape, classCount: classCount, inputs: inputs, labels: labels, targets: targets)
  }
}

/// `values` in another precision; the same array when it is the same.
private func converted<Element: Scalar>(_ values: [Float], to type: Element.Type) -> [Element] {
  if type == Float.self { return unsafeBitCast(values, to: [Element].self) }
  return [Element](unsafeUninitializedCapacity: values.count) { buffer, count in
    if type == Double.self {
      buffer.withMemoryRebound(to: Double.self) { doubles in
        for index in values.indices { doubles.initializeElement(at: index, to: Double(values[index])) }
      }
    } else {
      for index in values.indices { buffer.initializeElement(at: index, to: Element(values[index])) }
    }
    count = values.count
  }
}
