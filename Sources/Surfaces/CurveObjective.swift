public import Differentiation
public import Tensors

/// The mean of an objective along a path, as a function of the path's bends: what curve finding minimizes (Garipov et
/// al. 2018).
///
/// F(bends) = sum over i of q_i f(p(t_i)), a quadrature for t uniform on 0 ... 1, or (by the `key` calls) the mean at
/// times drawn at random, whose expectation is the whole integral. Points at the ends don't move and are no use as
/// times.
///
/// The gradient is sum q_i w_j(t_i) grad f(p(t_i)) for bend j. Cost: one gradient of f a time.
public struct CurveObjective<P: Path>: Objective {
  /// The objective along the path.
  public let objective: any Objective<P.Element>
  /// The path; its own bends serve as a start, and play no part in the objective.
  public let path: P
  /// The times of the quadrature.
  public let times: [Double]
  /// The quadrature's weights, which add up to 1.
  public let timeWeights: [Double]

  /// The mean over given times.
  public init(_ objective: any Objective<P.Element>, along path: P, times: [Double]) {
    precondition(!times.isEmpty, "a mean over no times")
    self.init(
      objective, path: path, times: times, weights: times.map { _ in 1 / Double(times.count) })
  }

  /// Gauss-Legendre quadrature with `pointsPerPiece` times on every smooth piece of the path.
  public init(_ objective: any Objective<P.Element>, along path: P, pointsPerPiece: Int = 8) {
    precondition(pointsPerPiece > 0, "a quadrature needs at least one point a piece, not \(pointsPerPiece)")
    let rule = GaussLegendre(pointsPerPiece)
    var times: [Double] = []
    var weights: [Double] = []
    for (start, end) in zip(path.corners, path.corners.dropFirst()) {
      times += rule.nodes.map { start + (end - start) * $0 }
      weights += rule.weights.map { (end - start) * $0 }
    }
    self.init(objective, path: path, times: times, weights: weights)
  }

  init(_ objective: any Objective<P.Element>, path: P, times: [Double], weights: [Double]) {
    precondition(
      objective.dimension == path.dimension,
      "an objective of \(objective.dimension) parameters along a path of \(path.dimension)")
    self.objective = objective
    self.path = path
    self.times = times
    timeWeights = weights
  }

  /// The number of bends times the number of parameters.
  public var dimension: Int { path.bendCount * path.dimension }

  /// The path with these bends.
  public func path(bends: [P.Element]) -> P {
    var path = self.path
    path.bends = bends
    return path
  }

  /// The quadrature of f along the path with these bends.
  public func value(at bends: [P.Element]) -> Double {
    let path = self.path(bends: bends)
    var point = [P.Element](repeating: 0, count: path.dimension)
    return zip(times, timeWeights).reduce(0) { sum, time in
      path.point(at: time.0, into: &point)
      return sum + time.1 * objective.value(at: point)
    }
  }

  /// The quadrature's gradient by the bends.
  @discardableResult
  public func gradient(at bends: [P.Element], into gradient: inout [P.Element]) -> Double {
    meanGradient(along: path(bends: bends), times: times, weights: timeWeights, into: &gradient) {
      objective.gradient(at: $0, into: &$1)
    }
  }

  /// An unbiased estimate of the whole integral's gradient from `count` times drawn uniformly by `key`; returns that of
  /// the value.
  @discardableResult
  public func gradient(
    at bends: [P.Element], key: Key, count: Int = 1, into gradient: inout [P.Element]
  ) -> Double {
    let times = uniformTimes(count, key: key)
    return meanGradient(
      along: path(bends: bends), times: times, weights: times.map { _ in 1 / Double(count) }, into: &gradient
    ) { objective.gradient(at: $0, into: &$1) }
  }

  /// Blocks sum q_i w_j(t_i) w_k(t_i) H(p(t_i)) for bends j and k, exactly, since a path is linear in its bends.
  ///
  /// Cost of a product: for each time the Hessian anew and one product with it.
  public func hessian(at bends: [P.Element]) -> any LinearOperator<P.Element> {
    CurveHessian(path: path(bends: bends), times: times, weights: timeWeights) { objective.hessian(at: $0) }
  }
}

/// The mean of minibatch losses along a path: a finite sum over the same examples as the objective's.
///
/// The whole gradient is `CurveObjective`'s quadrature. A minibatch's is taken at `timesPerBatch` random times, which
/// are a function of the key and of the batch's indices alone: training needs no further state, and resumes bit for
/// bit. The same indices in the same order therefore meet the same times; batches are to be shuffled.
public struct CurveFiniteSum<P: Path>: FiniteSumObjective {
  /// The quadrature behind the whole value, gradient and Hessian.
  public let curve: CurveObjective<P>
  private let terms: any FiniteSumObjective<P.Element>
  private let key: Key
  private let timesPerBatch: Int

  /// Creates the objective along a path.
  public init(
    _ terms: any FiniteSumObjective<P.Element>, along path: P, key: Key, timesPerBatch: Int = 1, pointsPerPiece: Int = 8
  ) {
    precondition(timesPerBatch > 0, "a batch needs at least one time, not \(timesPerBatch)")
    curve = CurveObjective(terms, along: path, pointsPerPiece: pointsPerPiece)
    self.terms = terms
    self.key = key
    self.timesPerBatch = timesPerBatch
  }

  /// The number of bends times the number of parameters.
  public var dimension: Int { curve.dimension }
  /// That of the objective.
  public var exampleCount: Int { terms.exampleCount }
  /// The quadrature over all examples.
  public func value(at bends: [P.Element]) -> Double { curve.value(at: bends) }
  /// The quadrature's gradient over all examples.
  @discardableResult
  public func gradient(at bends: [P.Element], into gradient: inout [P.Element]) -> Double {
    curve.gradient(at: bends, into: &gradient)
  }
  /// The quadrature's Hessian over all examples.
  public func hessian(at bends: [P.Element]) -> any LinearOperator<P.Element> { curve.hessian(at: bends) }

  /// Passed on to the objective.
  public func begin(step: Int, epoch: Int) { terms.begin(step: step, epoch: epoch) }

  /// The times at which a batch is evaluated.
  public func times(examples: ArraySlice<Int>) -> [Double] {
    uniformTimes(timesPerBatch, key: examples.reduce(key) { $0.child($1) })
  }

  /// The minibatch's Hessian at its times.
  public func hessian(at bends: [P.Element], examples: ArraySlice<Int>) -> any LinearOperator<P.Element> {
    let times = times(examples: examples)
    return CurveHessian(
      path: curve.path(bends: bends), times: times, weights: times.map { _ in 1 / Double(times.count) }
    ) { terms.hessian(at: $0, examples: examples) }
  }

  /// The minibatch's mean at its times, and its gradient by the bends.
  @discardableResult
  public func gradient(
    at bends: [P.Element], examples: ArraySlice<Int>, into gradient: inout [P.Element]
  ) -> Double {
    let times = times(examples: examples)
    return meanGradient(
      along: curve.path(bends: bends), times: times, weights: times.map { _ in 1 / Double(times.count) },
      into: &gradient
    ) { terms.gradient(at: $0, examples: examples, into: &$1) }
  }
}

private struct CurveHessian<P: Path>: LinearOperator {
  let path: P
  let times: [Double]
  let weights: [Double]
  let pointHessian: ([P.Element]) -> any LinearOperator<P.Element>

  var dimension: Int { path.bendCount * path.dimension }

  func apply(to vector: [P.Element], into product: inout [P.Element]) {
    clear(&product)
    guard dimension > 0 else { return }
    var point = [P.Element](repeating: 0, count: path.dimension)
    var direction = point
    var moved = point
    for (time, weight) in zip(times, weights) {
      path.point(at: time, into: &point)
      let shares = path.weights(at: time)[1...path.bendCount].map { P.Element($0) }
      P.Element.matrixVectorProduct(
        transposeA: true, rows: path.bendCount, columns: path.dimension, alpha: 1, vector, strideA: path.dimension,
        shares, beta: 0, &direction)
      pointHessian(point).apply(to: direction, into: &moved)
      path.addPullback(of: moved, at: time, times: weight, to: &product)
    }
  }
}

private func uniformTimes(_ count: Int, key: Key) -> [Double] {
  precondition(count > 0, "a mean over no times")
  var generator = key.generator()
  return (0..<count).map { _ in generator.uniform() }
}

private func meanGradient<P: Path>(
  along path: P, times: [Double], weights: [Double], into gradient: inout [P.Element],
  _ pointGradient: ([P.Element], inout [P.Element]) -> Double
) -> Double {
  clear(&gradient)
  var point = [P.Element](repeating: 0, count: path.dimension)
  var slope = point
  var sum = 0.0
  for (time, weight) in zip(times, weights) {
    path.point(at: time, into: &point)
    sum += weight * pointGradient(point, &slope)
    path.addPullback(of: slope, at: time, times: weight, to: &gradient)
  }
  return sum
}
