internal import Harness
internal import Tensors

/// An operator that reports its products as progress and can be stopped.
///
/// Estimators don't know of cancellation, but all end on a NaN. When the run is asked to stop, products become NaN; who
/// uses the estimator calls `checkCancellation` before it keeps the result.
final class WatchedOperator<Element: Scalar>: LinearOperator {
  private let base: any LinearOperator<Element>
  private let context: RunContext
  private let expected: Int
  private let message: String
  private var products = 0

  /// Watches an operator of which about `expected` products are wanted.
  init(_ base: any LinearOperator<Element>, expected: Int, _ message: String, in context: RunContext) {
    self.base = base
    self.context = context
    self.expected = max(1, expected)
    self.message = message
  }

  var dimension: Int { base.dimension }

  func apply(to vector: [Element], into product: inout [Element]) {
    base.apply(to: vector, into: &product)
    products += 1
    if products & 7 == 0 { context.progress(Double(products) / Double(expected), message) }
    do {
      try context.checkCancellation()
    } catch {
      for index in product.indices { product[index] = .nan }
    }
  }
}
