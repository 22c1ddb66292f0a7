public import Tensors

/// Y = S X, or S' X, for a sparse matrix S. Inputs: its values [valueCount] and X, whose rows are as long as Y's.
public struct SparseProduct: Primitive {
  /// Where S may differ from zero.
  public let pattern: SparsityPattern
  /// Whether S is transposed.
  public let isTransposed: Bool

  private var extents: (rows: Int, columns: Int) {
    isTransposed ? (pattern.columns, pattern.rows) : (pattern.rows, pattern.columns)
  }
  /// [rows, n].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs[0] == [pattern.valueCount] && inputs[1].rank == 2 && inputs[1][0] == extents.columns,
      "\(inputs[0]) values of a sparse matrix of \(extents.rows) x \(extents.columns) with \(pattern.valueCount), times "
        + "\(inputs[1])")
    return [extents.rows, inputs[1][1]]
  }
  /// Y X' at the nonzeros, and S' Y.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [
      isTransposed ? x[1].sampledProduct(cotangent, pattern) : cotangent.sampledProduct(x[1], pattern),
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
  /// Walks the nonzeros of each row of Y.
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let (matrix, width) = (pattern.compressed(transposed: isTransposed), output[1])
    return { inputs, y in S.sparseProduct(matrix, inputs[0], inputs[1], width: width, y) }
  }
}

/// The elements of A B' where a sparse matrix may differ from zero, in the order of its values; 0 for values without a
/// place. Inputs: A of [rows, n] and B of [columns, n].
public struct SampledProduct: Primitive {
  /// Where it is sampled.
  public let pattern: SparsityPattern

  /// [valueCount].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs[0].rank == 2 && inputs[1].rank == 2 && inputs[0][1] == inputs[1][1] && inputs[0][0] == pattern.rows
        && inputs[1][0] == pattern.columns,
      "a sampled product of \(inputs[0]) and \(inputs[1]) at a pattern of \(pattern.rows) x \(pattern.columns)")
    return [pattern.valueCount]
  }
  /// G B and G' A for the sparse matrix G of the cotangent.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [
      cotangent.sparseProduct(x[1], pattern, transposed: false),
      cotangent.sparseProduct(x[0], pattern, transposed: true),
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
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let (matrix, width, count) = (pattern.compressed(transposed: false), inputs[0][1], output.count)
    let isFull = pattern.isFull
    return { inputs, y in
      if !isFull { y.update(repeating: 0, count: count) }
      S.sampledProduct(matrix, inputs[0], inputs[1], width: width, y)
    }
  }
}

/// Chosen elements of a vector.
public struct Selection: Primitive {
  /// Element i of the result is element `places[i]` of the input.
  public let places: [Int]

  /// [places].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs[0].rank == 1 && (places.max() ?? -1) < inputs[0].count && (places.min() ?? 0) >= 0,
      "elements \(places.min() ?? 0)...\(places.max() ?? 0) of shape \(inputs[0])")
    return [places.count]
  }
  /// Puts the cotangent's elements back among zeros.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.placed(at: places, of: x[0].shape.count)]
  }
  /// Selects from the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { tangents[0]?.selected(places) }
  /// Copies element by element.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let places = places
    return { inputs, y in
      let x = inputs[0]
      places.withUnsafeBufferPointer { places in for index in places.indices { y[index] = x[places[index]] } }
    }
  }
}

/// The elements of a vector at chosen places among zeros: the transpose of ``Selection``.
public struct Placement: Primitive {
  /// Element i of the input becomes element `places[i]` of the result; no place appears twice.
  public let places: [Int]
  /// The length of the result.
  public let count: Int

  /// [count].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == [places.count], "\(inputs[0]) elements for \(places.count) places")
    return [count]
  }
  /// Selects from the cotangent.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] { [cotangent.selected(places)] }
  /// Places the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0]?.placed(at: places, of: count)
  }
  /// Zeros, then copies element by element.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let (places, count) = (places, count)
    return { inputs, y in
      y.update(repeating: 0, count: count)
      let x = inputs[0]
      places.withUnsafeBufferPointer { places in for index in places.indices { y[places[index]] = x[index] } }
    }
  }
}
