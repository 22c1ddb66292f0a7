public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The constants of Entropy-SGD, by the symbols of its formulas.
public struct EntropyConstants: Hashable, Codable, Sendable {
  /// L.
  public var innerSteps = 20
  /// a.
  public var innerRate = 0.1
  /// gamma.
  public var gamma = 0.03
  /// By what share gamma grows.
  public var scoping = 1e-3
  /// epsilon.
  public var noise = 1e-4
  /// alpha.
  public var averaging = 0.75

  /// The paper's constants.
  public init() {}
}

/// Entropy-SGD (Chaudhari et al. 2017): descent on the local entropy log of the integral of exp(-f(y) - gamma/2 ||x - y||^2),
/// whose gradient -gamma (x - <y>) is estimated by stochastic gradient Langevin dynamics about x.
///
/// Each step is one step of the dynamics, y <- y - a (g(y) - gamma (x - y)) + sqrt(a) epsilon n with normal n, and keeps the
/// mean m <- (1 - alpha) m + alpha y. After every L of them the centre moves, x <- x - rate gamma (x - m), and y and m begin
/// anew at x. gamma grows by the factor 1 + `scoping` with every move. Training's parameters are y; those to evaluate are x.
public struct EntropySGD<Element: Scalar>: Optimizer {
  /// The constants.
  public let constants: EntropyConstants
  private let key: Key
  private var center: [Element]
  private var mean: [Element]
  private var count = 0

  /// Creates the method for `dimension` parameters; the noise is drawn with `key`.
  public init(dimension: Int, constants: EntropyConstants = EntropyConstants(), key: Key) {
    precondition(constants.innerSteps > 0, "the dynamics make 1 step or more, not \(constants.innerSteps)")
    self.constants = constants
    self.key = key
    center = [Element](repeating: 0, count: dimension)
    mean = center
  }

  /// "entropy-sgd".
  public var name: String { "entropy-sgd" }
  /// The number of parameters.
  public var dimension: Int { center.count }

  /// The centre, the mean about it, and the steps made.
  public var memory: MethodMemory<Self> {
    MethodMemory(vectors: ["center": \.center, "mean": \.mean], counters: ["count": \.count])
  }

  /// The centre.
  public func evaluationParameters(_ parameters: [Element]) -> [Element] { count == 0 ? parameters : center }

  /// One step of the dynamics, and after every L the centre's.
  public mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double) {
    checkCounts(parameters, gradient)
    if count == 0 {
      center = parameters
      mean = parameters
    }
    let gamma = constants.gamma * pow(1 + constants.scoping, Double(count / constants.innerSteps))
    explore(&parameters, gradient, gamma: Element(gamma))
    count += 1
    if count % constants.innerSteps == 0 { moveCenter(&parameters, by: Element(learningRate * gamma)) }
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  private mutating func explore(_ parameters: inout [Element], _ gradient: [Element], gamma: Element) {
    let (rate, averaging) = (Element(constants.innerRate), Element(constants.averaging))
    let spread = constants.innerRate.squareRoot() * constants.noise
    var generator = key.child(count).generator()
    for index in parameters.indices {
      let y = parameters[index]
      let noise = spread > 0 ? Element(spread * generator.normal()) : 0
      parameters[index] = y - rate * (gradient[index] - gamma * (center[index] - y)) + noise
      mean[index] = (1 - averaging) * mean[index] + averaging * parameters[index]
    }
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  private mutating func moveCenter(_ parameters: inout [Element], by factor: Element) {
    for index in parameters.indices {
      center[index] -= factor * (center[index] - mean[index])
      mean[index] = center[index]
      parameters[index] = center[index]
    }
  }
}
