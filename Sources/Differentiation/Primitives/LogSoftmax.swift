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
      var row = 0
      while row < rows {
        // Logarithms of sixteen rows' sums in one call.
        let group = min(16, rows - row)
        var logarithms = SIMD16<S>(repeating: 1)
        for lane in 0..<group { logarithms[lane] = sum(columns, y + (row + lane) * columns) }
        withUnsafeMutableBytes(of: &logarithms) { bytes in
          let pointer = bytes.baseAddress!.assumingMemoryBound(to: S.self)
          S.log(16, pointer, pointer)
        }
        for lane in 0..<group {
          let start = (row + lane) * columns
          let largest = maximum(columns, x + start)
          // In this order: the first difference is exact for numbers near each other.
          for index in start..<start + columns { y[index] = (x[index] - largest) - logarithms[lane] }
        }
        row += group
      }
    }
  }
}
