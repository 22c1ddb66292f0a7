import Tensors

extension Symbol {
  /// X S, or X S', for the sparse matrix of these values.
  public func sparseProduct(_ other: Symbol, _ pattern: SparsityPattern, transposed: Bool = false) -> Symbol {
    let product = SparseProduct(pattern: pattern, isTransposed: transposed)
    if constantValue == 0 || other.constantValue == 0 {
      return graph.constant(0, shape: product.shape(of: [shape, other.shape]))
    }
    return graph.apply(product, to: [self, other])
  }

  /// The elements of this matrix's transpose times the other one at a sparse matrix's nonzeros.
  public func sampledProduct(_ other: Symbol, _ pattern: SparsityPattern) -> Symbol {
    if constantValue == 0 || other.constantValue == 0 { return graph.constant(0, shape: [pattern.valueCount]) }
    return graph.apply(SampledProduct(pattern: pattern), to: [self, other])
  }

  /// The elements of this vector at some places.
  public func selected(_ places: [Int]) -> Symbol {
    if places == Array(0..<shape.count) { return self }
    if let value = constantValue { return graph.constant(value, shape: [places.count]) }
    return graph.apply(Selection(places: places), to: [self])
  }

  /// The elements of this vector at some places of a vector of `count` zeros.
  public func placed(at places: [Int], of count: Int) -> Symbol {
    if places == Array(0..<count) { return self }
    if constantValue == 0 { return graph.constant(0, shape: [count]) }
    return graph.apply(Placement(places: places, count: count), to: [self])
  }
}
