public import Differentiation
public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Logistic regression with a ridge: f(w) = 1/n sum over i of log(1 + exp(-y_i x_i' w)) + m/2 ||w||^2, labels y = +-1.
///
/// L = lambda_max(X'X) / (4 n) + m, strongly convex with m. As a finite sum each term carries the whole ridge, so that
/// the mean over any examples is unbiased.
public struct RegularizedLogistic<Element: Scalar>: AnalyticObjective, FiniteSumObjective {
  /// The features times their labels y_i x_i, [examples, dimension] row-major.
  let signedFeatures: [Element]
  /// The number of parameters.
  public let dimension: Int
  /// The number of terms n.
  public let exampleCount: Int
  /// The ridge m.
  public let ridge: Double
  private let bound: Double

  /// Creates the function from features [examples, dimension], row-major, and labels +1 or -1.
  public init(features: [Element], labels: [Element], dimension: Int, ridge: Double) {
    precondition(
      features.count == labels.count * dimension && !labels.isEmpty,
      "\(features.count) features for \(labels.count) examples in \(dimension) parameters")
    precondition(labels.allSatisfy { $0 == 1 || $0 == -1 }, "labels are +1 or -1")
    precondition(ridge >= 0, "a ridge is not negative: \(ridge)")
    signedFeatures = features.indices.map { features[$0] * labels[$0 / dimension] }
    self.dimension = dimension
    exampleCount = labels.count
    self.ridge = ridge
    bound =
      largestSquaredSingularValue(features, rows: labels.count, columns: dimension) / Double(4 * labels.count) + ridge
  }

  /// Standard normal features, labels from a random direction with logistic noise.
  public init(examples: Int, dimension: Int, ridge: Double, key: Key) {
    var generator = key.generator()
    let direction: [Double] = generator.normals(dimension)
    var features: [Element] = []
    var labels: [Element] = []
    for _ in 0..<examples {
      let row: [Double] = generator.normals(dimension)
      let chance = 1 / (1 + exp(-row.dot(direction)))
      labels.append(generator.uniform() < chance ? 1 : -1)
      features += row.map { Element($0) }
    }
    self.init(features: features, labels: labels, dimension: dimension, ridge: ridge)
  }

  /// lambda_max(X'X) / (4 n) + m.
  public var smoothness: Double? { bound }
  /// The same everywhere.
  public func smoothness(withinRadius radius: Double) -> Double { bound }
  /// The ridge m.
  public var strongConvexity: Double? { ridge }
  /// Not known in closed form.
  public var minimum: Double? { nil }
  /// Not known in closed form.
  public var minimizer: [Element]? { nil }

  /// The value.
  public func value(at point: [Element]) -> Double {
    let losses = margins(at: point).map { softplus(-Double($0)) }
    return losses.reduce(0, +) / Double(exampleCount) + penalty(point)
  }

  /// -1/n sum of y_i x_i / (1 + exp(y_i x_i' w)) + m w.
  @discardableResult
  public func gradient(at point: [Element], into gradient: inout [Element]) -> Double {
    checkDimension(point, gradient)
    let margins = margins(at: point)
    let weights = margins.map { Element(-logistic(-Double($0)) / Double(exampleCount)) }
    multiply(
      signedFeatures, rows: exampleCount, columns: dimension, transposed: true, weights, into: &gradient)
    gradient.add(Element(ridge), times: point)
    return margins.reduce(0) { $0 + softplus(-Double($1)) } / Double(exampleCount) + penalty(point)
  }

  /// The mean over some of the examples, with the whole ridge.
  @discardableResult
  public func gradient(at point: [Element], examples: ArraySlice<Int>, into gradient: inout [Element]) -> Double {
    checkDimension(point, gradient)
    precondition(!examples.isEmpty, "a mean over no examples")
    for index in gradient.indices { gradient[index] = Element(ridge) * point[index] }
    var sum = 0.0
    for example in examples {
      let row = Array(signedFeatures[example * dimension..<(example + 1) * dimension])
      let margin = Double(row.dot(point))
      sum += softplus(-margin)
      gradient.add(Element(-logistic(-margin) / Double(examples.count)), times: row)
    }
    return sum / Double(examples.count) + penalty(point)
  }

  /// 1/n sum of s (1 - s) x_i x_i' + m I.
  public func hessian(at point: [Element]) -> any LinearOperator<Element> {
    hessian(at: point, examples: ArraySlice(0..<exampleCount))
  }

  /// The mean over some of the examples, with the whole ridge.
  public func hessian(at point: [Element], examples: ArraySlice<Int>) -> any LinearOperator<Element> {
    precondition(!examples.isEmpty, "a mean over no examples")
    let margins = margins(at: point)
    var curvatures = [Element](repeating: 0, count: exampleCount)
    for example in examples {
      let share = logistic(Double(margins[example]))
      curvatures[example] += Element(share * (1 - share) / Double(examples.count))
    }
    return CurvedRows(
      dimension: dimension, rows: signedFeatures, curvatures: curvatures, shares: nil, ridge: Element(ridge))
  }

  private func margins(at point: [Element]) -> [Element] {
    checkDimension(point)
    var margins = [Element](repeating: 0, count: exampleCount)
    multiply(signedFeatures, rows: exampleCount, columns: dimension, point, into: &margins)
    return margins
  }

  private func penalty(_ point: [Element]) -> Double {
    ridge / 2 * point.reduce(0) { $0 + Double($1) * Double($1) }
  }
}

/// log(1 + exp(x)), without overflow.
private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

/// 1 / (1 + exp(-x)).
private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
