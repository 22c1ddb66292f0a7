import Differentiation
import Tensors

/// A matrix that is a sum over chunks of examples, plus the penalty's part: a network's Hessian, Gauss-Newton or Fisher
/// matrix at one point.
///
/// Several directions share the first stage of chunks that are not kept.
final class ChunkedOperator<S: Scalar>: LinearOperator {
  let dimension: Int
  private let plan: ChunkedPlan<S>
  private let penalty: L2Penalty?
  private var partial: [S]

  init(_ plan: ChunkedPlan<S>, dimension: Int, penalty: L2Penalty?) {
    self.plan = plan
    self.dimension = dimension
    self.penalty = penalty
    partial = [S](repeating: 0, count: plan.chunks.count > 1 ? dimension : 0)
  }

  func apply(to vector: [S], into product: inout [S]) {
    precondition(
      vector.count == dimension && product.count == dimension,
      "an operator of dimension \(dimension) applied to \(vector.count) elements into \(product.count)")
    vector.withUnsafeBufferPointer { vector in
      product.withUnsafeMutableBufferPointer { product in
        apply(to: vector.baseAddress!, into: product.baseAddress!, rows: 1)
      }
    }
  }

  func apply(toRowsOf block: Tensor<S>, into products: inout Tensor<S>) {
    precondition(
      block.shape.rank == 2 && block.shape[1] == dimension && products.shape == block.shape,
      "an operator of dimension \(dimension) applied to rows of \(block.shape) into rows of \(products.shape)"
    )
    let rows = block.shape[0]
    guard rows > 0 else { return }
    block.elements.withUnsafeBufferPointer { vectors in
      products.elements.withUnsafeMutableBufferPointer { products in
        apply(to: vectors.baseAddress!, into: products.baseAddress!, rows: rows)
      }
    }
  }

  private func apply(to vectors: UnsafePointer<S>, into products: UnsafeMutablePointer<S>, rows: Int) {
    let dimension = dimension
    partial.withUnsafeMutableBufferPointer { partial in
      let made = PassWatch.forEach(plan.chunks.count) { number in
        let workspace = plan.prepared(number)
        for row in 0..<rows {
          let product = products + row * dimension
          workspace.bind(input: plan.directionInput, to: vectors + row * dimension)
          workspace.bind(output: 0, to: number == 0 ? product : partial.baseAddress!)
          workspace.run()
          if number > 0 { S.axpy(dimension, 1, partial.baseAddress!, product) }
        }
      }
      let seen = plan.chunks[made - 1].upperBound
      scaleUp(products, count: rows * dimension, seen: seen, of: plan.examples.count)
    }
    if let penalty {
      for row in 0..<rows { penalty.addProduct(with: vectors + row * dimension, to: products + row * dimension) }
    }
  }
}
