import Curvature
import Tensors
import Testing

/// Counts blocks and their rows.
private final class CountingBlocks: LinearOperator {
  let base: any LinearOperator<Double>
  private(set) var rows: [Int] = []
  private(set) var singles = 0

  init(_ base: any LinearOperator<Double>) { self.base = base }

  var dimension: Int { base.dimension }

  func apply(to vector: [Double], into product: inout [Double]) {
    singles += 1
    base.apply(to: vector, into: &product)
  }

  func apply(toRowsOf block: Tensor<Double>, into products: inout Tensor<Double>) {
    rows.append(block.shape[0])
    base.apply(toRowsOf: block, into: &products)
  }
}

/// Three equal eigenvalues above eighty between 0 and 1.
private let tripled = [5.0, 5, 5] + (0..<80).map { Double($0) / 80 }

@Suite("Block Lanczos")
struct BlockLanczosTests {
  @Test("finds both ends of a planted spectrum whatever the block", arguments: [1, 2, 3, 7, 40, 50])
  func ends(blockSize: Int) {
    let base: any LinearOperator<Double> = planted(mixedSpectrum)
    let sorted = mixedSpectrum.sorted()
    let method = BlockLanczos(blockSize: blockSize, tolerance: 1e-10)
    let ends = method.extremes(of: base, largest: 4, smallest: 3, key: Key(seed: 1))
    #expect(ends.largest.count == 4 && ends.smallest.count == 3 && ends.converged)
    for (pair, value) in zip(ends.largest, sorted.reversed()) { #expect(abs(pair.value - value) < 1e-11) }
    for (pair, value) in zip(ends.smallest, sorted) { #expect(abs(pair.value - value) < 1e-11) }
    for pair in ends.largest + ends.smallest {
      #expect(abs(pair.residual - residual(base, pair)) < 1e-13 && abs(pair.vector.norm - 1) < 1e-12)
      #expect(abs(pair.residualBound - pair.residual) < 1e-11)
    }
  }

  @Test("a block as wide as an eigenvalue is multiple finds all copies long before the space closes")
  func multiple() {
    let base: any LinearOperator<Double> = planted(tripled)
    let ends = BlockLanczos(blockSize: 3, tolerance: 1e-6).extremes(of: base, largest: 3, key: Key(seed: 2))
    #expect(ends.basisDimension < 45 && ends.restarts == 0 && ends.converged)
    for pair in ends.largest { #expect(abs(pair.value - 5) < 1e-9) }
  }

  @Test("goes on in fresh directions where an invariant subspace is found, to the whole spectrum")
  func invariant() {
    let base: any LinearOperator<Double> = planted([2, 2, 2, 2, 2, 2, -1, -1, -1])
    let ends = BlockLanczos(blockSize: 2, tolerance: 1e-10).extremes(
      of: base, largest: 6, smallest: 3, key: Key(seed: 3))
    #expect(ends.basisDimension == 9 && ends.restarts > 0)
    #expect(ends.largest.allSatisfy { abs($0.value - 2) < 1e-12 })
    #expect(ends.smallest.allSatisfy { abs($0.value + 1) < 1e-12 })
  }

  @Test("makes its products in blocks, starts from what is known, and agrees in Float")
  func blocks() {
    let counting = CountingBlocks(planted(tripled))
    let method = BlockLanczos(blockSize: 4, tolerance: 1e-8)
    let cold = method.extremes(of: counting, largest: 3, key: Key(seed: 4))
    #expect(counting.rows.allSatisfy { $0 == 4 } && counting.rows.count * 4 == cold.basisDimension)
    // One for each pair's final residual.
    #expect(counting.singles == 3)
    let warm = method.extremes(of: counting, largest: 3, key: Key(seed: 5), from: cold.largest.map(\.vector))
    #expect(warm.basisDimension < cold.basisDimension / 2 && abs(warm.largest[2].value - 5) < 1e-9)
    let single: any LinearOperator<Float> = planted(mixedSpectrum)
    let ends = method.extremes(of: single, largest: 2, smallest: 1, key: Key(seed: 6))
    #expect(abs(ends.largest[0].value - 10) < 1e-4 && abs(ends.smallest[0].value + 9) < 1e-4)
  }

  @Test("a NaN ends it with pairs of NaN")
  func broken() {
    let ends = BlockLanczos(blockSize: 2).extremes(
      of: Counting(planted(mixedSpectrum), breaksAt: 5), largest: 2, smallest: 1, key: Key(seed: 7))
    #expect(ends.largest.count == 1 && ends.largest[0].value.isNaN && ends.smallest[0].value.isNaN && !ends.converged)
    #expect(
      BlockLanczos(blockSize: 2).extremes(of: Counting(planted([1, 2])), largest: 0, key: Key(seed: 7)).largest.isEmpty)
  }
}

@Suite("Simultaneous iteration")
struct BlockPowerIterationTests {
  @Test("finds a planted spectrum by magnitude, signs kept")
  func magnitude() {
    let base: any LinearOperator<Double> = planted(mixedSpectrum)
    let method = BlockPowerIteration(tolerance: 1e-9, maximumIterations: 2000)
    let pairs = method.eigenpairs(of: base, count: 8, key: Key(seed: 2))
    #expect(pairs.count == 8)
    for (pair, value) in zip(pairs, mixedSpectrum) {
      #expect(abs(pair.value - value) < 1e-11 && pair.converged && abs(pair.vector.norm - 1) < 1e-13)
      #expect(abs(pair.residual - residual(base, pair)) < 1e-13)
    }
    for i in pairs.indices { for j in 0..<i { #expect(abs(pairs[i].vector.dot(pairs[j].vector)) < 1e-12) } }
  }

  @Test("its error shrinks by the ratio of the first eigenvalue outside of the block")
  func rate() {
    // Equal sizes within the block are no hindrance: 3 / 1 a step, so some 19 steps to 1e-9.
    let base: any LinearOperator<Double> = planted([3, -3, 3, 3, 1, 0.9, 0.5])
    let exact = BlockPowerIteration(tolerance: 1e-9, extra: 0).eigenpairs(of: base, count: 4, key: Key(seed: 3))
    #expect(exact.allSatisfy { $0.converged && (14...26).contains($0.iterations) && abs(abs($0.value) - 3) < 1e-12 })
    // With two more it is 3 / 0.5.
    let extra = BlockPowerIteration(tolerance: 1e-9, extra: 2).eigenpairs(of: base, count: 4, key: Key(seed: 3))
    #expect(extra[0].iterations < exact[0].iterations * 3 / 4)
  }

  @Test("stops at its last step with honest flags, goes on from a start, and takes a whole small space")
  func limits() {
    let base: any LinearOperator<Double> = planted(mixedSpectrum)
    let short = BlockPowerIteration(tolerance: 1e-12, maximumIterations: 5).eigenpairs(
      of: base, count: 3, key: Key(seed: 4))
    #expect(short.allSatisfy { !$0.converged && $0.iterations == 5 })
    let full = BlockPowerIteration(tolerance: 1e-9).eigenpairs(of: base, count: 3, key: Key(seed: 4))
    let warm = BlockPowerIteration(tolerance: 1e-8).eigenpairs(
      of: base, count: 3, key: Key(seed: 5), from: full.map(\.vector))
    #expect(warm[0].iterations <= 2 && abs(warm[2].value - mixedSpectrum[2]) < 1e-9)
    let whole = BlockPowerIteration().eigenpairs(of: planted([3, -2, 1], as: Double.self), count: 9, key: Key(seed: 6))
    #expect(
      whole.map(\.iterations) == [1, 1, 1] && zip(whole, [3.0, -2, 1]).allSatisfy { abs($0.value - $1) < 1e-13 })
    let broken = BlockPowerIteration().eigenpairs(
      of: Counting(planted(mixedSpectrum), breaksAt: 7), count: 3, key: Key(seed: 7))
    #expect(broken.count == 1 && broken[0].value.isNaN)
  }
}
