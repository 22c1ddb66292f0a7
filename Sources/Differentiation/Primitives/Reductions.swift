public import Tensors

/// The sum over some axes, which disappear.
public struct Sum: Primitive {
  /// The axes summed over, ascending.
  public let axes: [Int]
  /// The other axes.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(axes.allSatisfy { $0 < inputs[0].rank }, "a sum over axes \(axes) of shape \(inputs[0])")
    return Shape(kept(rank: inputs[0].rank).map { inputs[0][$0] })
  }
  func kept(rank: Int) -> [Int] { (0..<rank).filter { !axes.contains($0) } }
  /// Repeats the cotangent along the axes.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.broadcast(to: x[0].shape, along: kept(rank: x[0].shape.rank))]
  }
  /// Sums the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { tangents[0]?.sum(over: axes) }
  /// Rows, columns, or any axes.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let shape = inputs[0]
    let reduced = axes.map { shape[$0] }.reduce(1, *)
    let rest = output.count
    if axes == Array(shape.rank - axes.count..<shape.rank) {
      return { inputs, y in
        for row in 0..<rest { y[row] = sum(reduced, inputs[0] + row * reduced) }
      }
    }
    if axes == Array(0..<axes.count) {
      return { inputs, y in sumRows(reduced, of: rest, inputs[0], y) }
    }
    let walk = BroadcastWalk(small: output, large: shape, axes: kept(rank: shape.rank))
    let total = shape.count
    return { inputs, y in
      y.update(repeating: 0, count: rest)
      for index in 0..<total { y[walk.offset(of: index)] += inputs[0][index] }
    }
  }
}

/// y = the sum of `rows` rows of `count` elements, sixteen columns at a time in a register, so that y is written once.
@inline(__always)
private func sumRows<S: Scalar>(_ rows: Int, of count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
  var column = 0
  while column + 16 <= count {
    var total = SIMD16<S>(repeating: 0)
    for row in 0..<rows { total += UnsafeRawPointer(x + row * count + column).loadUnaligned(as: SIMD16<S>.self) }
    UnsafeMutableRawPointer(y + column).storeBytes(of: total, as: SIMD16<S>.self)
    column += 16
  }
  while column < count {
    var total: S = 0
    for row in 0..<rows { total += x[row * count + column] }
    y[column] = total
    column += 1
  }
}

/// A sum in eight interleaved partial sums: wide, and more accurate than one running sum.
@inline(__always)
func sum<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>) -> S {
  var lanes = SIMD8<S>(repeating: 0)
  var index = 0
  while index + 8 <= count {
    lanes += UnsafeRawPointer(x + index).loadUnaligned(as: SIMD8<S>.self)
    index += 8
  }
  var total = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
  while index < count {
    total += x[index]
    index += 1
  }
  return total
}

/// A smaller tensor repeated along new axes: the transpose of summing.
public struct Broadcast: Primitive {
  /// The shape of the result.
  public let target: Shape
  /// For each axis of the input, the axis of the result it becomes; ascending.
  public let axes: [Int]
  /// The target, where its extents agree with the input's.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      axes.count == inputs[0].rank && axes.map { target[$0] } == inputs[0].dimensions,
      "shape \(inputs[0]) does not broadcast to \(target) along axes \(axes)")
    return target
  }
  /// Sums the cotangent over the new axes.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.sum(over: (0..<target.rank).filter { !axes.contains($0) })]
  }
  /// Broadcasts the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0]?.broadcast(to: target, along: axes)
  }
  /// Writes the result out, for the case that no elementwise pass reads the input as it is.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let total = output.count
    let pattern = pattern
    return { inputs, y in pattern.fill(0..<total, from: inputs[0], to: y) }
  }

  /// How elements of the result find theirs in the input.
  var pattern: BroadcastPattern {
    let count = axes.map { target[$0] }.reduce(1, *)
    if count == 1 { return .scalar }
    let significant = axes.filter { target[$0] != 1 }
    let first = significant[0]
    let last = significant[significant.count - 1]
    let between = (first...last).filter { !axes.contains($0) && target[$0] != 1 }
    if between.isEmpty {
      let inner = target.dimensions[(last + 1)...].reduce(1, *)
      return .tiled(repeats: inner, period: count)
    }
    return .general(BroadcastWalk(small: Shape(axes.map { target[$0] }), large: target, axes: axes))
  }
}

/// How a broadcast's elements lie: element i of the result is element `(i / repeats) % period` of the input, if regular.
enum BroadcastPattern {
  case scalar
  case tiled(repeats: Int, period: Int)
  case general(BroadcastWalk)

  /// Writes the elements `range` of the result from `y` on.
  @inline(__always)
  func fill<S: Scalar>(_ range: Range<Int>, from x: UnsafePointer<S>, to y: UnsafeMutablePointer<S>) {
    switch self {
    case .scalar:
      y.update(repeating: x[0], count: range.count)
    case .tiled(let repeats, let period):
      var index = range.lowerBound
      var target = y
      if repeats == 1 {
        while index < range.upperBound {
          let start = index % period
          let count = min(period - start, range.upperBound - index)
          target.update(from: x + start, count: count)
          index += count
          target += count
        }
      } else {
        while index < range.upperBound {
          let count = min(repeats - index % repeats, range.upperBound - index)
          target.update(repeating: x[(index / repeats) % period], count: count)
          index += count
          target += count
        }
      }
    case .general(let walk):
      for index in range { y[index - range.lowerBound] = x[walk.offset(of: index)] }
    }
  }
}

/// The place in a smaller tensor of each element of a larger one, along given axes.
struct BroadcastWalk {
  private let extents: [Int]
  private let strides: [Int]

  init(small: Shape, large: Shape, axes: [Int]) {
    var strides = [Int](repeating: 0, count: large.rank)
    for (axis, stride) in Swift.zip(axes, small.strides) { strides[axis] = stride }
    self.extents = large.dimensions
    self.strides = strides
  }

  func offset(of index: Int) -> Int {
    var rest = index
    var offset = 0
    for axis in stride(from: extents.count - 1, through: 0, by: -1) {
      offset += rest % extents[axis] * strides[axis]
      rest /= extents[axis]
    }
    return offset
  }
}

/// The largest element along the last axis, which disappears. The derivative is shared evenly among equal maxima.
public struct MaximumOfRows: Primitive {
  /// All axes but the last.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0].rank > 0 && inputs[0].count > 0, "the maximum of shape \(inputs[0])")
    return Shape(Array(inputs[0].dimensions.dropLast()))
  }
  /// Where the maxima stand, as weights that sum to 1 in each row.
  private func share(_ x: Symbol, _ y: Symbol) -> Symbol {
    let leading = Array(0..<y.shape.rank)
    let isMaximum = 1 - y.broadcast(to: x.shape, along: leading).isGreater(than: x)
    return isMaximum / isMaximum.sum(over: [y.shape.rank]).broadcast(to: x.shape, along: leading)
  }
  /// The cotangent at the maxima.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.broadcast(to: x[0].shape, along: Array(0..<y.shape.rank)) * share(x[0], y)]
  }
  /// The tangent at the maxima.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0].map { ($0 * share(x[0], y)).sum(over: [y.shape.rank]) }
  }
  /// Compares; NaN wins.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let rows = output.count
    let columns = inputs[0].dimensions.last!
    return { inputs, y in
      for row in 0..<rows { y[row] = maximum(columns, inputs[0] + row * columns) }
    }
  }
}

@inline(__always)
func maximum<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>) -> S {
  var largest = x[0]
  for index in 1..<max(1, count) where x[index] > largest || x[index] != x[index] { largest = x[index] }
  return largest
}
