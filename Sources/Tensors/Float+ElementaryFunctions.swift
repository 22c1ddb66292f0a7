import CVectors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
    mapLanes(count, x, y) { (x: Lanes) in
      // exp(-|x|) does not overflow: 1 / (1 + e) where x >= 0, e / (1 + e) below.
      let e = exponential(-absolute(x))
      return Lanes(repeating: 1).replacing(with: e, where: x .< 0) / (1 + e)
    }
  }
  /// y = log(1 + exp(x)).
  public static func softplus(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    mapLanes(count, x, y) { (x: Lanes) in
      // log(1 + e) = log(u) e / (u - 1) with u = 1 + e rounded: the quotient undoes the rounding of u.
      let e = exponential(-absolute(x))
      let u = 1 + e
      let correction = (logarithm(u) * (e / (u - 1))).replacing(with: e, where: u .== 1)
      return x.replacing(with: 0, where: x .< 0) + correction
    }
  }
  /// y = erf(x).
  public static func erf(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    mapLanes(count, x, y, errorFunction)
  }
  /// y = sin(x), computed in Double.
  public static func sin(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    mapLanes(count, x, y) { (x: SIMD8<Float>) in SIMD8<Float>(sine(SIMD8<Double>(x))) }
  }
  /// y = cos(x), computed in Double.
  public static func cos(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    mapLanes(count, x, y) { (x: SIMD8<Float>) in SIMD8<Float>(cosine(SIMD8<Double>(x))) }
  }
  /// y = sqrt(x).
  public static func squareRoot(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    mapLanes(count, x, y, landscape_roots_float)
  }
  /// y = x^exponent.
  public static func power(
    _ count: Int, _ x: UnsafePointer<Float>, _ exponent: Float, _ y: UnsafeMutablePointer<Float>
  ) {
    switch exponent {
    case 0.5: squareRoot(count, x, y)
    case -0.5: mapLanes(count, x, y) { (x: Lanes) in 1 / landscape_roots_float(x) }
    default: for index in 0..<count { y[index] = powf(x[index], exponent) }
    }
  }
}

private typealias Lanes = SIMD16<Float>

@inline(__always)
private func integers(_ lanes: Lanes) -> SIMD16<Int32> { unsafeBitCast(lanes, to: SIMD16<Int32>.self) }

@inline(__always)
private func floats(_ lanes: SIMD16<Int32>) -> Lanes { unsafeBitCast(lanes, to: Lanes.self) }

/// |x|.
@inline(__always)
private func absolute(_ x: Lanes) -> Lanes { floats(integers(x) & SIMD16<Int32>(repeating: .max)) }

/// A magnitude with the sign of x.
@inline(__always)
private func signed(_ magnitude: Lanes, as x: Lanes) -> Lanes {
  floats(integers(magnitude) | (integers(x) & SIMD16<Int32>(repeating: .min)))
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
  let magnitude = absolute(x)
  let z = x * x
  var p = Lanes(repeating: -5.704_988_7e-3)
  p = 2.063_908_9e-2 + z * p
  p = -5.373_971_5e-2 + z * p
  p = 1.333_144_2e-1 + z * p
  p = -3.333_328_2e-1 + z * p
  let small = magnitude + magnitude * z * p
  let large = 1 - 2 / (exponential(2 * magnitude) + 1)
  return signed(small.replacing(with: large, where: magnitude .>= 0.625), as: x)
}

/// erf(x): x times a polynomial in x^2 below 1, 1 - exp(-q(|x|)) above, q approximating -log(1 - erf) where it counts.
///
/// Scripts/error_function.py computes the coefficients.
@inline(__always)
private func errorFunction(_ x: Lanes) -> Lanes {
  let magnitude = absolute(x)
  let z = x * x
  var p = Lanes(repeating: 7.875_875_1e-5)
  p = -8.016_864_3e-4 + z * p
  p = 5.189_087_4e-3 + z * p
  p = -2.685_421_2e-2 + z * p
  p = 1.128_359_5e-1 + z * p
  p = -3.761_262_7e-1 + z * p
  p = 1.128_379_17 + z * p
  let small = magnitude * p
  let t = magnitude.replacing(with: 4, where: magnitude .> 4) - 1
  var q = Lanes(repeating: 2.169_205_39e-5)
  q = -0.000_289_559_342 + t * q
  q = 0.002_012_039_37 + t * q
  q = -0.010_046_536 + t * q
  q = 0.041_563_529_7 + t * q
  q = 0.843_107_068 + t * q
  q = 2.638_967_52 + t * q
  q = 1.849_605_51 + t * q
  let large = 1 - exponential(-q)
  return signed(large.replacing(with: small, where: magnitude .< 1), as: x)
}
