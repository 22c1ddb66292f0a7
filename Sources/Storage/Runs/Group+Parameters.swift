public import Tensors

/// A named part of a flat parameter vector: where it begins and which shape it has.
public struct ParameterBlock: Sendable, Equatable {
  /// The name, with slashes between layers: "dense1/weight".
  public var name: String
  /// The shape.
  public var shape: Shape
  /// The index of its first element in the flat vector.
  public var offset: Int

  /// Creates a block.
  public init(_ name: String, shape: Shape, offset: Int) {
    self.name = name
    self.shape = shape
    self.offset = offset
  }
}

extension Group {
  /// A checkpoint's group: each block of a flat vector under its name and in its shape.
  ///
  /// The attribute `offset` is the block's place in the flat vector. The axes of "dense1/weight" are the dimensions
  /// `weight_0` and `weight_1` of the group `dense1`. A block outside the vector is a programmer's error.
  public init<Element: StoredElement>(parameters: [Element], in blocks: [ParameterBlock]) {
    self.init()
    for block in blocks {
      let range = block.offset..<(block.offset + block.shape.count)
      precondition(
        parameters.indices.contains(range),
        "the block \(block.name) at \(range) lies outside \(parameters.count) values")
      var components = block.name.split(separator: "/").map(String.init)
      precondition(!components.isEmpty, "a parameter block needs a name")
      let name = components.removeLast()
      let dimensions = block.shape.dimensions.enumerated().map { Dimension("\(name)_\($0)", length: $1) }
      insert(
        Variable(
          name, along: dimensions.map(\.name), shape: block.shape, values: Element.values(Array(parameters[range])),
          attributes: ["offset": .integer(Int64(block.offset))]), dimensions, at: components[...])
    }
  }

  private mutating func insert(_ variable: Variable, _ new: [Dimension], at path: ArraySlice<String>) {
    guard let first = path.first else {
      dimensions += new
      variables.append(variable)
      return
    }
    var group = groups[first] ?? Group()
    group.insert(variable, new, at: path.dropFirst())
    groups[first] = group
  }

  /// The flat parameter vector back from a checkpoint's group.
  ///
  /// - Throws: `StorageError` when a block has no `offset`, is of another element type, overlaps or leaves a gap.
  public func parameters<Element: Scalar & StoredElement>(
    _ type: Element.Type = Element.self
  ) throws(StorageError) -> [Element] {
    var blocks: [(offset: Int, path: String, variable: Variable)] = []
    for (path, variable) in variablePaths {
      guard let offset = variable.attributes["offset"]?.integer else {
        throw .absent("attribute", "\(path)@offset", among: variable.attributes.names)
      }
      blocks.append((offset, path, variable))
    }
    var result: [Element] = []
    for block in blocks.sorted(by: { ($0.offset, $0.variable.shape.count) < ($1.offset, $1.variable.shape.count) }) {
      guard block.offset == result.count else {
        throw StorageError(
          .invalidContent, "read", block.path,
          detail: "its offset is \(block.offset), and the blocks before it end at \(result.count)",
          mend: "Use a checkpoint that holds every block of the vector.")
      }
      result += try block.variable.elements(Element.self)
    }
    return result
  }
}
