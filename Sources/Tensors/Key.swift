/// A splittable random key: every random choice takes one, and nothing random is global.
///
/// A key is the 64-bit key of the counter-based generator Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011). Drawing numbers walks the lower counter words; children are derived under a counter word of
/// their own, so a key may both be split and drawn from without overlap.
public struct Key: Hashable, Sendable, Codable {
  /// The generator's key.
  public let bits: UInt64

  /// The key of a seed. Neighbouring seeds give unrelated streams.
  public init(seed: UInt64) { bits = Key(bits: seed).derived(tag: 2, index: 0) }

  init(bits: UInt64) { self.bits = bits }

  /// The child with a number.
  public func child(_ index: Int) -> Key { Key(bits: derived(tag: 1, index: UInt64(bitPattern: Int64(index)))) }

  /// The child with a name, such as "initialization" or "batches".
  public func child(_ name: String) -> Key {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Key(bits: derived(tag: 3, index: hash))
  }

  /// `count` independent children.
  public func split(into count: Int) -> [Key] { (0..<count).map(child) }

  /// A stream of random numbers under this key, from its start.
  public func generator() -> RandomGenerator { RandomGenerator(key: self) }

  private func derived(tag: UInt32, index: UInt64) -> UInt64 {
    let words = philox4x32(
      counter: SIMD4(UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), 0, tag), key: bits)
    return UInt64(words[0]) | UInt64(words[1]) << 32
  }
}

/// Ten rounds of Philox on four 32-bit words: a bijection of the counter for each key.
package func philox4x32(counter: SIMD4<UInt32>, key: UInt64) -> SIMD4<UInt32> {
  var word = counter
  var key0 = UInt32(truncatingIfNeeded: key)
  var key1 = UInt32(truncatingIfNeeded: key >> 32)
  for _ in 0..<10 {
    let product0 = UInt64(0xD251_1F53) &* UInt64(word[0])
    let product1 = UInt64(0xCD9E_8D57) &* UInt64(word[2])
    word = SIMD4(
      UInt32(truncatingIfNeeded: product1 >> 32) ^ word[1] ^ key0, UInt32(truncatingIfNeeded: product1),
      UInt32(truncatingIfNeeded: product0 >> 32) ^ word[3] ^ key1, UInt32(truncatingIfNeeded: product0))
    key0 &+= 0x9E37_79B9
    key1 &+= 0xBB67_AE85
  }
  return word
}

/// The numbers of one key in order. A value: a copy repeats what the original would draw.
public struct RandomGenerator: RandomNumberGenerator, Sendable, Codable {
  private let key: Key
  private var block: UInt64 = 0
  private var words = SIMD4<UInt32>()
  private var used = 4
  private var spareNormal: Double?

  init(key: Key) { self.key = key }

  private mutating func nextWord() -> UInt32 {
    if used == 4 {
      words = philox4x32(
        counter: SIMD4(UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), 0, 0), key: key.bits)
      block += 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    let low = nextWord()
    return UInt64(low) | UInt64(nextWord()) << 32
  }

  /// Uniform on [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Standard normal, by the polar method.
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let square = u * u + v * v
      guard square < 1, square > 0 else { continue }
      let factor = (-2 * cLog(square) / square).squareRoot()
      spareNormal = v * factor
      return u * factor
    }
  }

  /// Uniform on 0 ..< bound, without bias.
  public mutating func integer(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// +1 or -1 with equal chance.
  public mutating func sign() -> Double { nextWord() & 1 == 0 ? 1 : -1 }

  /// A uniformly random order of 0 ..< count (Fisher-Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, integer(below: last + 1)) }
    return order
  }

  /// `count` standard normals.
  @specialized(where S == Float) @specialized(where S == Double)
  public mutating func normals<S: Scalar>(_ count: Int, as type: S.Type = S.self) -> [S] {
    (0..<count).map { _ in S(normal()) }
  }

  /// `count` numbers uniform on [-1, 1).
  public mutating func symmetricUniforms<S: Scalar>(_ count: Int, as type: S.Type = S.self) -> [S] {
    (0..<count).map { _ in S(2 * uniform() - 1) }
  }
}
