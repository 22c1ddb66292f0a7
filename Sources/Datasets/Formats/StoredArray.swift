public import Tensors

/// An array out of a file of the user's: its shape and its numbers.
public struct StoredArray: Sendable, Equatable {
  /// The kinds of numbers that readers tell apart.
  public enum Kind: Sendable, Hashable {
    /// Unsigned bytes, which greys and colours usually are.
    case bytes
    /// Other integers, and truth values.
    case integers
    /// Floating-point numbers.
    case reals
  }

  /// The extents, the number of examples first.
  public let shape: Shape
  /// What the file holds.
  public let kind: Kind
  /// The numbers in row-major order, in the precision of data sets.
  public let values: [Float]

  /// An array; `values` fill the shape.
  public init(shape: Shape, kind: Kind, values: [Float]) {
    precondition(values.count == shape.count, "\(values.count) numbers do not fill the shape \(shape)")
    self.shape = shape
    self.kind = kind
    self.values = values
  }
}

/// A file or folder that holds arrays by name.
public protocol ArraySource {
  /// The path, for messages.
  var path: String { get }
  /// The array of a name, or `nil` when there is none. Throws `DatasetError` for what can't be read.
  func array(named name: String) throws(DatasetError) -> StoredArray?
}
