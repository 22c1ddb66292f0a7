public import Tensors

/// The names and places of the blocks that make up a flat parameter vector.
public struct ParameterLayout: Sendable, Equatable {
  /// One tensor of parameters.
  public struct Block: Sendable, Equatable {
    /// For example `dense1/weight`.
    public let name: String
    /// Its extents.
    public let shape: Shape
    /// The place of its first element in the flat vector.
    public let offset: Int

    /// Its places in the flat vector.
    public var range: Range<Int> { offset..<offset + shape.count }
  }

  /// The blocks in the order of the vector, without gaps.
  public private(set) var blocks: [Block] = []
  /// The length of the vector.
  public private(set) var count = 0

  /// Creates an empty layout.
  public init() {}

  /// Adds a block at the end. Names must differ.
  public mutating func append(_ name: String, shape: Shape) {
    precondition(!blocks.contains { $0.name == name }, "two parameter blocks are named \(name)")
    blocks.append(Block(name: name, shape: shape, offset: count))
    count += shape.count
  }

  /// The block of a name.
  public subscript(name: String) -> Block? { blocks.first { $0.name == name } }

  /// The tensors of a flat vector, by name and in order.
  public func tensors<S: Scalar>(of vector: [S]) -> [(block: Block, tensor: Tensor<S>)] {
    precondition(vector.count == count, "a vector of \(vector.count) elements for a layout of \(count)")
    return blocks.map { ($0, Tensor(Array(vector[$0.range]), shape: $0.shape)) }
  }
}
