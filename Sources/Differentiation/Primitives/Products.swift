public import Tensors

/// C = op(A) op(B), where op transposes or not.
public struct MatrixProduct: Primitive {
  /// Whether A is transposed.
  public let transposeA: Bool
  /// Whether B is transposed.
  public let transposeB: Bool
  /// Rows of op(A) by columns of op(B).
  public func shape(of inputs: [Shape]) -> Shape {
    let (rows, columns, _) = extents(inputs)
    return [rows, columns]
  }
  private func extents(_ inputs: [Shape]) -> (rows: Int, columns: Int, inner: Int) {
    precondition(
      inputs.count == 2 && inputs[0].rank == 2 && inputs[1].rank == 2, "a matrix product of shapes \(inputs)")
    let inner = inputs[0][transposeA ? 0 : 1]
    precondition(
      inner == inputs[1][transposeB ? 1 : 0],
      "matrix product of \(inputs[0])\(transposeA ? " transposed" : "") and \(inputs[1])\(transposeB ? " transposed" : "")"
    )
    return (inputs[0][transposeA ? 1 : 0], inputs[1][transposeB ? 0 : 1], inner)
  }
  /// G op(B)' and op(A)' G, each transposed back where its factor was.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ g: Symbol) -> [Symbol?] {
    let (a, b) = (x[0], x[1])
    return [
      transposeA
        ? b.matrixProduct(g, transpose: transposeB, transposeOther: true)
        : g.matrixProduct(b, transposeOther: !transposeB),
      transposeB
        ? g.matrixProduct(a, transpose: true, transposeOther: transposeA)
        : a.matrixProduct(g, transpose: !transposeA),
    ]
  }
  /// The product rule.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    let terms = [
      tangents[0].map { $0.matrixProduct(x[1], transpose: transposeA, transposeOther: transposeB) },
      tangents[1].map { x[0].matrixProduct($0, transpose: transposeA, transposeOther: transposeB) },
    ].compactMap { $0 }
    return terms.isEmpty ? nil : Symbol.sum(of: terms)
  }
  /// BLAS.
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    product(inputs, accumulate: false)
  }

  /// The product, over the output or added to what stands there.
  func product<S: Scalar>(_ inputs: [Shape], accumulate: Bool) -> Kernel<S> {
    let (rows, columns, inner) = extents(inputs)
    let (strideA, strideB) = (inputs[0][1], inputs[1][1])
    let beta: S = accumulate ? 1 : 0
    let (transposeA, transposeB) = (transposeA, transposeB)
    if rows == 0 || columns == 0 { return { _, _ in } }
    if inner == 0 { return { _, y in if !accumulate { y.update(repeating: 0, count: rows * columns) } } }
    return { inputs, y in
      S.matrixProduct(
        transposeA: transposeA, transposeB: transposeB, rows: rows, columns: columns, inner: inner, alpha: 1,
        inputs[0], strideA: strideA, inputs[1], strideB: strideB, beta: beta, y, strideC: columns)
    }
  }
}

/// The axes in another order.
public struct Transpose: Primitive {
  /// Axis `order[i]` of the input becomes axis i.
  public let order: [Int]
  /// The permuted extents.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(order.sorted() == Array(0..<inputs[0].rank), "axes \(order) for a tensor of shape \(inputs[0])")
    return Shape(order.map { inputs[0][$0] })
  }
  /// The inverse order.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.transposed(order.indices.map { order.firstIndex(of: $0)! })]
  }
  /// The same order.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { tangents[0]?.transposed(order) }
  /// Squares in registers for a matrix; otherwise walks the output.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    if order == [1, 0] {
      let (rows, columns) = (inputs[0][0], inputs[0][1])
      return { inputs, y in S.transpose(rows: rows, columns: columns, inputs[0], y) }
    }
    let strides = order.map { inputs[0].strides[$0] }
    let extents = output.dimensions
    let count = output.count
    return { inputs, y in
      for index in 0..<count {
        var rest = index
        var offset = 0
        for axis in stride(from: extents.count - 1, through: 0, by: -1) {
          offset += rest % extents[axis] * strides[axis]
          rest /= extents[axis]
        }
        y[index] = inputs[0][offset]
      }
    }
  }
}
