public import Tensors

/// Copies a box between two tensors: `extents` elements along each axis from `from` in one to `to` in the other.
///
/// Runs over rows that are contiguous in both; calls `body` with their offsets and their length.
struct BoxCopy {
  private let extents: [Int]
  private let sourceStrides: [Int]
  private let targetStrides: [Int]
  private let sourceStart: Int
  private let targetStart: Int
  private let run: Int
  private let runs: Int

  init(box: Shape, source: Shape, at from: [Int], target: Shape, at to: [Int]) {
    // Axes behind the last one that is cut belong to the runs.
    var axis = box.rank
    var run = 1
    while axis > 0 {
      axis -= 1
      run *= box[axis]
      if box[axis] != source[axis] || box[axis] != target[axis] { break }
    }
    extents = Array(box.dimensions[..<axis])
    sourceStrides = source.strides
    targetStrides = target.strides
    sourceStart = Swift.zip(from, source.strides).map(*).reduce(0, +)
    targetStart = Swift.zip(to, target.strides).map(*).reduce(0, +)
    self.run = run
    runs = box.count == 0 ? 0 : extents.reduce(1, *)
  }

  @inline(__always)
  func forEachRun(_ body: (_ source: Int, _ target: Int, _ count: Int) -> Void) {
    for index in 0..<runs {
      var rest = index
      var (source, target) = (sourceStart, targetStart)
      for axis in extents.indices.reversed() {
        let (quotient, position) = rest.quotientAndRemainder(dividingBy: extents[axis])
        source += position * sourceStrides[axis]
        target += position * targetStrides[axis]
        rest = quotient
      }
      body(source, target, run)
    }
  }
}

/// Zeros around a tensor.
public struct Pad: Primitive {
  /// Zeros before the first element of each axis.
  public let before: [Int]
  /// Zeros behind the last element of each axis.
  public let after: [Int]
  /// Each extent with its zeros.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      before.count == inputs[0].rank && after.count == inputs[0].rank && (before + after).allSatisfy { $0 >= 0 },
      "a padding of \(before) before and \(after) behind shape \(inputs[0])")
    return Shape(inputs[0].dimensions.indices.map { before[$0] + inputs[0][$0] + after[$0] })
  }
  /// Crops the cotangent.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.cropped(from: before, to: x[0].shape)]
  }
  /// Pads the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0]?.padded(before: before, after: after)
  }
  /// Copies rows among zeros.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let copy = BoxCopy(
      box: inputs[0], source: inputs[0], at: before.map { _ in 0 }, target: output, at: before)
    let count = output.count
    return { inputs, y in
      y.update(repeating: 0, count: count)
      copy.forEachRun { source, target, count in (y + target).update(from: inputs[0] + source, count: count) }
    }
  }
}

/// A box cut out of a tensor: the transpose of padding.
public struct Crop: Primitive {
  /// Where the box starts along each axis.
  public let start: [Int]
  /// The box's shape.
  public let target: Shape
  /// The box.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      start.count == inputs[0].rank && target.rank == inputs[0].rank
        && start.indices.allSatisfy { start[$0] >= 0 && start[$0] + target[$0] <= inputs[0][$0] },
      "a box of \(target) from \(start) lies outside the shape \(inputs[0])")
    return target
  }
  /// Pads the cotangent.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.padded(before: start, to: x[0].shape)]
  }
  /// Crops the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0]?.cropped(from: start, to: target)
  }
  /// Copies rows.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let copy = BoxCopy(
      box: output, source: inputs[0], at: start, target: output, at: start.map { _ in 0 })
    return { inputs, y in
      copy.forEachRun { source, target, count in (y + target).update(from: inputs[0] + source, count: count) }
    }
  }
}

/// Tensors one behind the other along an axis.
public struct Concatenate: Primitive {
  /// The axis.
  public let axis: Int
  /// The sum of the extents along the axis; the others must agree.
  public func shape(of inputs: [Shape]) -> Shape {
    var extents = inputs[0].dimensions
    precondition(extents.indices.contains(axis), "shapes \(inputs) have no axis \(axis)")
    extents[axis] = 0
    for input in inputs {
      var others = input.dimensions
      precondition(others.count == extents.count, "shapes \(inputs) don't concatenate along axis \(axis)")
      let extent = others[axis]
      others[axis] = extents[axis]
      precondition(others == extents, "shapes \(inputs) don't concatenate along axis \(axis)")
      extents[axis] += extent
    }
    return Shape(extents)
  }
  /// Cuts the cotangent.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    var start = [Int](repeating: 0, count: y.shape.rank)
    return x.map { part in
      defer { start[axis] += part.shape[axis] }
      return cotangent.cropped(from: start, to: part.shape)
    }
  }
  /// Concatenates the tangents, zeros for those that don't move.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    Symbol.concatenated(Swift.zip(x, tangents).map { $1 ?? y.graph.constant(0, shape: $0.shape) }, axis: axis)
  }
  /// Copies.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let outer = output.dimensions[..<axis].reduce(1, *)
    let runs = inputs.map { $0.dimensions[axis...].reduce(1, *) }
    return { inputs, y in
      var target = y
      for row in 0..<outer {
        for part in runs.indices {
          target.update(from: inputs[part] + row * runs[part], count: runs[part])
          target += runs[part]
        }
      }
    }
  }
}
