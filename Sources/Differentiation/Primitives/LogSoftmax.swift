public import Tensors

/// y = x - log(sum exp(x)) along the last axis, computed from x minus its maximum so that nothing overflows.
public struct LogSoftmax: Primitive {
  /// The input's shape.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0].rank > 0, "a softmax of a scalar")
    return inputs[0]
  }
  private func rowSums(_ t: Symbol) -> Symbol {
    let last = t.shape.rank - 1
    return t.sum(over: [last]).broadcast(to: t.shape, along: Array(0..<last))
  }
  /// g - softmax(x) sum(g).
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent - y.exp() * rowSums(cotangent)]
  }
  /// t - sum(softmax(x) t).
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0].map { $0 - rowSums(y.exp() * $0) }
  }
  /// Three passes over each row: the maximum, the exponentials' sum, the difference.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let columns = output.dimensions.last!
    let rows = columns == 0 ? 0 : output.count / columns
    let total = output.count
    return { inputs, y in
      let x = inputs[0]
      for row in 0..<rows {
        let largest = maximum(columns, x + row * columns)
        for index in row * columns..<(row + 1) * columns { y[index] = x[index] - largest }
      }
      // The exponentials replace the differences for a moment; one call keeps the array function's lanes full.
      S.exp(total, y, y)
      for row in 0..<rows {
        let largest = maximum(columns, x + row * columns)
        var logarithm = sum(columns, y + row * columns)
        withUnsafeMutablePointer(to: &logarithm) { S.log(1, $0, $0) }
        // In this order: the first difference is exact for numbers near each other.
        for index in row * columns..<(row + 1) * columns { y[index] = (x[index] - largest) - logarithm }
      }
    }
  }
}
