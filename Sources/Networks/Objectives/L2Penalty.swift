public import Tensors

/// The term (lambda/2) sum of theta_j^2 over the penalized parameters: the one definition of "L2" here.
///
/// Its gradient is lambda theta and its Hessian lambda on the penalized parameters. Plain gradient descent with it is
/// gradient descent with weight decay lambda; adaptive methods with decoupled decay are something else.
public struct L2Penalty: Hashable, Sendable {
  /// lambda.
  public let coefficient: Double
  /// The places of the penalized parameters, ascending and without overlap.
  public let ranges: [Range<Int>]

  /// Penalizes the parameters at given places.
  public init(_ coefficient: Double, ranges: [Range<Int>]) {
    precondition(
      coefficient >= 0 && coefficient.isFinite, "an L2 coefficient is finite and not negative: \(coefficient)")
    for (a, b) in zip(ranges, ranges.dropFirst()) {
      precondition(a.upperBound <= b.lowerBound, "the penalized parameters \(a) and \(b) overlap or are out of order")
    }
    self.coefficient = coefficient
    self.ranges = ranges
  }

  /// Penalizes the blocks of a layout that a condition picks; all by default.
  public init(
    _ coefficient: Double, of layout: ParameterLayout,
    where isPenalized: (ParameterLayout.Block) -> Bool = { _ in true }
  ) {
    self.init(coefficient, ranges: layout.blocks.filter(isPenalized).map(\.range))
  }

  /// The term's value, summed in Float64.
  @specialized(where S == Float) @specialized(where S == Double)
  public func value<S: Scalar>(at point: [S]) -> Double {
    var total = 0.0
    for range in ranges {
      for index in range { total += Double(point[index]) * Double(point[index]) }
    }
    return coefficient / 2 * total
  }

  /// Adds lambda `vector` on the penalized parameters: the gradient for a point, the Hessian's product for a direction.
  public func addProduct<S: Scalar>(with vector: [S], to product: inout [S]) {
    precondition(
      vector.count == product.count && (ranges.last?.upperBound ?? 0) <= vector.count,
      "a penalty up to parameter \(ranges.last?.upperBound ?? 0), vectors of \(vector.count) and \(product.count)"
    )
    vector.withUnsafeBufferPointer { vector in
      product.withUnsafeMutableBufferPointer { product in
        guard let source = vector.baseAddress, let target = product.baseAddress else { return }
        addProduct(with: source, to: target)
      }
    }
  }

  func addProduct<S: Scalar>(with vector: UnsafePointer<S>, to product: UnsafeMutablePointer<S>) {
    for range in ranges {
      S.axpy(range.count, S(coefficient), vector + range.lowerBound, product + range.lowerBound)
    }
  }
}
