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
  /// The products that were made so far.
  package private(set) var products = 0

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
    guard !isStopped(&product) else { return }
    _ = context.repeats(name) { base.apply(to: vector, into: &product) }
    finish(1, vector, into: &product)
  }

  /// The operator's, which may share work among the rows.
  public func apply(toRowsOf block: Tensor<Element>, into products: inout Tensor<Element>) {
    let rows = block.shape[0]
    guard !isStopped(&products.elements) else { return }
    _ = context.repeats("\(name), \(rows) at a time") { base.apply(toRowsOf: block, into: &products) }
    finish(rows, block.elements, into: &products.elements)
  }

  /// Whether the run is asked to stop; then NaN is written.
  private func isStopped(_ results: inout [Element]) -> Bool {
    guard context.isAskedToStop else { return false }
    for index in results.indices { results[index] = .nan }
    return true
  }

  /// Counts `count` products that were written one after the other, and replaces them in a rehearsal.
  private func finish(_ count: Int, _ vectors: [Element], into results: inout [Element]) {
    if context.isRehearsal { context.unmeasured { writeStandIn(for: vectors, dimension: dimension, into: &results) } }
    let before = products
    products += count
    if let expected, products >> 3 != before >> 3 {
      context.progress(Double(products) / Double(max(1, expected)), message)
    }
  }
}

/// The products of one or more vectors with the diagonal matrix of rehearsals.
@specialized(where S == Float) @specialized(where S == Double)
private func writeStandIn<S: Scalar>(for vectors: [S], dimension: Int, into products: inout [S]) {
  for start in stride(from: 0, to: vectors.count, by: max(1, dimension)) {
    for index in 0..<dimension {
      let size = 1 / S(index / 2 + 1).squareRoot()
      products[start + index] = vectors[start + index] * (index % 2 == 0 ? size : -size / 100)
    }
  }
}
