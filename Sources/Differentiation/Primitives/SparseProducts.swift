public import Tensors

/// Y = X S, or X S', for a sparse matrix S. Inputs: its values [valueCount] and X, an example a row.
public struct SparseProduct: Primitive {
  /// Where S may differ from zero.
  public let pattern: SparsityPattern
  /// Whether S is transposed.
  public let isTransposed: Bool

  private var extents: (inputs: Int, outputs: Int) {
    isTransposed ? (pattern.columns, pattern.rows) : (pattern.rows, pattern.columns)
  }
  /// [n, outputs].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs[0] == [pattern.valueCount] && inputs[1].rank == 2 && inputs[1][1] == extents.inputs,
      "\(inputs[1]) times \(inputs[0]) values of a sparse matrix of \(extents.inputs) x \(extents.outputs) with "
        + "\(pattern.valueCount)")
    return [inputs[1][0], extents.outputs]
  }
  /// X' G at the nonzeros for the cotangent G, and G S'.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [
      isTransposed ? cotangent.sampledProduct(x[1], pattern) : x[1].sampledProduct(cotangent, pattern),
      x[0].sparseProduct(cotangent, pattern, transposed: !isTransposed),
    ]
  }
  /// The product rule.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    let terms = [
      tangents[0].map { $0.sparseProduct(x[1], pattern, transposed: isTransposed) },
      tangents[1].map { x[0].sparseProduct($0, pattern, transposed: isTransposed) },
    ].compactMap { $0 }
    return terms.isEmpty ? nil : Symbol.sum(of: terms)
  }
  /// Walks the nonzeros that lead to each column of Y.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let (matrix, examples) = (pattern.compressed(transposed: !isTransposed), output[0])
    return { inputs, y in S.sparseProduct(matrix, inputs[0], inputs[1], examples: examples, y) }
  }
}

/// The elements of A' B where a sparse matrix may differ from zero, in the order of its values; 0 for values without a
/// place. Inputs: A of [n, rows] and B of [n, columns].
public struct SampledProduct: Primitive {
  /// Where it is sampled.
  public let pattern: SparsityPattern

  /// [valueCount].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs[0].rank == 2 && inputs[1].rank == 2 && inputs[0][0] == inputs[1][0] && inputs[0][1] == pattern.rows
        && inputs[1][1] == pattern.columns,
      "a sampled product of \(inputs[0]) and \(inputs[1]) at a pattern of \(pattern.rows) x \(pattern.columns)")
    return [pattern.valueCount]
  }
  /// B G' and A G for the sparse matrix G of the cotangent.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [
      cotangent.sparseProduct(x[1], pattern, transposed: true),
      cotangent.sparseProduct(x[0], pattern, transposed: false),
    ]
  }
  /// The product rule.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    let terms = [
      tangents[0].map { $0.sampledProduct(x[1], pattern) }, tangents[1].map { x[0].sampledProduct($0, pattern) },
    ].compactMap { $0 }
    return terms.isEmpty ? nil : Symbol.sum(of: terms)
  }
  /// An inner product a nonzero.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let (matrix, examples, count) = (pattern.compressed(transposed: false), inputs[0][0], output.count)
    let isFull = pattern.isFull
    return { inputs, y in
      if !isFull { y.update(repeating: 0, count: count) }
      S.sampledProduct(matrix, inputs[0], inputs[1], examples: examples, y)
    }
  }
}
