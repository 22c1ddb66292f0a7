public import Tensors

/// A primitive whose result is its input's storage, from `offset` elements on: it costs nothing.
protocol ViewPrimitive: Primitive {
  /// Where the result starts within the input.
  var offset: Int { get }
}

extension ViewPrimitive {
  /// Copies, for the case that the result is wanted in a place of its own.
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    copy(count: output.count, from: offset)
  }
}

@specialized(where S == Float) @specialized(where S == Double)
private func copy<S: Scalar>(count: Int, from offset: Int) -> Kernel<S> {
  { inputs, y in y.update(from: inputs[0] + offset, count: count) }
}

/// The same elements under another shape.
public struct Reshape: ViewPrimitive {
  /// The new shape.
  public let target: Shape
  var offset: Int { 0 }
  /// The new shape, of the same count.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0].count == target.count, "a tensor of shape \(inputs[0]) can't take the shape \(target)")
    return target
  }
  /// Reshapes back.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.reshaped(to: x[0].shape)]
  }
  /// Reshapes the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0]?.reshaped(to: target)
  }
}

/// `count` consecutive elements of a vector.
public struct Slice: ViewPrimitive {
  /// Where the slice starts.
  public let offset: Int
  /// How long it is.
  public let count: Int
  /// A vector of `count` elements.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs[0].rank == 1 && offset >= 0 && offset + count <= inputs[0].count,
      "elements \(offset)..<\(offset + count) of shape \(inputs[0])")
    return [count]
  }
  /// Puts the cotangent in its place among zeros.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [Symbol.assemble([(offset, cotangent)], count: x[0].shape.count)]
  }
  /// Slices the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0]?.slice(offset, count: count)
  }
}

/// Vectors side by side at given places of one vector, zero elsewhere: the transpose of slicing.
public struct Assemble: Primitive {
  /// Where each input starts, in ascending order and without overlap.
  public let offsets: [Int]
  /// The length of the result.
  public let count: Int
  /// A vector of `count` elements.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(inputs.count == offsets.count, "\(inputs.count) parts for \(offsets.count) places")
    var end = 0
    for (offset, part) in Swift.zip(offsets, inputs) {
      precondition(part.rank == 1 && offset >= end, "parts of shapes \(inputs) at \(offsets) overlap or are no vectors")
      end = offset + part.count
    }
    precondition(end <= count, "parts that end at \(end) in a vector of \(count)")
    return [count]
  }
  /// Slices the cotangent.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    Swift.zip(offsets, x).map { cotangent.slice($0, count: $1.shape.count) }
  }
  /// Assembles the tangents.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    let parts = Swift.zip(offsets, tangents).compactMap { offset, tangent in tangent.map { (offset, $0) } }
    return parts.isEmpty ? nil : Symbol.assemble(parts, count: count)
  }
  /// Copies parts; the plan lets most parts be computed in place, and their inputs are then the output itself.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let parts = Swift.zip(offsets, inputs).map { (offset: $0, count: $1.count) }
    let gaps = self.gaps(lengths: inputs.map(\.count))
    return { inputs, y in
      for (start, count) in gaps { (y + start).update(repeating: 0, count: count) }
      for index in parts.indices where UnsafePointer(y + parts[index].offset) != inputs[index] {
        (y + parts[index].offset).update(from: inputs[index], count: parts[index].count)
      }
    }
  }

  /// The stretches that no part covers.
  func gaps(lengths: [Int]) -> [(start: Int, count: Int)] {
    var gaps: [(start: Int, count: Int)] = []
    var end = 0
    for (offset, length) in Swift.zip(offsets, lengths) {
      if offset > end { gaps.append((end, offset - end)) }
      end = offset + length
    }
    if count > end { gaps.append((end, count - end)) }
    return gaps
  }
}
