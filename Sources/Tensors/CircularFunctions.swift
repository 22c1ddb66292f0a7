// Sine and cosine on eight lanes of Double, for Double's arrays and, by conversion, for Float's.

/// sin(x).
@inline(__always)
func sine(_ x: SIMD8<Double>) -> SIMD8<Double> {
  // By magnitude and sign, so that -0 stays -0.
  let sign = unsafeBitCast(x, to: SIMD8<Int64>.self) & SIMD8<Int64>(repeating: .min)
  let positive = circular(
    unsafeBitCast(unsafeBitCast(x, to: SIMD8<Int64>.self) ^ sign, to: SIMD8<Double>.self), quarters: 0)
  let result = unsafeBitCast(unsafeBitCast(positive, to: SIMD8<Int64>.self) ^ sign, to: SIMD8<Double>.self)
  return isReducible(x) ? result : corrected(result, x, cSin)
}

/// cos(x).
@inline(__always)
func cosine(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let result = circular(x, quarters: 1)
  return isReducible(x) ? result : corrected(result, x, cCos)
}

/// Up to here n pi/2 is exact in its leading parts.
private let largestReduced = 800_000.0

@inline(__always)
private func isReducible(_ x: SIMD8<Double>) -> Bool {
  // As integers, magnitudes have the order of the numbers, with infinity and NaN at the end.
  let bits = unsafeBitCast(x, to: SIMD8<Int64>.self) & SIMD8<Int64>(repeating: .max)
  var largest = bits[0]
  for lane in 1..<8 { largest = max(largest, bits[lane]) }
  return largest <= Int64(bitPattern: largestReduced.bitPattern)
}

/// Lanes that are too large, infinite or NaN, one by one through the C library.
@inline(never)
private func corrected(_ result: SIMD8<Double>, _ x: SIMD8<Double>, _ function: (Double) -> Double) -> SIMD8<Double> {
  var result = result
  for lane in 0..<8 where !(x[lane].magnitude <= largestReduced) { result[lane] = function(x[lane]) }
  return result
}

/// As in exponentials, the nearest integer in the low bits of a sum.
private let circularShift = 6_755_399_441_055_744.0

/// sin(x + quarters pi/2): x = n pi/2 + r with |r| <= pi/4, pi/2 in three parts of 33, 33 and 53 bits, then the Taylor
/// polynomials of sin(r) or cos(r) by the parity of n + quarters (1e-19 and 2e-18 remain).
@inline(__always)
private func circular(_ x: SIMD8<Double>, quarters: Int64) -> SIMD8<Double> {
  let shifted = x * 0.636_619_772_367_581_4 + circularShift
  let n = shifted - circularShift
  let leading = x - n * 1.570_796_326_734_125_6
  let next = leading - n * 6.077_100_506_303_966e-11
  let r = next - n * 2.022_266_248_795_950_6e-21
  // What rounding took from r.
  let rest = (next - r) - n * 2.022_266_248_795_950_6e-21
  let z = r * r
  var s = SIMD8<Double>(repeating: 1 / 355_687_428_096_000)
  s = -1 / 1_307_674_368_000 + z * s
  s = 1 / 6_227_020_800 + z * s
  s = -1 / 39_916_800 + z * s
  s = 1 / 362_880 + z * s
  s = -1 / 5_040 + z * s
  s = 1 / 120 + z * s
  s = -1 / 6 + z * s
  let sine = r + (r * z * s + rest)
  var c = SIMD8<Double>(repeating: 1 / 20_922_789_888_000)
  c = -1 / 87_178_291_200 + z * c
  c = 1 / 479_001_600 + z * c
  c = -1 / 3_628_800 + z * c
  c = 1 / 40_320 + z * c
  c = -1 / 720 + z * c
  c = 1 / 24 + z * c
  let cosine = 1 - (0.5 * z - (z * z * c - r * rest))
  let turn = unsafeBitCast(shifted, to: SIMD8<Int64>.self) &+ SIMD8<Int64>(repeating: quarters)
  // The cosine's bits where the lowest bit is set, and the other sign where the next one is.
  let chosen = SIMD8<Int64>(repeating: 0) &- (turn & SIMD8<Int64>(repeating: 1))
  let bits =
    (unsafeBitCast(sine, to: SIMD8<Int64>.self) & ~chosen) | (unsafeBitCast(cosine, to: SIMD8<Int64>.self) & chosen)
  let sign = (turn & SIMD8<Int64>(repeating: 2)) &<< SIMD8<Int64>(repeating: 62)
  return unsafeBitCast(bits ^ sign, to: SIMD8<Double>.self)
}
