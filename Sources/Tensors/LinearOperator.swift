/// A linear map of a vector space to itself, known only by its action v -> A v.
public protocol LinearOperator<Element> {
  /// The number type of its vectors.
  associatedtype Element: Scalar

  /// The dimension of the space.
  var dimension: Int { get }

  /// Writes A `vector` over `product`; both have `dimension` elements.
  func apply(to vector: [Element], into product: inout [Element])

  /// Writes A v over row i of `products` for each row v of `block`; both are [k, `dimension`].
  ///
  /// The numbers are those of k single products. An operator that shares work among them says so.
  func apply(toRowsOf block: Tensor<Element>, into products: inout Tensor<Element>)
}

extension LinearOperator {
  /// A `vector` as a new array.
  public func callAsFunction(_ vector: [Element]) -> [Element] {
    var product = [Element](repeating: 0, count: dimension)
    apply(to: vector, into: &product)
    return product
  }

  /// One product after the other.
  public func apply(toRowsOf block: Tensor<Element>, into products: inout Tensor<Element>) {
    precondition(
      block.shape.rank == 2 && block.shape[1] == dimension && products.shape == block.shape,
      "an operator of dimension \(dimension) applied to rows of \(block.shape) into rows of \(products.shape)"
    )
    var product = [Element](repeating: 0, count: dimension)
    for row in 0..<block.shape[0] {
      let places = row * dimension..<(row + 1) * dimension
      apply(to: Array(block.elements[places]), into: &product)
      products.elements.replaceSubrange(places, with: product)
    }
  }

  /// The products with the rows of a block [k, `dimension`] as a new block.
  public func callAsFunction(rowsOf block: Tensor<Element>) -> Tensor<Element> {
    var products = Tensor<Element>(repeating: 0, shape: block.shape)
    apply(toRowsOf: block, into: &products)
    return products
  }
}
