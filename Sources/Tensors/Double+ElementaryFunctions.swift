import CVectors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Double: ElementaryFunctions {
  /// y = exp(x).
  public static func exp(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    mapLanes(count, x, y, exponential)
  }
  /// y = log(x).
  public static func log(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    mapLanes(count, x, y, logarithm)
  }
  /// y = tanh(x).
  public static func tanh(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    mapLanes(count, x, y, hyperbolicTangent)
  }
  /// y = 1 / (1 + exp(-x)).
  public static func sigmoid(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    mapLanes(count, x, y) { (x: Lanes) in
      let e = exponential(-absolute(x))
      return Lanes(repeating: 1).replacing(with: e, where: x .< 0) / (1 + e)
    }
  }
  /// y = log(1 + exp(x)).
  public static func softplus(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    mapLanes(count, x, y) { (x: Lanes) in
      let e = exponential(-absolute(x))
      let u = 1 + e
      let correction = (logarithm(u) * (e / (u - 1))).replacing(with: e, where: u .== 1)
      return x.replacing(with: 0, where: x .< 0) + correction
    }
  }
  /// y = erf(x).
  public static func erf(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    mapLanes(count, x, y, errorFunction)
  }
  /// y = sin(x).
  public static func sin(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    mapLanes(count, x, y, sine)
  }
  /// y = cos(x).
  public static func cos(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    mapLanes(count, x, y, cosine)
  }
  /// y = sqrt(x).
  public static func squareRoot(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
    mapLanes(count, x, y, landscape_roots_double)
  }
  /// y = x^exponent.
  public static func power(
    _ count: Int, _ x: UnsafePointer<Double>, _ exponent: Double, _ y: UnsafeMutablePointer<Double>
  ) {
    switch exponent {
    case 0.5: squareRoot(count, x, y)
    case -0.5: mapLanes(count, x, y) { (x: Lanes) in 1 / landscape_roots_double(x) }
    default: for index in 0..<count { y[index] = pow(x[index], exponent) }
    }
  }
}

private typealias Lanes = SIMD8<Double>
private typealias Integers = SIMD8<Int64>

@inline(__always)
private func integers(_ lanes: Lanes) -> Integers { unsafeBitCast(lanes, to: Integers.self) }

@inline(__always)
private func doubles(_ lanes: Integers) -> Lanes { unsafeBitCast(lanes, to: Lanes.self) }

/// |x|.
@inline(__always)
private func absolute(_ x: Lanes) -> Lanes { doubles(integers(x) & Integers(repeating: .max)) }

/// A magnitude with the sign of x.
@inline(__always)
private func signed(_ magnitude: Lanes, as x: Lanes) -> Lanes {
  doubles(integers(magnitude) | (integers(x) & Integers(repeating: .min)))
}

/// 1.5 times 2^52: adding it to a number of magnitude below 2^51 leaves the nearest integer in the low bits of the sum.
private let roundingShift = 6_755_399_441_055_744.0

/// 2^n for n in -1022...1023.
@inline(__always)
private func powerOfTwo(_ n: Integers) -> Lanes {
  doubles((n &+ Integers(repeating: 1023)) &<< Integers(repeating: 52))
}

/// x as n ln 2 + r with |r| <= ln 2 / 2, and exp(r) - 1 by its Taylor polynomial of degree 13 (4e-18 remain).
@inline(__always)
private func reducedExponential(_ x: Lanes) -> (n: Integers, exponentialMinusOne: Lanes) {
  let shifted = x * 1.442_695_040_888_963_4 + roundingShift
  let n = shifted - roundingShift
  let r = (x - n * 0.693_147_180_369_123_816_49) - n * 1.908_214_929_270_587_7e-10
  var p = Lanes(repeating: 1 / 6_227_020_800)
  p = 1 / 479_001_600 + r * p
  p = 1 / 39_916_800 + r * p
  p = 1 / 3_628_800 + r * p
  p = 1 / 362_880 + r * p
  p = 1 / 40_320 + r * p
  p = 1 / 5_040 + r * p
  p = 1 / 720 + r * p
  p = 1 / 120 + r * p
  p = 1 / 24 + r * p
  p = 1 / 6 + r * p
  p = 0.5 + r * p
  let integers = integers(shifted) &- Integers(repeating: Int64(bitPattern: roundingShift.bitPattern))
  return (integers, r + r * r * p)
}

/// exp(x), scaled by 2^n in two steps so that results below the smallest normal number are right too.
@inline(__always)
func exponential(_ x: SIMD8<Double>) -> SIMD8<Double> {
  // Beyond these bounds the result is infinity or 0; the clamp keeps n in range. It lets NaN through as itself.
  let clamped = x.replacing(with: 710, where: x .> 710).replacing(with: -746, where: x .< -746)
  let (n, p) = reducedExponential(clamped)
  let half = n &>> Integers(repeating: 1)
  return (1 + p) * powerOfTwo(half) * powerOfTwo(n &- half)
}

/// log(x): x = 2^n m with m in [sqrt(1/2), sqrt(2)), log(m) = 2 artanh(s) with s = (m - 1) / (m + 1) by its odd series.
@inline(__always)
func logarithm(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let subnormal = x .< Lanes(repeating: Double.leastNormalMagnitude)
  let scaled = x.replacing(with: x * 18_014_398_509_481_984, where: subnormal)  // 2^54
  let rootHalf = Integers(repeating: 0x3fe6_a09e_667f_3bcd)  // the bits of sqrt(1/2)
  let offset = integers(scaled) &- rootHalf
  let m = doubles((offset & Integers(repeating: 0x000f_ffff_ffff_ffff)) &+ rootHalf)
  let shift = Integers(repeating: Int64(bitPattern: roundingShift.bitPattern))
  let power = doubles((offset &>> Integers(repeating: 52)) &+ shift) - roundingShift
  let n = power - Lanes(repeating: 0).replacing(with: 54, where: subnormal)
  let f = m - 1
  let s = f / (2 + f)
  let z = s * s
  var p = Lanes(repeating: 2 / 21)
  p = 2 / 19 + z * p
  p = 2 / 17 + z * p
  p = 2 / 15 + z * p
  p = 2 / 13 + z * p
  p = 2 / 11 + z * p
  p = 2 / 9 + z * p
  p = 2 / 7 + z * p
  p = 2 / 5 + z * p
  p = 2 / 3 + z * p
  // log(m) = f - (f^2/2 - s (f^2/2 + z p)): the leading term f is exact, so that results near 0 keep their digits.
  let halfSquare = 0.5 * f * f
  let tail = s * (halfSquare + z * p) + n * 1.908_214_929_270_587_7e-10
  let result = n * 0.693_147_180_369_123_816_49 + (f - (halfSquare - tail))
  return
    result
    .replacing(with: -.infinity, where: x .== 0)
    .replacing(with: .nan, where: x .< 0)
    .replacing(with: .infinity, where: x .== .infinity)
    .replacing(with: .nan, where: x .!= x)
}

/// tanh(x) = e / (e + 2) with e = exp(2|x|) - 1 = 2^n (exp(r) - 1) + (2^n - 1), and the sign of x.
@inline(__always)
private func hyperbolicTangent(_ x: Lanes) -> Lanes {
  let magnitude = absolute(x)
  // From 22 on the result is 1.
  let (n, p) = reducedExponential(2 * magnitude.replacing(with: 22, where: magnitude .> 22))
  let power = powerOfTwo(n)
  let e = power * p + (power - 1)
  return signed(e / (e + 2), as: x)
}

/// erf(x): x times a polynomial in x^2 below 1, 1 - exp(-q(|x|)) above, q approximating -log(1 - erf) where it counts.
///
/// Scripts/error_function.py computes the coefficients.
@inline(__always)
private func errorFunction(_ x: Lanes) -> Lanes {
  let magnitude = absolute(x)
  let z = x * x
  var p = Lanes(repeating: -7.795_898_827_002_142_2e-10)
  p = 1.372_006_454_677_768_6e-8 + z * p
  p = -1.620_848_380_187_170_6e-7 + z * p
  p = 1.644_742_470_331_736_2e-6 + z * p
  p = -1.492_473_690_741_966e-5 + z * p
  p = 1.205_529_490_483_970_8e-4 + z * p
  p = -8.548_325_975_389_692e-4 + z * p
  p = 5.223_977_607_116_423e-3 + z * p
  p = -2.686_617_064_323_777e-2 + z * p
  p = 0.112_837_916_709_450_06 + z * p
  p = -0.376_126_389_031_835_4 + z * p
  p = 1.128_379_167_095_512_6 + z * p
  let small = magnitude * p
  let t = magnitude.replacing(with: 6, where: magnitude .> 6) - 1
  var q = Lanes(repeating: -1.049_420_179_224_897_8e-12)
  q = 2.906_227_145_051_066_6e-11 + t * q
  q = -3.709_123_573_490_947e-10 + t * q
  q = 2.881_256_881_122_144_3e-9 + t * q
  q = -1.498_578_218_496_364_6e-8 + t * q
  q = 5.226_461_248_161_808_4e-8 + t * q
  q = -9.805_131_481_786_016e-8 + t * q
  q = -1.420_456_927_837_490_7e-7 + t * q
  q = 2.058_753_241_460_305e-6 + t * q
  q = -9.607_968_162_593_85e-6 + t * q
  q = 2.715_848_178_591_448e-5 + t * q
  q = -2.627_756_481_298_674e-5 + t * q
  q = -0.000_237_322_589_896_131_25 + t * q
  q = 0.001_977_902_593_859_248 + t * q
  q = -0.010_033_825_378_433_708 + t * q
  q = 0.041_561_098_042_180_28 + t * q
  q = 0.843_107_256_358_659_1 + t * q
  q = 2.638_967_514_234_788_6 + t * q
  q = 1.849_605_509_933_248_2 + t * q
  let large = 1 - exponential(-q)
  return signed(large.replacing(with: small, where: magnitude .< 1), as: x)
}
