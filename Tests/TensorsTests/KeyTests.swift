import Foundation
import Tensors
import Testing

@Suite("Random keys")
struct KeyTests {
  @Test(
    "Philox4x32-10 gives the published vectors",
    arguments: [
      (SIMD4<UInt32>(repeating: 0), 0, SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)),
      (
        SIMD4<UInt32>(repeating: .max), UInt64.max,
        SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
      ),
      (
        SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), 0x299f_31d0_a409_3822,
        SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
      ),
    ] as [(SIMD4<UInt32>, UInt64, SIMD4<UInt32>)])
  func publishedVectors(counter: SIMD4<UInt32>, key: UInt64, expected: SIMD4<UInt32>) {
    #expect(philox4x32(counter: counter, key: key) == expected)
  }

  @Test("a key's stream is Philox of the counters 0, 1, ..., two words to a number")
  func stream() {
    let key = Key(seed: 12)
    var generator = key.generator()
    for block in 0..<3 {
      let words = philox4x32(counter: SIMD4(UInt32(block), 0, 0, 0), key: key.bits)
      #expect(generator.next() == UInt64(words[0]) | UInt64(words[1]) << 32)
      #expect(generator.next() == UInt64(words[2]) | UInt64(words[3]) << 32)
    }
  }

  @Test("children and their children are all distinct")
  func children() {
    let key = Key(seed: 0)
    var keys: Set<Key> = [key]
    for child in key.split(into: 1000) { keys.insert(child) }
    for index in 0..<1000 { keys.insert(key.child(7).child(index)) }
    for index in 1...1000 { keys.insert(key.child(-index)) }
    for seed in 1...1000 { keys.insert(Key(seed: UInt64(seed))) }
    for name in ["a", "b", "ab", "ba", "", "initialization", "batches"] { keys.insert(key.child(name)) }
    #expect(keys.count == 1 + 4 * 1000 + 7)
    #expect(key.split(into: 3) == [key.child(0), key.child(1), key.child(2)])
  }

  @Test("drawing from a key does not change its children, nor splitting what it draws")
  func independence() {
    let key = Key(seed: 11)
    let child = key.child("x")
    var generator = key.generator()
    let before = (0..<10).map { _ in generator.next() }
    #expect(key.child("x") == child)
    _ = key.split(into: 100)
    var again = key.generator()
    #expect((0..<10).map { _ in again.next() } == before)
    // No child's bits are among what its parent draws.
    var long = key.generator()
    let drawn = Set((0..<4096).map { _ in long.next() })
    #expect(key.split(into: 64).allSatisfy { !drawn.contains($0.bits) })
  }

  @Test("streams of neighbouring children are uncorrelated")
  func correlation() {
    var first = Key(seed: 1).child(0).generator()
    var second = Key(seed: 1).child(1).generator()
    let count = 20_000
    let sum = (0..<count).reduce(0.0) { sum, _ in sum + first.normal() * second.normal() }
    #expect(abs(sum / Double(count)) < 4 / Double(count).squareRoot())
  }

  @Test("uniform numbers lie in [0, 1) and have the moments of the uniform distribution")
  func uniform() {
    var generator = Key(seed: 2).generator()
    let values = (0..<100_000).map { _ in generator.uniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    for (power, moment, reach) in [(1, 0.5, 0.0037), (2, 1.0 / 3, 0.0038), (3, 0.25, 0.0036)] {
      let mean = values.reduce(0) { $0 + raised($1, power) }
      #expect(abs(mean / 100_000 - moment) < reach)
    }
    let symmetric: [Float] = generator.symmetricUniforms(10_000)
    #expect(symmetric.allSatisfy { $0 >= -1 && $0 < 1 } && symmetric.contains { $0 < -0.99 })
  }

  private func raised(_ base: Double, _ power: Int) -> Double { (0..<power).reduce(1) { product, _ in product * base } }

  @Test("normal numbers have the first four moments of the normal distribution")
  func normal() {
    var generator = Key(seed: 4).generator()
    let values: [Double] = generator.normals(200_000)
    // Four standard errors: sqrt(1, 2, 15, 96) / sqrt(n).
    for (power, moment, reach) in [(1, 0.0, 0.009), (2, 1.0, 0.0127), (3, 0.0, 0.035), (4, 3.0, 0.088)] {
      let mean = values.reduce(0) { $0 + raised($1, power) } / 200_000
      #expect(abs(mean - moment) < reach)
    }
    let beyond = Double(values.count { abs($0) > 1.959_964 }) / 200_000
    #expect(abs(beyond - 0.05) < 0.002)
  }

  @Test("signs are +1 and -1 equally often")
  func signs() {
    var generator = Key(seed: 6).generator()
    let signs = (0..<40_000).map { _ in generator.sign() }
    #expect(signs.allSatisfy { $0 == 1 || $0 == -1 })
    #expect(abs(signs.reduce(0, +)) < 4 * 200)
  }

  @Test("every order of four things is equally likely")
  func permutations() {
    var generator = Key(seed: 5).generator()
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 { counts[generator.permutation(4), default: 0] += 1 }
    #expect(counts.count == 24)
    // Chi-square with 23 degrees of freedom: 49.7 is its 99.9 % quantile.
    let chiSquare = counts.values.reduce(0.0) { $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000 }
    #expect(chiSquare < 49.7)
    #expect(generator.permutation(0) == [] && generator.permutation(1) == [0])
    #expect(generator.permutation(1000).sorted() == Array(0..<1000))
  }

  @Test("a bounded integer takes every value equally often")
  func integers() {
    var generator = Key(seed: 8).generator()
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[generator.integer(below: 7)] += 1 }
    let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
    #expect(chiSquare < 22.5)
  }

  @Test("a generator that was written and read back goes on where it stopped", arguments: 0..<9)
  func codable(draws: Int) throws {
    var generator = Key(seed: 9).generator()
    for _ in 0..<draws { _ = generator.normal() }
    _ = generator.sign()
    var restored = try JSONDecoder().decode(RandomGenerator.self, from: JSONEncoder().encode(generator))
    #expect((0..<20).map { _ in restored.normal() } == (0..<20).map { _ in generator.normal() })
    #expect(restored.next() == generator.next())
    let key = Key(seed: 3).child("x")
    #expect(try JSONDecoder().decode(Key.self, from: JSONEncoder().encode(key)) == key)
  }
}
