// Elementary functions over arrays.
//
// Goals, in this order: (1) a stated error bound, tested over the whole range; (2) the right limits, NaN for NaN, and
// results below the smallest normal number; (3) speed: sixteen lanes of Float or eight of Double at once, with polynomials
// of their own. Multiplications and additions are never contracted, so results are the same on every processor.
//
// `x` and `y` may be the same pointer. Bounds in units in the last place (ulp) of the result:
//
//            exp  log  tanh  sigmoid  softplus  erf  sin, cos  squareRoot  power
//   Float      2    2     3        3         3    3         1         0.5      2
//   Double     2    2     3        3         3    3         2         0.5      2
//
// sin and cos beyond 800,000, and powers for exponents other than 1/2 and -1/2, are the C library's.

/// The elementary functions that elementwise primitives are made of, each from `x` to `y` over `count` elements.
public protocol ElementaryFunctions {
  /// y = exp(x).
  static func exp(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y = log(x), the natural logarithm.
  static func log(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y = tanh(x).
  static func tanh(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y = 1 / (1 + exp(-x)).
  static func sigmoid(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y = log(1 + exp(x)).
  static func softplus(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y = erf(x).
  static func erf(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y = sin(x).
  static func sin(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y = cos(x).
  static func cos(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y = sqrt(x), correctly rounded.
  static func squareRoot(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y = x^exponent; for exponents 1/2 and -1/2 through the square root, so that minus infinity gives NaN.
  static func power(_ count: Int, _ x: UnsafePointer<Self>, _ exponent: Self, _ y: UnsafeMutablePointer<Self>)
}

/// Applies `function` to as many elements at a time as there are lanes; the last, partial group goes through a copy.
@inline(__always)
func mapLanes<Lanes: SIMD>(
  _ count: Int, _ x: UnsafePointer<Lanes.Scalar>, _ y: UnsafeMutablePointer<Lanes.Scalar>,
  _ function: (Lanes) -> Lanes
) {
  let width = Lanes.scalarCount
  var index = 0
  while index + width <= count {
    let result = function(UnsafeRawPointer(x + index).loadUnaligned(as: Lanes.self))
    UnsafeMutableRawPointer(y + index).storeBytes(of: result, as: Lanes.self)
    index += width
  }
  if index < count {
    var rest = Lanes(repeating: x[index])
    for lane in 0..<(count - index) { rest[lane] = x[index + lane] }
    let result = function(rest)
    for lane in 0..<(count - index) { y[index + lane] = result[lane] }
  }
}
