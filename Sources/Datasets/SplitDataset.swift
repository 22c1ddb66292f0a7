/// A set in its two parts, with where it came from.
public struct SplitDataset: Sendable, Equatable {
  /// What models are fitted to.
  public var train: Dataset
  /// What they are judged by.
  public var test: Dataset
  /// The source, for files and papers, and what was done to the labels.
  public var provenance: Provenance

  /// Creates a set from its parts, which must have the same shape of example, the same classes and as many targets.
  public init(train: Dataset, test: Dataset, provenance: Provenance) {
    precondition(
      train.exampleShape == test.exampleShape && train.classCount == test.classCount
        && train.outputCount == test.outputCount,
      "training examples \(train.exampleShape) of \(train.classCount) classes and \(train.outputCount) outputs do not go "
        + "with test examples \(test.exampleShape) of \(test.classCount) classes and \(test.outputCount) outputs")
    self.train = train
    self.test = test
    self.provenance = provenance
  }

  /// The set's name.
  public var name: String { train.name }

  /// The set with the inputs themselves as targets, as autoencoders learn them.
  public var reconstructing: SplitDataset {
    SplitDataset(train: train.reconstructing, test: test.reconstructing, provenance: provenance)
  }
}

/// Where a set comes from, on what terms, and which labels are false on purpose.
public struct Provenance: Sendable, Equatable, Codable {
  /// The set's full title.
  public let title: String
  /// BibTeX of what to cite.
  public let citation: String
  /// The licence's name.
  public let licence: String
  /// SHA-256 of each uncompressed file by its name; empty for a set that is generated.
  public let checksums: [String: String]
  /// The training labels that were changed on purpose, in ascending order of rows; none unless label noise was asked for.
  public var falseLabels: [FalseLabel] = []

  /// Creates a provenance from its parts.
  public init(title: String, citation: String, licence: String, checksums: [String: String]) {
    self.title = title
    self.citation = citation
    self.licence = licence
    self.checksums = checksums
  }
}

/// A label that was changed on purpose.
public struct FalseLabel: Sendable, Hashable, Codable {
  /// The row in the training part.
  public let row: Int
  /// What the source says.
  public let truth: Int
  /// What stands there instead.
  public let label: Int
}
