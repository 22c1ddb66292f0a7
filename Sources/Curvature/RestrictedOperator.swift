public import Tensors

/// The rows and columns of an operator that belong to some places of the vector, such as one layer's parameters:
/// P A P', P picking the places.
///
/// Cost: one product of the whole operator for each product.
public final class RestrictedOperator<Element: Scalar>: LinearOperator {
  /// The whole operator.
  public let base: any LinearOperator<Element>
  /// The places, ascending and without overlap.
  public let ranges: [Range<Int>]
  /// How many places there are.
  public let dimension: Int
  private var vector: [Element]
  private var product: [Element]

  /// Restricts `base` to the places in `ranges`.
  public init(_ base: any LinearOperator<Element>, to ranges: [Range<Int>]) {
    var end = 0
    for range in ranges {
      precondition(
        range.lowerBound >= end && range.upperBound <= base.dimension,
        "the places \(ranges) of an operator of dimension \(base.dimension) overlap, are out of order or lie outside")
      end = range.upperBound
    }
    self.base = base
    self.ranges = ranges
    dimension = ranges.reduce(0) { $0 + $1.count }
    vector = [Element](repeating: 0, count: base.dimension)
    product = vector
  }

  /// The part of A (the vector set among zeros) at the places.
  public func apply(to part: [Element], into result: inout [Element]) {
    precondition(
      part.count == dimension && result.count == dimension,
      "an operator of dimension \(dimension) applied to \(part.count) elements into \(result.count)")
    var start = 0
    for range in ranges {
      vector.replaceSubrange(range, with: part[start..<start + range.count])
      start += range.count
    }
    base.apply(to: vector, into: &product)
    start = 0
    for range in ranges {
      result.replaceSubrange(start..<start + range.count, with: product[range])
      start += range.count
    }
  }
}
