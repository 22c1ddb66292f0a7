public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// f(x) = 1/2 (x - c)' A (x - c) for a symmetric matrix A: its Hessian is A everywhere, its smoothness the largest
/// |eigenvalue|.
///
///     let quadratic = Quadratic<Double>(spectrum: [100, 10, 1, -1], rotatedBy: Key(seed: 1))
public struct Quadratic<Element: Scalar>: AnalyticObjective {
  /// How A is kept.
  enum Matrix: Sendable {
    case diagonal([Element])
    case dense([Element])
  }

  let matrix: Matrix
  /// The centre c: the minimizer when A is positive.
  public let center: [Element]
  /// The eigenvalues of A in ascending order.
  public let eigenvalues: [Double]

  /// The diagonal matrix with this spectrum in the order given; `center` is the origin unless said otherwise.
  public init(spectrum: [Double], center: [Element]? = nil) {
    self.init(.diagonal(spectrum.map { Element($0) }), eigenvalues: spectrum.sorted(), center: center)
  }

  /// A = Q diag(spectrum) Q' with Q uniform among the orthogonal matrices (Haar), drawn by `key`.
  ///
  /// A is formed in Float64 and rounded. Cost: 2 n^3 for dimension n, once.
  public init(spectrum: [Double], rotatedBy key: Key, center: [Element]? = nil) {
    let order = spectrum.count
    let rows = randomOrthogonalMatrix(order: order, key: key)
    var scaled = rows
    for row in 0..<order { for column in 0..<order { scaled[row * order + column] *= spectrum[row] } }
    var product = [Double](repeating: 0, count: order * order)
    if order > 0 {
      Double.matrixProduct(
        transposeA: true, transposeB: false, rows: order, columns: order, inner: order, alpha: 1, rows, strideA: order,
        scaled, strideB: order, beta: 0, &product, strideC: order)
    }
    for row in 0..<order { for column in 0..<row { product[row * order + column] = product[column * order + row] } }
    self.init(.dense(product.map { Element($0) }), eigenvalues: spectrum.sorted(), center: center)
  }

  /// The quadratic of a symmetric matrix, row-major. Cost: its dense eigenvalues, once.
  public init(matrix elements: [Element], dimension: Int, center: [Element]? = nil) {
    precondition(
      elements.count == dimension * dimension,
      "\(elements.count) elements are not a square matrix of order \(dimension)")
    for row in 0..<dimension {
      for column in 0..<row {
        precondition(
          elements[row * dimension + column] == elements[column * dimension + row],
          "the matrix of a quadratic is symmetric, and elements (\(row), \(column)) and (\(column), \(row)) differ")
      }
    }
    var copy = elements.map { Double($0) }
    let values = Double.symmetricEigenvalues(order: dimension, matrix: &copy)
    self.init(
      .dense(elements), eigenvalues: values ?? [Double](repeating: .nan, count: dimension), center: center)
  }

  private init(_ matrix: Matrix, eigenvalues: [Double], center: [Element]?) {
    let center = center ?? [Element](repeating: 0, count: eigenvalues.count)
    precondition(
      center.count == eigenvalues.count, "a center of \(center.count) and a spectrum of \(eigenvalues.count) numbers")
    self.matrix = matrix
    self.center = center
    self.eigenvalues = eigenvalues
  }

  /// The number of parameters.
  public var dimension: Int { center.count }
  /// The largest absolute eigenvalue.
  public var smoothness: Double? { eigenvalues.reduce(0) { max($0, abs($1)) } }
  /// The same everywhere.
  public func smoothness(withinRadius radius: Double) -> Double { eigenvalues.reduce(0) { max($0, abs($1)) } }
  /// The smallest eigenvalue, unless it is negative.
  public var strongConvexity: Double? { eigenvalues.allSatisfy { $0 >= 0 } ? eigenvalues.first : nil }
  /// 0 when A has no negative eigenvalue.
  public var minimum: Double? { strongConvexity == nil ? nil : 0 }
  /// The center when A has no negative eigenvalue.
  public var minimizer: [Element]? { strongConvexity == nil ? nil : center }

  /// A in full, row-major.
  public var denseMatrix: [Element] {
    switch matrix {
    case .dense(let elements): return elements
    case .diagonal(let diagonal):
      var elements = [Element](repeating: 0, count: dimension * dimension)
      for index in diagonal.indices { elements[index * (dimension + 1)] = diagonal[index] }
      return elements
    }
  }

  /// 1/2 (x - c)' A (x - c).
  public func value(at point: [Element]) -> Double {
    var gradient = [Element](repeating: 0, count: dimension)
    return self.gradient(at: point, into: &gradient)
  }

  /// A (x - c).
  @discardableResult
  public func gradient(at point: [Element], into gradient: inout [Element]) -> Double {
    checkDimension(point, gradient)
    switch matrix {
    case .diagonal(let diagonal): return diagonalGradient(diagonal, point, &gradient)
    case .dense(let elements):
      var difference = point
      difference.add(-1, times: center)
      multiply(elements, rows: dimension, columns: dimension, difference, into: &gradient)
      return halfProduct(difference, gradient)
    }
  }

  /// A.
  public func hessian(at point: [Element]) -> any LinearOperator<Element> {
    switch matrix {
    case .diagonal(let diagonal): return DiagonalOperator(diagonal: diagonal)
    case .dense(let elements): return DenseOperator(dimension: dimension, elements: elements)
    }
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  private func diagonalGradient(_ diagonal: [Element], _ point: [Element], _ gradient: inout [Element]) -> Double {
    var sum = 0.0
    for index in diagonal.indices {
      let difference = point[index] - center[index]
      gradient[index] = diagonal[index] * difference
      sum += Double(gradient[index]) * Double(difference)
    }
    return sum / 2
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  private func halfProduct(_ x: [Element], _ y: [Element]) -> Double {
    var sum = 0.0
    for index in x.indices { sum += Double(x[index]) * Double(y[index]) }
    return sum / 2
  }
}

/// `count` numbers from `first` to `last` in geometric progression: the spectrum of condition number last / first.
public func geometricSpectrum(from first: Double, to last: Double, count: Int) -> [Double] {
  precondition(first > 0 && last > 0, "a geometric progression needs positive ends, not \(first) and \(last)")
  precondition(count > 1 || first == last, "\(count) numbers don't reach from \(first) to \(last)")
  return (0..<count).map { index in
    if index == 0 { return first }
    if index == count - 1 { return last }
    return first * exp(log(last / first) * Double(index) / Double(count - 1))
  }
}

/// An orthogonal matrix from the uniform (Haar) distribution, row-major: the orthonormalized rows of a normal matrix.
///
/// Cost: 4 n^3 operations.
public func randomOrthogonalMatrix(order: Int, key: Key) -> [Double] {
  var generator = key.generator()
  var rows: [Double] = generator.normals(order * order)
  var coefficients = [Double](repeating: 0, count: order)
  rows.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return }
    for row in 0..<order {
      let current = base + row * order
      // Twice is enough (Parlett): the second pass removes what rounding left of the first.
      for _ in 0..<(row == 0 ? 0 : 2) {
        Double.matrixVectorProduct(
          transposeA: false, rows: row, columns: order, alpha: 1, base, strideA: order, current, beta: 0, &coefficients)
        Double.matrixVectorProduct(
          transposeA: true, rows: row, columns: order, alpha: -1, base, strideA: order, coefficients, beta: 1, current)
      }
      let length = Double.norm(order, current)
      for column in 0..<order { current[column] /= length }
    }
  }
  return rows
}
