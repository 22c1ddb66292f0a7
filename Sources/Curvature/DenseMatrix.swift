public import Tensors

/// A square matrix in memory, as an operator.
public struct DenseMatrix<Element: Scalar>: LinearOperator, Sendable {
  /// The order n.
  public let dimension: Int
  /// The n^2 elements, row-major: row i, column j at i n + j.
  public let elements: [Element]

  /// Creates the matrix from its elements.
  public init(_ elements: [Element], dimension: Int) {
    precondition(
      elements.count == dimension * dimension,
      "\(elements.count) elements are not a square matrix of order \(dimension)")
    self.dimension = dimension
    self.elements = elements
  }

  /// The matrix of an operator, column j being its product with unit vector j. Cost: n products and n^2 numbers.
  public init<A: LinearOperator>(of base: A) where A.Element == Element {
    let order = base.dimension
    var elements = [Element](repeating: 0, count: order * order)
    var unit = [Element](repeating: 0, count: order)
    var column = unit
    for index in 0..<order {
      unit[index] = 1
      base.apply(to: unit, into: &column)
      unit[index] = 0
      for row in 0..<order { elements[row * order + index] = column[row] }
    }
    self.init(elements, dimension: order)
  }

  /// Row `i`, column `j`.
  public subscript(i: Int, j: Int) -> Element { elements[i * dimension + j] }

  /// The largest |A_ij - A_ji|: what an operator that should be symmetric lacks of it.
  public var asymmetry: Double {
    var largest = 0.0
    for i in 0..<dimension {
      for j in 0..<i {
        let difference = abs(Double(self[i, j] - self[j, i]))
        if difference > largest || difference.isNaN { largest = difference }
      }
    }
    return largest
  }

  /// The matrix-vector product.
  public func apply(to vector: [Element], into product: inout [Element]) {
    precondition(
      vector.count == dimension && product.count == dimension,
      "a matrix of order \(dimension) and vectors of \(vector.count) and \(product.count)")
    guard dimension > 0 else { return }
    Element.matrixVectorProduct(
      transposeA: false, rows: dimension, columns: dimension, alpha: 1, elements, strideA: dimension, vector, beta: 0,
      &product)
  }
}

/// All eigenvalues and eigenvectors of a small symmetric matrix, by LAPACK in Float64: the reference for the other
/// methods.
public struct DenseSpectrum: Sendable {
  /// The eigenvalues, ascending.
  public let values: [Double]
  /// Eigenvector i in elements i n ..< (i + 1) n.
  public let vectors: [Double]

  /// Decomposes (A + A')/2. Returns `nil` when LAPACK reports no convergence, as with a NaN. Cost: O(n^3).
  public init?<Element: Scalar>(of matrix: DenseMatrix<Element>) {
    let order = matrix.dimension
    var symmetric = [Double](repeating: 0, count: order * order)
    for i in 0..<order {
      for j in 0..<order { symmetric[i * order + j] = (Double(matrix[i, j]) + Double(matrix[j, i])) / 2 }
    }
    guard symmetric.allSatisfy(\.isFinite),
      let values = Double.symmetricEigenvalues(order: order, matrix: &symmetric)
    else { return nil }
    self.values = values
    vectors = symmetric
  }

  /// Decomposes an operator's matrix. Cost: n products, n^2 numbers and O(n^3).
  public init?<A: LinearOperator>(of base: A) { self.init(of: DenseMatrix(of: base)) }
}
