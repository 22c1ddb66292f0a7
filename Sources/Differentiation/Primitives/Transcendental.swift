public import Tensors

/// y = exp(x).
public struct Exponential: UnaryPrimitive {
  /// y.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { y }
  /// Through the number type's array function.
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    S.exp(count, x, y)
  }
}

/// y = log(x), for x > 0.
public struct Logarithm: UnaryPrimitive {
  /// 1/x.
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { x.reciprocal() }
  /// Through the number type's array function.
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    S.log(count, x, y)
  }
}

/// y = sin(x).
public struct Sine: UnaryPrimitive {
  /// cos(x).
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { x.cos() }
  /// Through the number type's array function.
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    S.sin(count, x, y)
  }
}

/// y = cos(x).
public struct Cosine: UnaryPrimitive {
  /// -sin(x).
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { -x.sin() }
  /// Through the number type's array function.
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    S.cos(count, x, y)
  }
}

/// y = erf(x) = 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.
public struct ErrorFunction: UnaryPrimitive {
  /// 2/sqrt(pi) exp(-x^2).
  public func derivative(_ x: Symbol, _ y: Symbol) -> Symbol? { 2 / Double.pi.squareRoot() * (-x.square()).exp() }
  /// Through the number type's array function.
  public func evaluate<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    S.erf(count, x, y)
  }
}
