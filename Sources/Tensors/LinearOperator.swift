/// A linear map of a vector space to itself, known only by its action v -> A v.
public protocol LinearOperator<Element> {
  /// The number type of its vectors.
  associatedtype Element: Scalar

  /// The dimension of the space.
  var dimension: Int { get }

  /// Writes A `vector` over `product`; both have `dimension` elements.
  func apply(to vector: [Element], into product: inout [Element])
}

extension LinearOperator {
  /// A `vector` as a new array.
  public func callAsFunction(_ vector: [Element]) -> [Element] {
    var product = [Element](repeating: 0, count: dimension)
    apply(to: vector, into: &product)
    return product
  }
}
