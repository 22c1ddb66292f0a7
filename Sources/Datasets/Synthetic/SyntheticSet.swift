public import Tensors

/// A set that is drawn from a law with known answers.
public protocol SyntheticSet: Sendable {
  /// The name it is asked for by.
  static var name: String { get }
  /// Title and citation.
  static var provenance: Provenance { get }
  /// The shape of one example.
  var exampleShape: Shape { get }
  /// The number of classes; 0 where the targets are real.
  var classCount: Int { get }
  /// Draws `count` examples; more of them begin with the same ones.
  func examples(_ count: Int, key: Key) -> Dataset
}

extension SyntheticSet {
  /// A training and a test part, drawn independently of each other under children of `key`.
  public func split(train: Int, test: Int, key: Key) -> SplitDataset {
    precondition(train > 0 && test > 0, "a synthetic set of \(train) + \(test) examples")
    return SplitDataset(
      train: examples(train, key: key.child("train")), test: examples(test, key: key.child("test")),
      provenance: Self.provenance)
  }
}

extension Provenance {
  /// The provenance of a set that is drawn when it is asked for.
  init(generated title: String, citation: String = "") {
    self.init(title: title, citation: citation, licence: "generated", checksums: [:])
  }
}

/// What a synthetic set asks for.
public enum SyntheticTarget: String, CaseIterable, Codable, Sendable {
  /// A class for each example.
  case classes
  /// Real numbers.
  case real
}
