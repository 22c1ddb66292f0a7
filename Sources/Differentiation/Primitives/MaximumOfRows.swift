public import Tensors

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
