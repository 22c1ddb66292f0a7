import Curvature
import Tensors
import Testing

@Suite("Power iteration with deflation")
struct PowerIterationTests {
  private let tight = PowerIteration(tolerance: 1e-9, maximumIterations: 5000)

  @Test("finds a planted spectrum by magnitude, signs kept")
  func magnitude() {
    let base: any LinearOperator<Double> = planted(mixedSpectrum)
    let pairs = tight.eigenpairs(of: base, count: 8, key: Key(seed: 2))
    #expect(pairs.count == 8)
    for (pair, value) in zip(pairs, mixedSpectrum) {
      #expect(abs(pair.value - value) < 1e-12 * 10 && pair.converged)
      #expect(abs(pair.vector.norm - 1) < 1e-14)
      #expect(abs(pair.residual - residual(base, pair)) < 1e-14)
      #expect(pair.residual <= 1e-9 * abs(pair.value) && pair.iterations > 1)
    }
    for i in pairs.indices {
      for j in 0..<i { #expect(abs(pairs[i].vector.dot(pairs[j].vector)) < 1e-13) }
    }
  }

  @Test("finds the algebraically largest through a shift")
  func algebraic() {
    let spectrum = [-30.0, -12, -5, 0.5, 1, 4, 6, 7.5, 0.1, -0.3]
    let pairs = tight.eigenpairs(
      of: planted(spectrum, as: Double.self), count: 4, target: .algebraic, key: Key(seed: 3))
    for (pair, value) in zip(pairs, [7.5, 6, 4, 1]) { #expect(abs(pair.value - value) < 1e-10 && pair.converged) }
    let positive = tight.eigenpairs(
      of: planted([5, 3, -1, 1], as: Double.self), count: 2, target: .algebraic, key: Key(seed: 3))
    for (pair, value) in zip(positive, [5.0, 3]) { #expect(abs(pair.value - value) < 1e-10) }
    let negative = tight.eigenpairs(
      of: planted([-5, -3, -1], as: Double.self), count: 1, target: .algebraic, key: Key(seed: 3))
    #expect(abs(negative[0].value + 1) < 1e-10)
  }

  @Test("a nearly equal pair has the right value and an honest residual and flag")
  func nearlyDegenerate() {
    let spectrum = [4, 4 - 1e-7, 1, 0.5, 0.2, -0.1]
    let base: any LinearOperator<Double> = planted(spectrum)
    let strict = PowerIteration(tolerance: 1e-12, maximumIterations: 200)
    let alone = strict.eigenpairs(of: base, count: 1, key: Key(seed: 4))[0]
    #expect(abs(alone.value - 4) < 1.1e-7 && !alone.converged && alone.iterations == 200)
    #expect(alone.residual > 1e-9 && abs(alone.residual - residual(base, alone)) < 1e-14)
    // Both together span the right plane, in which they are told apart.
    let pairs = strict.eigenpairs(of: base, count: 3, key: Key(seed: 4))
    for (pair, value) in zip(pairs, spectrum) { #expect(abs(pair.value - value) < 1e-13) }
    // Asked for no more than the pair's distance, it is done in a few steps.
    let loose = PowerIteration(tolerance: 1e-6).eigenpairs(of: base, count: 2, key: Key(seed: 4))
    #expect(loose.allSatisfy { $0.converged && $0.iterations < 40 })
  }

  @Test("exactly equal eigenvalues come with their multiplicity")
  func multiple() {
    let pairs = tight.eigenpairs(of: planted([3, 3, 3, 1, 0.5], as: Double.self), count: 4, key: Key(seed: 5))
    for (pair, value) in zip(pairs, [3.0, 3, 3, 1]) { #expect(abs(pair.value - value) < 1e-12 && pair.converged) }
  }

  @Test("opposite eigenvalues of equal size do not converge, and say so")
  func opposite() {
    let pair = PowerIteration(maximumIterations: 50).eigenpairs(
      of: planted([2, -2, 1], as: Double.self), count: 1, key: Key(seed: 6))[0]
    #expect(!pair.converged && pair.residual > 1e-3)
  }

  @Test("more than the dimension gives the dimension, none gives none, and rank runs out to zeros")
  func counts() {
    let base: any LinearOperator<Double> = planted([2, -1, 0.5])
    let pairs = tight.eigenpairs(of: base, count: 10, key: Key(seed: 7))
    #expect(pairs.count == 3 && pairs.allSatisfy(\.converged))
    #expect(tight.eigenpairs(of: base, count: 0, key: Key(seed: 7)).isEmpty)
    let deficient = tight.eigenpairs(of: planted([4, 0, 0, 0], as: Double.self), count: 3, key: Key(seed: 7))
    #expect(deficient.allSatisfy(\.converged) && abs(deficient[2].value) < 1e-14)
    let nothing = tight.eigenpairs(of: planted([0, 0], as: Double.self), count: 2, key: Key(seed: 7))
    #expect(nothing.map(\.value) == [0, 0] && nothing.allSatisfy(\.converged))
  }

  @Test("Float32 reaches its own precision")
  func singlePrecision() {
    let base: any LinearOperator<Float> = planted(mixedSpectrum)
    let pairs = PowerIteration(tolerance: 1e-4).eigenpairs(of: base, count: 4, key: Key(seed: 8))
    for (pair, value) in zip(pairs, mixedSpectrum) { #expect(abs(pair.value - value) < 2e-5 && pair.converged) }
  }

  @Test("the same key gives the same numbers; a NaN ends it with a NaN")
  func determinismAndBreakdown() {
    let base: any LinearOperator<Double> = planted(mixedSpectrum)
    let first = tight.eigenpairs(of: base, count: 2, key: Key(seed: 9))
    let second = tight.eigenpairs(of: base, count: 2, key: Key(seed: 9))
    #expect(first.map(\.vector) == second.map(\.vector))
    let broken = tight.eigenpairs(of: Counting(base, breaksAt: 6), count: 3, key: Key(seed: 9))
    #expect(broken.count == 1 && broken[0].value.isNaN && broken[0].residual.isNaN && !broken[0].converged)
    #expect(broken[0].iterations == 6)
    // What was found before the NaN keeps its numbers.
    let steps = tight.eigenpairs(of: base, count: 1, key: Key(seed: 9))[0].iterations
    let later = tight.eigenpairs(of: Counting(base, breaksAt: steps + 3), count: 3, key: Key(seed: 9))
    #expect(later.count == 2 && abs(later[0].value - 10) < 1e-9 && later[0].vector.allSatisfy(\.isFinite))
    #expect(later[1].value.isNaN && !later[1].converged)
  }

  @Test("the cost is one product a step and two a pair")
  func cost() {
    let counting = Counting(planted(mixedSpectrum))
    let pairs = PowerIteration(tolerance: 1e-3).eigenpairs(of: counting, count: 3, key: Key(seed: 10))
    #expect(counting.products == pairs.reduce(0) { $0 + $1.iterations + 2 })
  }
}
