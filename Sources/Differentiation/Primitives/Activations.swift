public import Tensors

/// y = max(x, 0), with derivative 0 at 0 and second derivative 0.
public struct ReLU: UnaryPrimitive {
  /// 1 where y > 0, which is where x > 0.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { y.step() }
  /// Clamps; NaN stays NaN.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    map(count, x, y) { $0 < 0 ? 0 : $0 }
  }
}

/// y = tanh(x).
public struct HyperbolicTangent: UnaryPrimitive {
  /// 1 - y^2.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { y.complementOfSquare() }
  /// Through the number type's array function.
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    S.tanh(count, x, y)
  }
}

/// y = 1 - x^2, the derivative of tanh by its value, in one pass.
public struct ComplementOfSquare: UnaryPrimitive {
  /// -2x.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { -2 * x }
  /// Squares and subtracts.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    map(count, x, y) { 1 - $0 * $0 }
  }
}

/// y = 1 / (1 + exp(-x)).
public struct Sigmoid: UnaryPrimitive {
  /// y (1 - y).
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { y * (1 - y) }
  /// Through the number type's array function.
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    S.sigmoid(count, x, y)
  }
}

/// y = log(1 + exp(x)).
public struct Softplus: UnaryPrimitive {
  /// The sigmoid of x.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { x.sigmoid() }
  /// Through the number type's array function.
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    S.softplus(count, x, y)
  }
}

extension Symbol {
  /// The Gaussian error linear unit x Phi(x), Phi the normal distribution function, in its exact form.
  public func gelu() -> Symbol { self * (0.5 * (1 + (0.5.squareRoot() * self).erf())) }
}
