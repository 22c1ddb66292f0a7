public import Tensors

/// The neural tangent kernel J J' of a network on its examples at one point, as an operator on vectors [n o], example
/// by example and output by output (Jacot, Gabriel & Hongler 2018).
public final class TangentKernelOperator<S: Scalar>: LinearOperator {
  private let jacobian: NetworkJacobian<S>
  private var direction: [S]

  init(_ jacobian: NetworkJacobian<S>) {
    self.jacobian = jacobian
    direction = [S](repeating: 0, count: jacobian.columnCount)
  }

  /// Examples times outputs.
  public var dimension: Int { jacobian.rowCount }

  /// J (J' `vector`): one backward and one forward pass over all examples.
  public func apply(to vector: [S], into product: inout [S]) {
    jacobian.applyTransposed(to: vector, into: &direction)
    jacobian.apply(to: direction, into: &product)
  }
}

extension NetworkObjective {
  /// The empirical neural tangent kernel at `point`: Theta[(i, k), (j, l)] = <d z_k(x_i) / d theta, d z_l(y_j) / d
  /// theta>, for the objective's n examples x and the m examples y of `other` (by default the same): [n o, m o].
  ///
  /// It is contracted from blocks of Jacobian rows that fit into the memory budget. Cost: (n o) (m o) parameters
  /// multiplications, half of that without `other`; the rows of `other` are formed anew for each block of the first.
  public func neuralTangentKernel(at point: [S], with other: Examples<S>? = nil) -> Tensor<S> {
    kernel(at: point, with: other, rowsPerExample: network.outputShape.count)
  }

  /// The empirical neural tangent kernel traced over outputs: the sum over k of Theta[(i, k), (j, k)], [n, m].
  ///
  /// Divide by the number of outputs for the mean that others print.
  public func tracedNeuralTangentKernel(at point: [S], with other: Examples<S>? = nil) -> Tensor<S> {
    kernel(at: point, with: other, rowsPerExample: 1)
  }

  /// The empirical neural tangent kernel on the objective's examples as an operator; activations are kept between
  /// products.
  public func neuralTangentKernelOperator(at point: [S]) -> TangentKernelOperator<S> {
    TangentKernelOperator(jacobian(at: point))
  }

  /// J J' with an example's part of J read as `rowsPerExample` rows: as many as outputs, or a single long one.
  private func kernel(at point: [S], with other: Examples<S>?, rowsPerExample: Int) -> Tensor<S> {
    let second = other ?? examples
    let (outputs, parameters) = (network.outputShape.count, dimension)
    let length = outputs * parameters / rowsPerExample
    let width = second.count * rowsPerExample
    var kernel = Tensor<S>(repeating: 0, shape: [examples.count * rowsPerExample, width])
    let (left, right) = (jacobian(at: point), NetworkJacobian(self, of: second, at: point))
    let blockSize = max(1, memoryBudget / (2 * outputs * parameters * MemoryLayout<S>.stride))
    for rows in blocks(of: examples.count, size: blockSize) {
      let a = left.rows(of: rows)
      for columns in blocks(of: second.count, size: blockSize)
      where other != nil || columns.lowerBound >= rows.lowerBound {
        let isDiagonal = other == nil && columns == rows
        let b = isDiagonal ? a : right.rows(of: columns)
        let corner = rows.lowerBound * rowsPerExample * width + columns.lowerBound * rowsPerExample
        kernel.elements.withUnsafeMutableBufferPointer { kernel in
          S.matrixProduct(
            transposeA: false, transposeB: true, rows: rows.count * rowsPerExample,
            columns: columns.count * rowsPerExample, inner: length, alpha: 1, a.elements, strideA: length, b.elements,
            strideB: length, beta: 0, kernel.baseAddress! + corner, strideC: width)
        }
      }
    }
    if other == nil { mirror(&kernel.elements, order: width) }
    return kernel
  }

  private func blocks(of count: Int, size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }
}

/// Copies what stands above the diagonal below it.
private func mirror<S: Scalar>(_ matrix: inout [S], order: Int) {
  for row in 0..<order {
    for column in 0..<row { matrix[row * order + column] = matrix[column * order + row] }
  }
}
