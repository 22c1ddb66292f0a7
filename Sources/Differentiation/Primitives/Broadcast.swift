public import Tensors

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
    let reduced = (0..<target.rank).filter { !axes.contains($0) }
    guard let layout = StatisticsLayout(target, reducing: reduced) else {
      return .general(BroadcastWalk(small: Shape(axes.map { target[$0] }), large: target, axes: axes))
    }
    return .regular(repeats: layout.depth, period: layout.columns, rows: layout.rows)
  }
}

/// How a broadcast's elements lie.
enum BroadcastPattern {
  case scalar
  /// Element i of the result is element (i / repeats) % period of block i / (repeats period rows) of the input, a block
  /// having `period` elements.
  case regular(repeats: Int, period: Int, rows: Int)
  case general(BroadcastWalk)

  /// Whether the elements of every block of `count` are the same.
  func isPeriodic(in count: Int, of total: Int) -> Bool {
    guard case .regular(let repeats, let period, let rows) = self else { return false }
    return count % (repeats * period) == 0 && repeats * period * rows >= total
  }

  /// Writes the elements `range` of the result from `y` on.
  @inline(__always)
  func fill<S: Scalar>(_ range: Range<Int>, from x: UnsafePointer<S>, to y: UnsafeMutablePointer<S>) {
    switch self {
    case .scalar:
      y.update(repeating: x[0], count: range.count)
    case .regular(1, let period, let rows):
      var index = range.lowerBound
      var target = y
      while index < range.upperBound {
        let block = index / (period * rows)
        let count = min((block + 1) * period * rows, range.upperBound) - index
        fillCyclically(count, phase: index % period, period, from: x + block * period, to: target)
        index += count
        target += count
      }
    case .regular(let repeats, let period, let rows):
      var index = range.lowerBound
      var target = y
      while index < range.upperBound {
        let count = min(repeats - index % repeats, range.upperBound - index)
        let row = index / repeats
        target.update(repeating: x[row / (period * rows) * period + row % period], count: count)
        index += count
        target += count
      }
    case .general(let walk):
      for index in range { y[index - range.lowerBound] = x[walk.offset(of: index)] }
    }
  }
}

/// Writes `count` elements of the endless repetition of x[0 ..< period], starting at `phase`; copies what it has written,
/// so that short periods take few calls.
@inline(__always)
private func fillCyclically<S: Scalar>(
  _ count: Int, phase: Int, _ period: Int, from x: UnsafePointer<S>, to y: UnsafeMutablePointer<S>
) {
  let head = min(period - phase, count)
  y.update(from: x + phase, count: head)
  let tail = min(phase, count - head)
  (y + head).update(from: x, count: tail)
  var filled = head + tail
  while filled < count {
    let next = min(filled, count - filled)
    (y + filled).update(from: y, count: next)
    filled += next
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
