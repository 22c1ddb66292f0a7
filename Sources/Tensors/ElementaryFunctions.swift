#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// Elementary functions over arrays.
//
// Goals, in this order: (1) a stated error bound, tested over the whole range; (2) the right limits and NaN for NaN;
// (3) speed: Float works on sixteen lanes at once with polynomials of its own. Double calls the C library, whose results
// are the reference for both.
//
// `x` and `y` may be the same pointer. Bounds in units in the last place (ulp) of the Float result, against the C
// library's Double functions: exp 2, log 2, tanh 3, sigmoid 3, softplus 3, erf as the C library's.

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
  /// y = x^exponent.
  static func power(_ count: Int, _ x: UnsafePointer<Self>, _ exponent: Self, _ y: UnsafeMutablePointer<Self>)
}

@inline(__always)
private func map<S>(_ count: Int, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ function: (S) -> S) {
  for index in 0..<count { y[index] = function(x[index]) }
}

extension Double: ElementaryFunctions {
  /// y = exp(x).
  public static func exp(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    map(count, x, y, cExp)
  }
  /// y = log(x).
  public static func log(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    map(count, x, y, cLog)
  }
  /// y = tanh(x).
  public static func tanh(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    map(count, x, y, cTanh)
  }
  /// y = 1 / (1 + exp(-x)).
  public static func sigmoid(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    map(count, x, y) { 1 / (1 + cExp(-$0)) }
  }
  /// y = log(1 + exp(x)).
  public static func softplus(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    map(count, x, y) { ($0 > 0 ? $0 : 0 * $0) + log1p(cExp(-abs($0))) }
  }
  /// y = erf(x).
  public static func erf(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    map(count, x, y, cErf)
  }
  /// y = sin(x).
  public static func sin(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    map(count, x, y, cSin)
  }
  /// y = cos(x).
  public static func cos(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    map(count, x, y, cCos)
  }
  /// y = x^exponent.
  public static func power(
    _ count: Int, _ x: UnsafePointer<Double>, _ exponent: Double, _ y: UnsafeMutablePointer<Double>
  ) {
    map(count, x, y) { pow($0, exponent) }
  }
}

extension Float: ElementaryFunctions {
  /// y = exp(x).
  public static func exp(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    mapLanes(count, x, y, exponential)
  }
  /// y = log(x).
  public static func log(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    mapLanes(count, x, y, logarithm)
  }
  /// y = tanh(x).
  public static func tanh(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    mapLanes(count, x, y, hyperbolicTangent)
  }
  /// y = 1 / (1 + exp(-x)).
  public static func sigmoid(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    mapLanes(count, x, y) { 1 / (1 + exponential(-$0)) }
  }
  /// y = log(1 + exp(x)).
  public static func softplus(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    mapLanes(count, x, y) { x in
      // log(1 + e) = log(u) e / (u - 1) with u = 1 + e rounded: the quotient undoes the rounding of u.
      let e = exponential(-x.replacing(with: -x, where: x .< 0))
      let u = 1 + e
      let correction = (logarithm(u) * (e / (u - 1))).replacing(with: e, where: u .== 1)
      return x.replacing(with: 0, where: x .< 0) + correction
    }
  }
  /// y = erf(x).
  public static func erf(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    map(count, x, y) { erff($0) }
  }
  /// y = sin(x).
  public static func sin(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    map(count, x, y) { sinf($0) }
  }
  /// y = cos(x).
  public static func cos(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    map(count, x, y) { cosf($0) }
  }
  /// y = x^exponent.
  public static func power(
    _ count: Int, _ x: UnsafePointer<Float>, _ exponent: Float, _ y: UnsafeMutablePointer<Float>
  ) {
    map(count, x, y) { powf($0, exponent) }
  }
}

private typealias Lanes = SIMD16<Float>

/// Applies `function` sixteen elements at a time; the last, partial group goes through a copy.
@inline(__always)
private func mapLanes(
  _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ function: (Lanes) -> Lanes
) {
  let source = UnsafeRawPointer(x)
  let target = UnsafeMutableRawPointer(y)
  var index = 0
  while index + 16 <= count {
    let result = function(source.loadUnaligned(fromByteOffset: index * 4, as: Lanes.self))
    target.storeBytes(of: result, toByteOffset: index * 4, as: Lanes.self)
    index += 16
  }
  if index < count {
    var rest = Lanes(repeating: 1)
    for lane in 0..<(count - index) { rest[lane] = x[index + lane] }
    let result = function(rest)
    for lane in 0..<(count - index) { y[index + lane] = result[lane] }
  }
}

/// exp(x): x = n ln 2 + r with |r| <= ln 2 / 2, exp(r) by its Taylor polynomial of degree 7, scaled by 2^n in two steps so
/// that results below the smallest normal number are right too.
@inline(__always)
private func exponential(_ x: Lanes) -> Lanes {
  // Beyond these bounds the result is infinity or 0; the clamp keeps n in range. It lets NaN through as itself.
  let clamped = x.replacing(with: 89, where: x .> 89).replacing(with: -105, where: x .< -105)
  let shifted = clamped * 1.442_695_04 + Lanes(repeating: roundingShift)
  let n = shifted - Lanes(repeating: roundingShift)
  let r = (clamped - n * 0.693_359_375) - n * -2.121_944_4e-4
  var p = Lanes(repeating: 1.984_127e-4)
  p = 1.388_888_9e-3 + r * p
  p = 8.333_333_3e-3 + r * p
  p = 4.166_666_7e-2 + r * p
  p = 1.666_666_67e-1 + r * p
  p = 0.5 + r * p
  p = 1 + r * (1 + r * p)
  let exponent = integers(shifted) &- SIMD16<Int32>(repeating: Int32(bitPattern: roundingShift.bitPattern))
  let half = exponent &>> SIMD16<Int32>(repeating: 1)
  return p * powerOfTwo(half) * powerOfTwo(exponent &- half)
}

/// 1.5 times 2^23: adding it to a number of magnitude below 2^22 leaves the nearest integer in the low bits of the sum.
private let roundingShift: Float = 12_582_912

@inline(__always)
private func integers(_ lanes: Lanes) -> SIMD16<Int32> { unsafeBitCast(lanes, to: SIMD16<Int32>.self) }

@inline(__always)
private func floats(_ lanes: SIMD16<Int32>) -> Lanes { unsafeBitCast(lanes, to: Lanes.self) }

/// 2^n for n in -126...127.
@inline(__always)
private func powerOfTwo(_ n: SIMD16<Int32>) -> Lanes {
  floats((n &+ SIMD16<Int32>(repeating: 127)) &<< SIMD16<Int32>(repeating: 23))
}

/// log(x): x = 2^n m with m in [sqrt(1/2), sqrt(2)), log(m) = 2 artanh(s) with s = (m - 1) / (m + 1) by its odd series.
@inline(__always)
private func logarithm(_ x: Lanes) -> Lanes {
  let subnormal = x .< Lanes(repeating: Float.leastNormalMagnitude)
  let scaled = x.replacing(with: x * 8_388_608, where: subnormal)
  let rootHalf = SIMD16<Int32>(repeating: 0x3f35_04f3)  // the bits of sqrt(1/2)
  let offset = integers(scaled) &- rootHalf
  let m = floats((offset & SIMD16<Int32>(repeating: 0x007f_ffff)) &+ rootHalf)
  let shift = SIMD16<Int32>(repeating: Int32(bitPattern: roundingShift.bitPattern))
  let power = floats((offset &>> SIMD16<Int32>(repeating: 23)) &+ shift) - Lanes(repeating: roundingShift)
  let n = power - Lanes(repeating: 0).replacing(with: 23, where: subnormal)
  let f = m - 1
  let s = f / (2 + f)
  let z = s * s
  var p = Lanes(repeating: 0.222_222_2)
  p = 0.285_714_3 + z * p
  p = 0.4 + z * p
  p = 0.666_666_67 + z * p
  // log(m) = f - (f^2/2 - s (f^2/2 + z p)): the leading term f is exact, so that results near 0 keep their digits.
  let halfSquare = 0.5 * f * f
  let tail = s * (halfSquare + z * p) + n * -2.121_944_4e-4
  let result = n * 0.693_359_375 + (f - (halfSquare - tail))
  return
    result
    .replacing(with: -.infinity, where: x .== 0)
    .replacing(with: .nan, where: x .< 0)
    .replacing(with: .infinity, where: x .== .infinity)
    .replacing(with: .nan, where: x .!= x)
}

/// tanh(x): an odd minimax polynomial below 0.625, 1 - 2 / (exp(2|x|) + 1) with the sign of x above.
@inline(__always)
private func hyperbolicTangent(_ x: Lanes) -> Lanes {
  let magnitude = x.replacing(with: -x, where: x .< 0)
  let z = x * x
  var p = Lanes(repeating: -5.704_988_7e-3)
  p = 2.063_908_9e-2 + z * p
  p = -5.373_971_5e-2 + z * p
  p = 1.333_144_2e-1 + z * p
  p = -3.333_328_2e-1 + z * p
  let small = x + x * z * p
  let large = 1 - 2 / (exponential(2 * magnitude) + 1)
  return small.replacing(with: large.replacing(with: -large, where: x .< 0), where: magnitude .>= 0.625)
}
