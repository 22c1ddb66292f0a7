import Tensors

// What functions are written with. Each operation simplifies as it builds: constants fold, neutral elements vanish,
// transposes go into matrix products.

extension Symbol {
  /// A function of every element. Transposes move outwards, where they meet others that they cancel.
  private func unary(_ primitive: some UnaryPrimitive) -> Symbol {
    if let transpose = self.primitive(Transpose.self) { return inputs[0].unary(primitive).transposed(transpose.order) }
    return graph.apply(primitive, to: [self])
  }

  /// A scalar repeated to the other's shape, where one of two operands is a scalar.
  private static func matched(_ a: Symbol, _ b: Symbol) -> (Symbol, Symbol) {
    if a.shape == b.shape { return (a, b) }
    if a.shape == [] { return (a.broadcast(to: b.shape, along: []), b) }
    if b.shape == [] { return (a, b.broadcast(to: a.shape, along: [])) }
    preconditionFailure("operands of shapes \(a.shape) and \(b.shape); broadcast(to:along:) says which axes are meant")
  }

  /// The elementwise sum; one operand may be a scalar.
  public static func + (a: Symbol, b: Symbol) -> Symbol {
    let (a, b) = matched(a, b)
    if let value = a.constantValue { return b + value }
    if let value = b.constantValue { return a + value }
    return a.graph.apply(Add(), to: [a, b])
  }

  /// The elementwise difference; one operand may be a scalar.
  public static func - (a: Symbol, b: Symbol) -> Symbol {
    let (a, b) = matched(a, b)
    if let value = a.constantValue { return -b + value }
    if let value = b.constantValue { return a + -value }
    return a.graph.apply(Subtract(), to: [a, b])
  }

  /// The elementwise product; one operand may be a scalar.
  public static func * (a: Symbol, b: Symbol) -> Symbol {
    let (a, b) = matched(a, b)
    if let value = a.constantValue { return value * b }
    if let value = b.constantValue { return value * a }
    return a.graph.apply(Multiply(), to: [a, b])
  }

  /// The elementwise quotient; one operand may be a scalar.
  public static func / (a: Symbol, b: Symbol) -> Symbol {
    let (a, b) = matched(a, b)
    if let value = b.constantValue { return 1 / value * a }
    if let value = a.constantValue { return value * b.reciprocal() }
    return a.graph.apply(Divide(), to: [a, b])
  }

  /// The negative.
  public static prefix func - (a: Symbol) -> Symbol { -1 * a }

  /// A multiple.
  public static func * (factor: Double, a: Symbol) -> Symbol {
    if factor == 1 { return a }
    if factor == 0 { return a.graph.constant(0, shape: a.shape) }
    if let value = a.constantValue { return a.graph.constant(factor * value, shape: a.shape) }
    if let inner = a.primitive(Scale.self) { return factor * inner.factor * a.inputs[0] }
    return a.unary(Scale(factor: factor))
  }

  /// A multiple.
  public static func * (a: Symbol, factor: Double) -> Symbol { factor * a }

  /// A multiple by the reciprocal.
  public static func / (a: Symbol, divisor: Double) -> Symbol { 1 / divisor * a }

  /// The sum with one number.
  public static func + (a: Symbol, offset: Double) -> Symbol {
    if offset == 0 { return a }
    if let value = a.constantValue { return a.graph.constant(value + offset, shape: a.shape) }
    return a.unary(Offset(offset: offset))
  }

  /// The sum with one number.
  public static func + (offset: Double, a: Symbol) -> Symbol { a + offset }

  /// The difference with one number.
  public static func - (a: Symbol, offset: Double) -> Symbol { a + -offset }

  /// The difference from one number.
  public static func - (number: Double, a: Symbol) -> Symbol { -a + number }

  /// A number divided by each element.
  public static func / (number: Double, a: Symbol) -> Symbol { number * a.reciprocal() }

  /// x^2.
  public func square() -> Symbol {
    if let value = constantValue { return graph.constant(value * value, shape: shape) }
    return unary(Square())
  }
  /// 1 - x^2.
  public func complementOfSquare() -> Symbol {
    if let value = constantValue { return graph.constant(1 - value * value, shape: shape) }
    return unary(ComplementOfSquare())
  }
  /// x^exponent.
  public func power(_ exponent: Double) -> Symbol {
    switch exponent {
    case 0: graph.constant(1, shape: shape)
    case 1: self
    case 2: square()
    case -1: reciprocal()
    default: unary(Power(exponent: exponent))
    }
  }
  /// 1/x.
  public func reciprocal() -> Symbol {
    if let value = constantValue { return graph.constant(1 / value, shape: shape) }
    return unary(Reciprocal())
  }
  /// sqrt(x).
  public func squareRoot() -> Symbol { unary(SquareRoot()) }
  /// |x|.
  public func absoluteValue() -> Symbol { unary(AbsoluteValue()) }
  /// -1, 0 or 1.
  public func sign() -> Symbol { unary(Sign()) }
  /// 1 for x > 0, else 0.
  public func step() -> Symbol { unary(Step()) }
  /// exp(x).
  public func exp() -> Symbol { unary(Exponential()) }
  /// log(x).
  public func log() -> Symbol { unary(Logarithm()) }
  /// sin(x).
  public func sin() -> Symbol { unary(Sine()) }
  /// cos(x).
  public func cos() -> Symbol { unary(Cosine()) }
  /// erf(x).
  public func erf() -> Symbol { unary(ErrorFunction()) }
  /// max(x, 0).
  public func relu() -> Symbol { unary(ReLU()) }
  /// tanh(x).
  public func tanh() -> Symbol { unary(HyperbolicTangent()) }
  /// 1 / (1 + exp(-x)).
  public func sigmoid() -> Symbol { unary(Sigmoid()) }
  /// log(1 + exp(x)).
  public func softplus() -> Symbol { unary(Softplus()) }
  /// 1 where this is greater than the other, else 0.
  public func isGreater(than other: Symbol) -> Symbol { graph.apply(Greater(), to: [self, other]) }
  /// The larger of two.
  public func maximum(_ other: Symbol) -> Symbol { graph.apply(Maximum(), to: [self, other]) }
  /// log softmax along the last axis.
  public func logSoftmax() -> Symbol { graph.apply(LogSoftmax(), to: [self]) }
  /// The largest element along the last axis.
  public func maximumOfRows() -> Symbol { graph.apply(MaximumOfRows(), to: [self]) }
}
