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
    if let layout = StatisticsLayout(shape, reducing: axes) { return { inputs, y in layout.sum(inputs[0], y) } }
    let walk = BroadcastWalk(small: output, large: shape, axes: kept(rank: shape.rank))
    let (total, rest) = (shape.count, output.count)
    return { inputs, y in
      y.update(repeating: 0, count: rest)
      for index in 0..<total { y[walk.offset(of: index)] += inputs[0][index] }
    }
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
