internal import Curvature
public import Differentiation
internal import Optimizers
public import Tensors

/// Half the squared norm of an objective's gradient, |g|^2 / 2: zero at critical points of any kind.
///
/// Its gradient is H g, one product with the Hessian.
final class SquaredGradientNorm<Element: Scalar>: Objective {
  private let base: any Objective<Element>
  private var own: [Element]

  init(_ base: any Objective<Element>) {
    self.base = base
    own = [Element](repeating: 0, count: base.dimension)
  }

  var dimension: Int { base.dimension }

  func value(at point: [Element]) -> Double {
    base.gradient(at: point, into: &own)
    return Double(own.dot(own)) / 2
  }

  func gradient(at point: [Element], into gradient: inout [Element]) -> Double {
    let value = value(at: point)
    base.hessian(at: point).apply(to: own, into: &gradient)
    return value
  }

  /// H^2: what the true Hessian is where g = 0, and its Gauss-Newton part elsewhere.
  func hessian(at point: [Element]) -> any LinearOperator<Element> { SquaredOperator(base.hessian(at: point)) }
}

/// A^2.
private final class SquaredOperator<Element: Scalar>: LinearOperator {
  private let base: any LinearOperator<Element>
  private var between: [Element]

  init(_ base: any LinearOperator<Element>) {
    self.base = base
    between = [Element](repeating: 0, count: base.dimension)
  }

  var dimension: Int { base.dimension }

  func apply(to vector: [Element], into product: inout [Element]) {
    base.apply(to: vector, into: &between)
    base.apply(to: between, into: &product)
  }
}

/// Where a search for a critical point came to.
public struct CriticalPoint<Element: Scalar>: Sendable {
  /// How a search ended.
  public enum Ending: String, CaseIterable, Sendable {
    /// The gradient's norm is within the tolerance.
    case critical
    /// The squared norm has all but stopped to fall and is not zero: the gradient lies near the Hessian's kernel.
    case flatGradient = "flat gradient"
    /// No step lowers the norm further.
    case stuck
    /// The steps were used up.
    case unfinished
    /// A number went out of bounds.
    case broken
  }

  /// The point.
  public let point: [Element]
  /// The objective there.
  public let value: Double
  /// |g| there.
  public let gradientNorm: Double
  /// All eigenvalues of the Hessian there, ascending; NaN where broken.
  public let eigenvalues: [Double]
  /// The steps of Newton's method.
  public let newtonSteps: Int
  /// How the search ended.
  public let ending: Ending
}

/// The search for a critical point of any index: |g|^2 / 2 is minimized, first by L-BFGS, then by Newton's method on g = 0
/// with Levenberg's damping, d = -(H^2 + mu I)^-1 H g.
///
/// The squared norm falls in every step, so that saddles attract as minima do. It also has minima of its own that are no
/// critical points, and most searches come near one (Frye et al. 2021). From there the search goes on by one step of Newton's
/// method without damping, of at most half the point's length, up to `kicks` times; each result says how it ended. In dense
/// form: each of Newton's steps takes n products and O(n^3).
public struct CriticalPointSearch: Sendable {
  /// Steps of L-BFGS.
  public var descentSteps: Int
  /// Steps of Newton's method at most.
  public var newtonSteps: Int
  /// How often the search leaves a region where the squared norm has stopped to fall.
  public var kicks: Int
  /// The norm of the gradient at a critical point.
  public var tolerance: Double

  /// Creates the search.
  public init(descentSteps: Int = 50, newtonSteps: Int = 400, kicks: Int = 10, tolerance: Double = 1e-8) {
    self.kicks = kicks
    self.descentSteps = descentSteps
    self.newtonSteps = newtonSteps
    self.tolerance = tolerance
  }

  /// Searches from a point. `check` is called between steps and may end the search by throwing.
  public func callAsFunction<Element: Scalar>(
    of objective: any Objective<Element>, from start: [Element], check: () throws -> Void = {}
  ) rethrows -> CriticalPoint<Element> {
    var point = start
    let oracle = StepOracle<Element>(SquaredGradientNorm(objective))
    var descent = LBFGS<Element>(dimension: start.count)
    for _ in 0..<descentSteps {
      try check()
      let half = oracle.move(to: point)
      guard (2 * half).squareRoot() > tolerance else { break }
      descent.step(parameters: &point, on: oracle, learningRate: 1)
    }
    return try newton(objective, from: point, check)
  }

  private func newton<Element: Scalar>(
    _ objective: any Objective<Element>, from start: [Element], _ check: () throws -> Void
  ) rethrows -> CriticalPoint<Element> {
    var iterate = NewtonIterate(objective, at: start)
    var ending = CriticalPoint<Element>.Ending.unfinished
    var (steps, kicks) = (0, 0)
    var watch = Progress()
    while true {
      try check()
      iterate.decompose()
      if iterate.spectrum == nil { ending = .broken }
      if iterate.norm <= tolerance { ending = .critical }
      guard ending == .unfinished, steps < newtonSteps else { break }
      if iterate.isFlat || watch.hasStalled(at: iterate.norm) {
        if kicks < self.kicks { iterate.kick() } else { ending = .flatGradient }
        kicks += 1
        watch = Progress()
      } else if !iterate.step() {
        ending = .stuck
      } else {
        steps += 1
      }
    }
    return CriticalPoint(
      point: iterate.point, value: objective.value(at: iterate.point), gradientNorm: iterate.norm,
      eigenvalues: iterate.spectrum?.values ?? start.map { _ in .nan }, newtonSteps: steps, ending: ending)
  }
}

/// Whether a norm goes on falling: by a tenth in 20 steps.
private struct Progress {
  private var reference = Double.infinity
  private var steps = 0

  mutating func hasStalled(at norm: Double) -> Bool {
    steps += 1
    if norm < 0.9 * reference { (reference, steps) = (norm, 0) }
    return steps >= 20
  }
}

/// A point of Newton's method with Levenberg's damping.
private struct NewtonIterate<Element: Scalar> {
  private let objective: any Objective<Element>
  private(set) var point: [Element]
  private(set) var gradient: [Element]
  private(set) var spectrum: DenseSpectrum?
  private var damping = 1e-3
  private var growth = 2.0

  init(_ objective: any Objective<Element>, at point: [Element]) {
    self.objective = objective
    self.point = point
    gradient = objective.gradient(at: point)
  }

  var norm: Double { Double(gradient.norm) }

  private var scale: Double { spectrum.map { max(abs($0.values.first ?? 0), abs($0.values.last ?? 0)) } ?? 0 }

  mutating func decompose() { spectrum = DenseSpectrum(of: objective.hessian(at: point)) }

  /// The components of the gradient along the eigenvectors.
  private func components(_ spectrum: DenseSpectrum) -> [Double] {
    let n = gradient.count
    var found = [Double](repeating: 0, count: n)
    Double.matrixVectorProduct(
      transposeA: false, rows: n, columns: n, alpha: 1, spectrum.vectors, strideA: n, gradient.map { Double($0) },
      beta: 0, &found)
    return found
  }

  /// Whether |H g| is nothing beside |H| |g|.
  var isFlat: Bool {
    guard let spectrum else { return false }
    let slope = zip(spectrum.values, components(spectrum)).reduce(0) { $0 + ($1.0 * $1.1) * ($1.0 * $1.1) }
    return slope.squareRoot() <= 1e-7 * scale * norm
  }

  /// One step that lowers the norm; `false` when there is none. The damping is in units of the largest eigenvalue squared
  /// and follows the ratio of the reduction to the one foreseen (Nielsen 1999).
  mutating func step() -> Bool {
    guard let spectrum else { return false }
    let along = components(spectrum)
    let square = norm * norm
    while damping < 1e20 {
      let shift = damping * scale * scale
      let shares = spectrum.values.map { -$0 / ($0 * $0 + shift) }
      let remainders = spectrum.values.map { shift / ($0 * $0 + shift) }
      let foreseen = zip(along, remainders).reduce(0) { $0 + $1.0 * $1.0 * (1 - $1.1 * $1.1) }
      let candidate = moved(along: zip(along, shares).map(*), spectrum)
      let there = objective.gradient(at: candidate)
      let ratio = (square - Double(there.dot(there))) / foreseen
      if ratio > 1e-4 {
        let deviation = 2 * ratio - 1
        damping = max(1e-30, damping * max(1 / 3.0, 1 - deviation * deviation * deviation))
        growth = 2
        (point, gradient) = (candidate, there)
        return true
      }
      damping *= growth
      growth *= 2
    }
    return false
  }

  /// One step of Newton's method without damping, of at most half the point's length.
  mutating func kick() {
    guard let spectrum else { return }
    let coefficients = zip(spectrum.values, components(spectrum)).map { value, component in
      abs(value) > 1e-12 * scale ? -component / value : 0
    }
    let length = coefficients.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let share = min(1, 0.5 * Double(point.norm) / length)
    point = moved(along: coefficients.map { share * $0 }, spectrum)
    gradient = objective.gradient(at: point)
    (damping, growth) = (1e-3, 2)
  }

  private func moved(along coefficients: [Double], _ spectrum: DenseSpectrum) -> [Element] {
    let n = point.count
    var step = [Double](repeating: 0, count: n)
    Double.matrixVectorProduct(
      transposeA: true, rows: n, columns: n, alpha: 1, spectrum.vectors, strideA: n, coefficients, beta: 0, &step)
    return zip(point, step).map { $0 + Element($1) }
  }
}
