public import Tensors

/// Gradient descent with the steps of Barzilai & Borwein (1988): with s and y the last changes of parameters and gradient,
/// the rate is s's / s'y (the long one) or s'y / y'y (the short one).
///
/// The learning rate is that of the first step, and of every step before which s'y is not above zero. In two dimensions a
/// quadratic is finished R-superlinearly. For whole objectives: on batches y is mostly noise.
public struct BarzilaiBorwein<Element: Scalar>: DescentMethod {
  /// Whether the short steps are made.
  public let isShort: Bool
  private var point: [Element]
  private var gradient: [Element]
  private var count = 0

  /// Creates the method for `dimension` parameters.
  public init(dimension: Int, isShort: Bool = false) {
    self.isShort = isShort
    point = [Element](repeating: 0, count: dimension)
    gradient = point
  }

  /// "barzilai-borwein".
  public var name: String { "barzilai-borwein" }
  /// The number of parameters.
  public var dimension: Int { point.count }

  /// The last parameters and gradient, and the steps made.
  public var memory: MethodMemory<Self> {
    MethodMemory(vectors: ["point": \.point, "gradient": \.gradient], counters: ["count": \.count])
  }

  /// One step.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    var rate = learningRate
    if count > 0 {
      let change = products(parameters, oracle.gradient)
      if change.sy > 0 { rate = isShort ? change.sy / change.yy : change.ss / change.sy }
    }
    count += 1
    assign(parameters, to: &point)
    assign(oracle.gradient, to: &gradient)
    parameters.add(Element(-rate), times: oracle.gradient)
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  private func products(_ parameters: [Element], _ slope: [Element]) -> (ss: Double, sy: Double, yy: Double) {
    var (ss, sy, yy) = (0.0, 0.0, 0.0)
    for index in parameters.indices {
      let s = Double(parameters[index] - point[index])
      let y = Double(slope[index] - gradient[index])
      ss += s * s
      sy += s * y
      yy += y * y
    }
    return (ss, sy, yy)
  }
}
