#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// MT19937 (Matsumoto & Nishimura 1998) with the ways of drawing from it that `mnist1d` was published with.
///
/// Only to generate that set: everything else draws from a `Key`.
struct MersenneTwister {
  private var state = [UInt32](repeating: 0, count: 624)
  private var index = 624
  private var spareNormal: Double?

  /// The authors' init_genrand.
  init(seed: UInt32) {
    state[0] = seed
    for i in 1..<624 { state[i] = 1_812_433_253 &* (state[i - 1] ^ (state[i - 1] >> 30)) &+ UInt32(i) }
  }

  /// 32 random bits.
  mutating func word() -> UInt32 {
    if index == 624 {
      for i in 0..<624 {
        let y = (state[i] & 0x8000_0000) | (state[(i + 1) % 624] & 0x7fff_ffff)
        state[i] = state[(i + 397) % 624] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_b0df)
      }
      index = 0
    }
    var y = state[index]
    index += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9d2c_5680
    y ^= (y << 15) & 0xefc6_0000
    return y ^ (y >> 18)
  }

  /// Uniform on [0, 1) with 53 random bits.
  mutating func uniform() -> Double {
    let high = Double(word() >> 5)
    return (high * 67_108_864 + Double(word() >> 6)) / 9_007_199_254_740_992
  }

  /// Uniform on 0 ... `limit`: the bits below the limit's highest, drawn again while they exceed it.
  mutating func integer(through limit: UInt32) -> Int {
    let mask = UInt32.max >> UInt32(limit.leadingZeroBitCount)
    while true {
      let value = word() & mask
      if value <= limit { return Int(value) }
    }
  }

  /// Standard normal by the polar method: the second of each pair first.
  mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let x1 = 2 * uniform() - 1
      let x2 = 2 * uniform() - 1
      let square = x1 * x1 + x2 * x2
      guard square < 1, square > 0 else { continue }
      let factor = (-2 * log(square) / square).squareRoot()
      spareNormal = factor * x1
      return factor * x2
    }
  }
}

/// exp of the C library.
func exponential(_ x: Double) -> Double { exp(x) }
func cosine(_ x: Double) -> Double { cos(x) }
func sine(_ x: Double) -> Double { sin(x) }
/// The distribution function Phi of the standard normal.
func normalDistribution(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
