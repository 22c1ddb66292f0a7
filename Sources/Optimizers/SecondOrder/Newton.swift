public import Tensors

/// Newton's method with a damped Hessian: p <- p - rate (H + delta I)^-1 g.
///
/// With absolute eigenvalues (saddle-free Newton, Dauphin et al. 2014) |H| takes the place of H, so that directions of
/// negative curvature are left instead of sought. Eigenvalues at which H + delta I is singular to working precision are
/// passed over. With rate 1 and no damping a quadratic is finished in one step.
/// Cost: n Hessian-vector products, n^2 numbers and O(n^3) operations in Float64: for a few thousand parameters at most.
public struct Newton<Element: Scalar>: DescentMethod {
  /// The number of parameters.
  public let dimension: Int
  /// The damping delta.
  public let damping: Double
  /// Whether eigenvalues are taken by their absolute values.
  public let isSaddleFree: Bool

  /// Creates the method for `dimension` parameters.
  public init(dimension: Int, damping: Double = 0, isSaddleFree: Bool = false) {
    precondition(damping >= 0, "damping is not negative: \(damping)")
    self.dimension = dimension
    self.damping = damping
    self.isSaddleFree = isSaddleFree
  }

  /// "newton" or "saddle-free-newton".
  public var name: String { isSaddleFree ? "saddle-free-newton" : "newton" }

  /// One step. Where the Hessian is not finite, or LAPACK finds no eigenvalues, the parameters become NaN.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    let n = dimension
    guard n > 0 else { return }
    var vectors = denseHessian(oracle.hessian(at: parameters))
    guard vectors.allSatisfy(\.isFinite), let values = Double.symmetricEigenvalues(order: n, matrix: &vectors) else {
      for index in parameters.indices { parameters[index] = .nan }
      return
    }
    let gradient = oracle.gradient.map { Double($0) }
    var coefficients = [Double](repeating: 0, count: n)
    Double.matrixVectorProduct(
      transposeA: false, rows: n, columns: n, alpha: 1, vectors, strideA: n, gradient, beta: 0, &coefficients)
    let largest = values.reduce(0) { max($0, abs($1)) } + damping
    for index in 0..<n {
      let curvature = (isSaddleFree ? abs(values[index]) : values[index]) + damping
      let isSingular = abs(curvature) <= largest * Double(n) * 0x1p-52
      coefficients[index] = isSingular ? 0 : coefficients[index] / curvature
    }
    var move = [Double](repeating: 0, count: n)
    Double.matrixVectorProduct(
      transposeA: true, rows: n, columns: n, alpha: -learningRate, vectors, strideA: n, coefficients, beta: 0, &move)
    for index in 0..<n { parameters[index] += Element(move[index]) }
  }

  /// The symmetric part of an operator's matrix in Float64.
  private func denseHessian(_ hessian: any LinearOperator<Element>) -> [Double] {
    let n = dimension
    var matrix = [Double](repeating: 0, count: n * n)
    var unit = [Element](repeating: 0, count: n)
    var column = unit
    for j in 0..<n {
      unit[j] = 1
      hessian.apply(to: unit, into: &column)
      unit[j] = 0
      for i in 0..<n {
        matrix[i * n + j] += Double(column[i]) / 2
        matrix[j * n + i] += Double(column[i]) / 2
      }
    }
    return matrix
  }
}
