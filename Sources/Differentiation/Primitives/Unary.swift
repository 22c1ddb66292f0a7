public import Tensors

/// An elementwise function of one input, known by its derivative.
public protocol UnaryPrimitive: ElementwisePrimitive {
  /// dy/dx at `x`, as a symbol of the same shape, from whichever of x and y is at hand; `nil` where it is 0 everywhere.
  func derivative(_ x: Symbol, _ y: Symbol) -> Symbol?

  /// y = f(x) for `count` elements.
  func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>)
}

extension UnaryPrimitive {
  /// One input.
  public static var inputCount: Int { 1 }

  /// The cotangent times the derivative.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [derivative(x[0], y).map { cotangent * $0 }]
  }

  /// The derivative times the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    guard let tangent = tangents[0], let derivative = derivative(x[0], y) else { return nil }
    return tangent * derivative
  }

  /// Ignores the second input.
  public func evaluate<S: Scalar>(
    _ count: Int, _ first: UnsafePointer<S>, _ second: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
  ) { evaluate(count, first, y) }
}

/// A loop of one function; inlined into each primitive, where it is specialized and vectorized.
@inline(__always)
func map<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ function: (S) -> S) {
  for index in 0..<count { y[index] = function(x[index]) }
}

/// y = factor x.
public struct Scale: UnaryPrimitive {
  /// The factor.
  public let factor: Double
  /// A constant.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { x.graph.constant(factor, shape: x.shape) }
  /// Multiplies.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    let factor = S(factor)
    map(count, x, y) { factor * $0 }
  }
}

/// y = x + offset.
public struct Offset: UnaryPrimitive {
  /// The number added.
  public let offset: Double
  /// 1.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { x.graph.constant(1, shape: x.shape) }
  /// Adds.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    let offset = S(offset)
    map(count, x, y) { $0 + offset }
  }
}

/// y = x^2.
public struct Square: UnaryPrimitive {
  /// 2x.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { 2 * x }
  /// Multiplies.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    map(count, x, y) { $0 * $0 }
  }
}

/// y = x^exponent, for x > 0 unless the exponent is a whole number.
public struct Power: UnaryPrimitive {
  /// The exponent.
  public let exponent: Double
  /// exponent x^(exponent - 1).
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { exponent * x.power(exponent - 1) }
  /// Through the number type's array function.
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    S.power(count, x, S(exponent), y)
  }
}

/// y = 1/x.
public struct Reciprocal: UnaryPrimitive {
  /// -1/x^2.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { -y.square() }
  /// Divides.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    map(count, x, y) { 1 / $0 }
  }
}

/// y = sqrt(x).
public struct SquareRoot: UnaryPrimitive {
  /// 1/(2y).
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { 0.5 * y.reciprocal() }
  /// Takes roots.
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    S.squareRoot(count, x, y)
  }
}

/// y = |x|, with derivative 0 at 0.
public struct AbsoluteValue: UnaryPrimitive {
  /// The sign.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { x.sign() }
  /// Drops signs.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    map(count, x, y) { $0.magnitude }
  }
}

/// y = -1, 0 or 1; its derivative is 0.
public struct Sign: UnaryPrimitive {
  /// 0.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { nil }
  /// Compares; NaN stays NaN.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    map(count, x, y) { $0 > 0 ? 1 : ($0 < 0 ? -1 : $0) }
  }
}

/// y = 1 for x > 0, else 0; its derivative is 0.
public struct Step: UnaryPrimitive {
  /// 0.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { nil }
  /// Compares.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    map(count, x, y) { $0 > 0 ? 1 : 0 }
  }
}
