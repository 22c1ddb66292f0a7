import Differentiation
import Tensors

/// The eigenvectors and eigenvalues of a block's two factors, by which systems with the damped factors are solved.
struct KroneckerEigenbasis<Element: Scalar>: Codable, Sendable {
  private let block: KroneckerBlock
  private let inputs: SymmetricEigenbasis<Element>
  private let outputs: SymmetricEigenbasis<Element>
  /// The root of the quotient of both factors' mean eigenvalues.
  private let pi: Double

  /// Cost: O(inputs^3 + outputs^3).
  init(_ block: KroneckerBlock, inputs: ArraySlice<Element>, outputs: ArraySlice<Element>) {
    self.block = block
    self.inputs = SymmetricEigenbasis(inputs, order: block.homogeneousInputs)
    self.outputs = SymmetricEigenbasis(outputs, order: block.outputs)
    let (a, g) = (self.inputs.meanValue, self.outputs.meanValue)
    pi = a > 0 && g > 0 ? (a / g).squareRoot() : 1
  }

  /// V <- (A + pi gamma I)^-1 V (G + gamma / pi I)^-1 for the block's rows of weights, the bias being the last row.
  func solve(_ vector: inout [Element], gamma: Double) {
    var matrix = Array(vector[block.weight])
    if let bias = block.bias { matrix += vector[bias] }
    let (left, right) = (inputs.inverses(damping: pi * gamma), outputs.inverses(damping: gamma / pi))
    rotate(&matrix, back: false)
    for row in left.indices {
      for column in right.indices { matrix[row * right.count + column] *= left[row] * right[column] }
    }
    rotate(&matrix, back: true)
    vector.replaceSubrange(block.weight, with: matrix[0..<block.weight.count])
    if let bias = block.bias { vector.replaceSubrange(bias, with: matrix[block.weight.count...]) }
  }

  /// V <- U V W', or U' V W to go back, the rows of U and W being eigenvectors.
  private func rotate(_ matrix: inout [Element], back: Bool) {
    let (rows, columns) = (block.homogeneousInputs, block.outputs)
    var half = matrix
    Element.matrixProduct(
      transposeA: back, transposeB: false, rows: rows, columns: columns, inner: rows, alpha: 1, inputs.vectors,
      strideA: rows, matrix, strideB: columns, beta: 0, &half, strideC: columns)
    Element.matrixProduct(
      transposeA: false, transposeB: !back, rows: rows, columns: columns, inner: columns, alpha: 1, half,
      strideA: columns, outputs.vectors, strideB: columns, beta: 0, &matrix, strideC: columns)
  }
}

/// The eigenvectors, one a row, and eigenvalues of a symmetric matrix, computed in Float64; NaN where it is not finite.
private struct SymmetricEigenbasis<Element: Scalar>: Codable, Sendable {
  let vectors: [Element]
  let values: [Double]

  init(_ matrix: ArraySlice<Element>, order: Int) {
    var vectors = matrix.map { Double($0) }
    if vectors.allSatisfy(\.isFinite), let values = Double.symmetricEigenvalues(order: order, matrix: &vectors) {
      self.values = values
      self.vectors = vectors.map { Element($0) }
    } else {
      values = [Double](repeating: .nan, count: order)
      self.vectors = matrix.map { _ in .nan }
    }
  }

  var meanValue: Double { values.reduce(0, +) / Double(values.count) }

  /// 1 / (value + damping); 0 where that is singular to working precision.
  func inverses(damping: Double) -> [Element] {
    let smallest = (values.reduce(0) { max($0, abs($1)) } + damping) * Double(values.count) * 0x1p-52
    return values.map { abs($0 + damping) <= smallest ? 0 : Element(1 / ($0 + damping)) }
  }
}
