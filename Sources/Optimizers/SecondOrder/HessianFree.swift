public import Tensors

/// The constants of Hessian-free optimization; the defaults are Martens'.
public struct HessianFreeConstants: Hashable, Codable, Sendable {
  /// The first lambda.
  public var damping = 1.0
  /// The most products with G in a step.
  public var iterations = 250
  /// The relative gain of the model, an iteration, below which conjugate gradients end.
  public var progress = 5e-4
  /// The share of the last solution that the next one starts from.
  public var restart = 0.95
  /// The share of the step's examples that G is taken over.
  public var curvatureShare = 1.0

  /// The defaults.
  public init() {}
}

/// Hessian-free optimization (Martens 2010): each step goes along the approximate solution d of (G + lambda I) d = -g by
/// conjugate gradients, G being the Gauss-Newton matrix; they start from the last solution times 0.95 and end when the
/// quadratic model stops gaining.
///
/// lambda follows Levenberg and Marquardt: with r the loss's change over the model's, it grows by 3/2 where r < 1/4 and
/// shrinks by 2/3 where r > 3/4. The step's length is backtracked from the learning rate by 0.8 until the loss has fallen by
/// 1 % of what the slope promises; if it never has, the parameters stay. All is of the step's batch, or of the whole
/// objective where there are no batches; G may be of a share of its examples (Martens 2010, section 4.4), which are
/// the batch's first, or drawn anew in each step.
public struct HessianFree<Element: Scalar>: DescentMethod {
  /// The constants.
  public let constants: HessianFreeConstants
  private let key: Key
  private var damping: Double
  private var direction: [Element]
  private var search: Scratch<Element>

  /// Creates the method for `dimension` parameters; the share of a whole set is drawn with `key`.
  public init(dimension: Int, constants: HessianFreeConstants = HessianFreeConstants(), key: Key = Key(seed: 0)) {
    precondition(
      constants.curvatureShare > 0 && constants.curvatureShare <= 1,
      "a Gauss-Newton matrix of the share \(constants.curvatureShare) of the examples")
    self.constants = constants
    self.key = key
    damping = constants.damping
    direction = [Element](repeating: 0, count: dimension)
    search = Scratch(dimension: dimension)
  }

  /// "hessian-free".
  public var name: String { "hessian-free" }
  /// The number of parameters.
  public var dimension: Int { direction.count }

  /// The last solution and lambda.
  public var memory: MethodMemory<Self> {
    MethodMemory(vectors: ["direction": \.direction], numbers: ["damping": \.damping])
  }

  /// One step.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    let matrix = oracle.gaussNewton(at: parameters, share: constants.curvatureShare, key: key)
    let lambda = Element(damping)
    var downhill = oracle.gradient
    assign(oracle.gradient, times: -1, to: &downhill)
    scale(&direction, by: Element(constants.restart))
    ConjugateGradient.solve(
      downhill, from: &direction,
      rule: .init(iterations: constants.iterations, progress: constants.progress)
    ) { vector, product in
      matrix.apply(to: vector, into: &product)
      product.add(lambda, times: vector)
    }
    let slope = Double(direction.dot(oracle.gradient))
    var product = direction
    matrix.apply(to: direction, into: &product)
    adaptDamping(parameters, oracle, model: slope + Double(direction.dot(product)) / 2)
    backtrack(&parameters, oracle, slope: slope, first: learningRate)
  }

  private mutating func value(_ parameters: [Element], _ length: Double, _ oracle: StepOracle<Element>) -> Double {
    assign(parameters, to: &search.vector)
    search.vector.add(Element(length), times: direction)
    return oracle.value(at: search.vector)
  }

  private mutating func adaptDamping(_ parameters: [Element], _ oracle: StepOracle<Element>, model: Double) {
    guard model < 0 else { return }
    let ratio = (value(parameters, 1, oracle) - oracle.loss) / model
    if ratio > 0.75 { damping *= 2 / 3 } else if !(ratio >= 0.25) { damping *= 1.5 }
  }

  private mutating func backtrack(
    _ parameters: inout [Element], _ oracle: StepOracle<Element>, slope: Double, first: Double
  ) {
    guard first > 0 else { return }
    var length = first
    for _ in 0..<60 {
      if value(parameters, length, oracle) <= oracle.loss + 0.01 * length * slope {
        parameters.add(Element(length), times: direction)
        return
      }
      length *= 0.8
    }
  }
}
