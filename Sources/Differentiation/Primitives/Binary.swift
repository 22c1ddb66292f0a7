public import Tensors

/// A loop over two inputs; inlined into each primitive, where it is specialized and vectorized.
@inline(__always)
func zip<S: Scalar>(
  _ count: Int, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ function: (S, S) -> S
) {
  for index in 0..<count { y[index] = function(a[index], b[index]) }
}

/// y = a + b.
public struct Add: ElementwisePrimitive {
  /// Two inputs.
  public static var inputCount: Int { 2 }
  /// The cotangent, twice.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] { [cotangent, cotangent] }
  /// The sum of the tangents.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    let moving = tangents.compactMap { $0 }
    return moving.isEmpty ? nil : Symbol.sum(of: moving)
  }
  /// Adds.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(
    _ count: Int, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
  ) { zip(count, a, b, y) { $0 + $1 } }
}

/// y = a - b.
public struct Subtract: ElementwisePrimitive {
  /// Two inputs.
  public static var inputCount: Int { 2 }
  /// The cotangent and its negative.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] { [cotangent, -cotangent] }
  /// The difference of the tangents.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    switch (tangents[0], tangents[1]) {
    case (let a?, let b?): a - b
    case (let a?, nil): a
    case (nil, let b?): -b
    case (nil, nil): nil
    }
  }
  /// Subtracts.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(
    _ count: Int, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
  ) { zip(count, a, b, y) { $0 - $1 } }
}

/// y = a b.
public struct Multiply: ElementwisePrimitive {
  /// Two inputs.
  public static var inputCount: Int { 2 }
  /// The cotangent times the other factor.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent * x[1], cotangent * x[0]]
  }
  /// The product rule.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    let terms = [tangents[0].map { $0 * x[1] }, tangents[1].map { x[0] * $0 }].compactMap { $0 }
    return terms.isEmpty ? nil : Symbol.sum(of: terms)
  }
  /// Multiplies.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(
    _ count: Int, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
  ) { zip(count, a, b, y) { $0 * $1 } }
}

/// y = a / b.
public struct Divide: ElementwisePrimitive {
  /// Two inputs.
  public static var inputCount: Int { 2 }
  /// cotangent / b and -cotangent y / b.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    let scaled = cotangent / x[1]
    return [scaled, -(scaled * y)]
  }
  /// (da - y db) / b.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    switch (tangents[0], tangents[1]) {
    case (let a?, let b?): (a - y * b) / x[1]
    case (let a?, nil): a / x[1]
    case (nil, let b?): -(y * b) / x[1]
    case (nil, nil): nil
    }
  }
  /// Divides.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(
    _ count: Int, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
  ) { zip(count, a, b, y) { $0 / $1 } }
}

/// y = 1 where a > b, else 0; its derivative is 0.
public struct Greater: ElementwisePrimitive {
  /// Two inputs.
  public static var inputCount: Int { 2 }
  /// None.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] { [nil, nil] }
  /// None.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { nil }
  /// Compares.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(
    _ count: Int, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
  ) { zip(count, a, b, y) { $0 > $1 ? 1 : 0 } }
}

/// y = the larger of a and b. The derivative goes to a where a > b, else to b.
public struct Maximum: ElementwisePrimitive {
  /// Two inputs.
  public static var inputCount: Int { 2 }
  /// The cotangent where each input is the larger.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    let first = x[0].isGreater(than: x[1])
    return [cotangent * first, cotangent * (1 - first)]
  }
  /// The tangent of the larger input.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    let first = x[0].isGreater(than: x[1])
    let terms = [tangents[0].map { $0 * first }, tangents[1].map { $0 * (1 - first) }].compactMap { $0 }
    return terms.isEmpty ? nil : Symbol.sum(of: terms)
  }
  /// Selects; a NaN on either side gives NaN.
  @specialized(where S == Float) @specialized(where S == Double)
  public func evaluate<S: Scalar>(
    _ count: Int, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
  ) { zip(count, a, b, y) { $0 > $1 || $0 != $0 ? $0 : $1 } }
}
