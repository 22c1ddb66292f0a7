internal import Foundation
public import Tensors

/// An operator that reports its products as progress and can be stopped.
///
/// Estimators don't know of cancellation, but all end on a NaN. When the run is asked to stop, products become NaN; who
/// uses the estimator calls `checkCancellation` before it keeps the result. In a rehearsal, once enough products have been
/// timed, those of a diagonal matrix stand for the others, its eigenvalues 1, 1/sqrt(2), 1/sqrt(3), ...
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
    if !context.repeats(name, { base.apply(to: vector, into: &product) }) {
      context.unmeasured {
        for index in product.indices { product[index] = vector[index] / Element(index + 1).squareRoot() }
      }
    }
    products += 1
    if let expected, products & 7 == 0 {
      context.progress(Double(products) / Double(max(1, expected)), message)
    }
    do {
      try context.checkCancellation()
    } catch {
      for index in product.indices { product[index] = .nan }
    }
  }
}
