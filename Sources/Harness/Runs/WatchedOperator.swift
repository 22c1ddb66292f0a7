internal import Foundation
public import Tensors

/// An operator that reports its products as progress and can be stopped.
///
/// Estimators don't know of cancellation, but all end on a NaN. When the run is asked to stop, products become NaN and cost
/// nothing; who uses the estimator calls `checkCancellation` before it keeps the result. In a rehearsal products are timed
/// until enough are known, and what is returned is always those of a diagonal matrix with a spectrum like that of a trained
/// network: 1, 1/sqrt(2), 1/sqrt(3), ... and a negative end of a hundredth of these. So iterations that end on convergence
/// make about as many as they will; weights that are hardly trained, or two operators in turn, would let them end early.
public final class WatchedOperator<Element: Scalar>: LinearOperator {
  private let base: any LinearOperator<Element>
  private let context: RunContext
  private let expected: Int?
  private let message: String
  private let name = "products of \(UUID().uuidString)"
  private var products = 0

  /// Watches an operator. Its progress is shown with the message if it is said how many products are wanted, about.
  public init(
    _ base: any LinearOperator<Element>, expected: Int? = nil, _ message: String = "", in context: RunContext
  ) {
    self.base = base
    self.context = context
    self.expected = expected
    self.message = message
  }

  /// The operator's.
  public var dimension: Int { base.dimension }

  /// The operator's.
  public func apply(to vector: [Element], into product: inout [Element]) {
    guard !context.isAskedToStop else {
      for index in product.indices { product[index] = .nan }
      return
    }
    _ = context.repeats(name) { base.apply(to: vector, into: &product) }
    if context.isRehearsal { context.unmeasured { writeStandIn(for: vector, into: &product) } }
    products += 1
    if let expected, products & 7 == 0 {
      context.progress(Double(products) / Double(max(1, expected)), message)
    }
  }
}

/// The product with the diagonal matrix of rehearsals.
@specialized(where S == Float) @specialized(where S == Double)
private func writeStandIn<S: Scalar>(for vector: [S], into product: inout [S]) {
  for index in vector.indices {
    let size = 1 / S(index / 2 + 1).squareRoot()
    product[index] = vector[index] * (index % 2 == 0 ? size : -size / 100)
  }
}
