public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// f(x) = t log sum over i of exp((a_i' x - b_i) / t): a smooth maximum of m affine functions, convex.
///
/// Its Hessian is A' (diag p - p p') A / t with p the softmax; diag p - p p' has no eigenvalue above 1/2 (Gershgorin),
/// so L = lambda_max(A'A) / (2 t).
public struct LogSumExp<Element: Scalar>: AnalyticObjective {
  /// The slopes A, [terms, dimension] row-major.
  public let slopes: [Element]
  /// The offsets b, one a term.
  public let offsets: [Element]
  /// The temperature t.
  public let temperature: Double
  /// The number of parameters.
  public let dimension: Int
  private let bound: Double

  /// Creates the function from its slopes and offsets.
  public init(slopes: [Element], offsets: [Element], dimension: Int, temperature: Double = 1) {
    precondition(
      slopes.count == offsets.count * dimension && !offsets.isEmpty,
      "\(slopes.count) slopes for \(offsets.count) terms in \(dimension) parameters")
    precondition(temperature > 0, "a temperature is positive, not \(temperature)")
    self.slopes = slopes
    self.offsets = offsets
    self.dimension = dimension
    self.temperature = temperature
    bound = largestSquaredSingularValue(slopes, rows: offsets.count, columns: dimension) / (2 * temperature)
  }

  /// Standard normal slopes and offsets.
  public init(terms: Int, dimension: Int, temperature: Double = 1, key: Key) {
    var generator = key.generator()
    self.init(
      slopes: generator.normals(terms * dimension), offsets: generator.normals(terms), dimension: dimension,
      temperature: temperature)
  }

  /// lambda_max(A'A) / (2 t).
  public var smoothness: Double? { bound }
  /// The same everywhere.
  public func smoothness(withinRadius radius: Double) -> Double { bound }
  /// 0: convex, and flat far out.
  public var strongConvexity: Double? { 0 }
  /// Not known in closed form.
  public var minimum: Double? { nil }
  /// Not known in closed form.
  public var minimizer: [Element]? { nil }

  /// The value, with the largest exponent taken out.
  public func value(at point: [Element]) -> Double { softmax(at: point).value }

  /// A' p.
  @discardableResult
  public func gradient(at point: [Element], into gradient: inout [Element]) -> Double {
    checkDimension(point, gradient)
    let (value, shares) = softmax(at: point)
    multiply(slopes, rows: offsets.count, columns: dimension, transposed: true, shares, into: &gradient)
    return value
  }

  /// A' (diag p - p p') A / t.
  public func hessian(at point: [Element]) -> any LinearOperator<Element> {
    let shares = softmax(at: point).shares
    return CurvedRows(
      dimension: dimension, rows: slopes, curvatures: shares.map { $0 / Element(temperature) }, shares: shares, ridge: 0
    )
  }

  private func softmax(at point: [Element]) -> (value: Double, shares: [Element]) {
    checkDimension(point)
    var exponents = offsets.map { -$0 }
    multiply(slopes, rows: offsets.count, columns: dimension, point, adding: 1, into: &exponents)
    let scaled = exponents.map { Double($0) / temperature }
    let largest = scaled.reduce(-Double.infinity) { $1.isNaN || $1 > $0 ? $1 : $0 }
    let powers = scaled.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return (temperature * (largest + log(sum)), powers.map { Element($0 / sum) })
  }
}

/// v -> X' (c . u) + ridge v with u = X v, or u = X v - (p' X v) 1 when there are shares p: the Hessian of a function
/// of X v.
struct CurvedRows<Element: Scalar>: LinearOperator {
  let dimension: Int
  let rows: [Element]
  let curvatures: [Element]
  let shares: [Element]?
  let ridge: Element

  @specialized(where Element == Float) @specialized(where Element == Double)
  func apply(to vector: [Element], into product: inout [Element]) {
    var outputs = [Element](repeating: 0, count: curvatures.count)
    multiply(rows, rows: curvatures.count, columns: dimension, vector, into: &outputs)
    let mean = shares.map { $0.dot(outputs) } ?? 0
    for index in outputs.indices { outputs[index] = curvatures[index] * (outputs[index] - mean) }
    multiply(rows, rows: curvatures.count, columns: dimension, transposed: true, outputs, into: &product)
    if ridge != 0 { product.add(ridge, times: vector) }
  }
}
