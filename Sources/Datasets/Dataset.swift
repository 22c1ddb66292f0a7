public import Tensors

/// Labelled examples: one row of numbers and one class for each.
///
/// Inputs are stored in Float32, which holds every byte and every grey level exactly.
public struct Dataset: Sendable, Equatable {
  /// The set's name, such as "digits".
  public let name: String
  /// The shape of one example, such as `[8, 8]`.
  public let exampleShape: Shape
  /// The number of classes K; labels are 0 ..< K.
  public let classCount: Int
  /// All inputs, row after row.
  public let inputs: [Float]
  /// The class of each row.
  public let labels: [Int]

  /// Creates a set; `inputs` holds `labels.count` rows of `exampleShape.count` numbers.
  public init(name: String, exampleShape: Shape, classCount: Int, inputs: [Float], labels: [Int]) {
    precondition(
      inputs.count == labels.count * exampleShape.count,
      "\(inputs.count) inputs are not \(labels.count) examples of shape \(exampleShape)")
    precondition(
      labels.allSatisfy { $0 >= 0 && $0 < classCount }, "every label of \(name) lies in 0 ..< \(classCount)")
    self.name = name
    self.exampleShape = exampleShape
    self.classCount = classCount
    self.inputs = inputs
    self.labels = labels
  }

  /// The number of examples.
  public var count: Int { labels.count }

  /// The number of inputs of one example.
  public var featureCount: Int { exampleShape.count }

  /// The inputs as a matrix `[count, featureCount]` in either precision. In Float32 it shares this set's storage.
  public func features<Element: Scalar>(as type: Element.Type = Element.self) -> Tensor<Element> {
    Tensor(converted(inputs, to: Element.self), shape: [count, featureCount])
  }

  /// The inputs of one row.
  public subscript(row: Int) -> ArraySlice<Float> {
    precondition(row >= 0 && row < count, "row \(row) lies outside the \(count) examples of \(name)")
    return inputs[row * featureCount..<(row + 1) * featureCount]
  }
}

/// A set in its two parts, with where it came from.
public struct SplitDataset: Sendable, Equatable {
  /// What models are fitted to.
  public var train: Dataset
  /// What they are judged by.
  public var test: Dataset
  /// The source, for files and papers.
  public let provenance: Provenance

  /// Creates a set from its parts, which must have the same shape of example and the same classes.
  public init(train: Dataset, test: Dataset, provenance: Provenance) {
    precondition(
      train.exampleShape == test.exampleShape && train.classCount == test.classCount,
      "training examples \(train.exampleShape) of \(train.classCount) classes do not go with test examples "
        + "\(test.exampleShape) of \(test.classCount) classes")
    self.train = train
    self.test = test
    self.provenance = provenance
  }

  /// The set's name.
  public var name: String { train.name }
}

/// Where a set comes from and on what terms.
public struct Provenance: Sendable, Equatable, Codable {
  /// The set's full title.
  public let title: String
  /// BibTeX of what to cite.
  public let citation: String
  /// The licence's name.
  public let licence: String
  /// SHA-256 of each uncompressed file by its name; empty for a set that is generated.
  public let checksums: [String: String]

  /// Creates a provenance from its parts.
  public init(title: String, citation: String, licence: String, checksums: [String: String]) {
    self.title = title
    self.citation = citation
    self.licence = licence
    self.checksums = checksums
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
