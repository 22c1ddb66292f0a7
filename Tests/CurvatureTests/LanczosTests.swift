import Curvature
import Tensors
import Testing

@Suite("Lanczos")
struct LanczosTests {
  private let tight = Lanczos(tolerance: 1e-10)

  @Test("both ends of a planted spectrum, with small residuals")
  func bothEnds() {
    let base: any LinearOperator<Double> = planted(mixedSpectrum)
    let ends = tight.extremes(of: base, largest: 5, smallest: 3, key: Key(seed: 1))
    let sorted = mixedSpectrum.sorted()
    #expect(ends.largest.count == 5 && ends.smallest.count == 3 && ends.converged)
    for (pair, value) in zip(ends.largest, sorted.reversed()) { #expect(abs(pair.value - value) < 1e-12) }
    for (pair, value) in zip(ends.smallest, sorted) { #expect(abs(pair.value - value) < 1e-12) }
    for pair in ends.largest + ends.smallest {
      #expect(abs(pair.residual - residual(base, pair)) < 1e-14)
      #expect(pair.residual <= pair.residualBound + 1e-12)
    }
    for i in 0..<5 {
      for j in 0..<5 {
        #expect(abs(ends.largest[i].vector.dot(ends.largest[j].vector) - (i == j ? 1 : 0)) < 1e-12)
      }
    }
  }

  @Test("stops long before the basis is full when the wanted ends are converged")
  func extends() {
    let spectrum = [100.0, 50, 25] + (0..<300).map { Double($0) / 300 }
    let counting = Counting(planted(spectrum))
    let ends = Lanczos(tolerance: 1e-6).extremes(of: counting, largest: 3, key: Key(seed: 2))
    #expect(ends.converged && ends.basisDimension < 40 && ends.restarts == 0)
    #expect(counting.products == ends.basisDimension + 3)
  }

  @Test("a basis that may not grow says that its pairs are not converged")
  func limited() {
    let spectrum = (0..<200).map { Double($0) / 200 }
    let ends = Lanczos(tolerance: 1e-8, maximumDimension: 12).extremes(
      of: planted(spectrum, as: Double.self), largest: 4, key: Key(seed: 3))
    #expect(ends.basisDimension == 12 && !ends.converged)
    for pair in ends.largest {
      #expect(abs(pair.residual - pair.residualBound) < 1e-10)
      // An exact eigenvalue lies within the residual.
      #expect(spectrum.contains { abs($0 - pair.value) <= pair.residual + 1e-12 })
    }
  }

  @Test("multiple eigenvalues come with their multiplicity after the Krylov space closes")
  func multiplicities() {
    let spectrum = [5.0, 5, 5, 2, 2, 1, 1, 1, 1, -1, -3, -3]
    let ends = tight.extremes(of: planted(spectrum, as: Double.self), largest: 5, smallest: 3, key: Key(seed: 4))
    for (pair, value) in zip(ends.largest, [5.0, 5, 5, 2, 2]) { #expect(abs(pair.value - value) < 1e-12) }
    for (pair, value) in zip(ends.smallest, [-3.0, -3, -1]) { #expect(abs(pair.value - value) < 1e-12) }
    #expect(ends.converged && ends.restarts >= 2)
    for i in 0..<5 {
      for j in 0..<i { #expect(abs(ends.largest[i].vector.dot(ends.largest[j].vector)) < 1e-12) }
    }
  }

  @Test("copies of the largest are found even where one start vector already shows enough values")
  func hiddenCopies() {
    let ends = tight.extremes(
      of: planted([5.0, 5, 5, 2, 2, 1, 1, 0, -1, -3, -3], as: Double.self), largest: 2, smallest: 2, key: Key(seed: 4))
    #expect(ends.largest.allSatisfy { abs($0.value - 5) < 1e-12 } && ends.largest.count == 2)
    #expect(ends.smallest.allSatisfy { abs($0.value + 3) < 1e-12 } && ends.smallest.count == 2)
  }

  @Test("low rank: the zeros below are found, in a large space, without filling it")
  func lowRank() {
    let spectrum = [7.0, 4, 1] + [Double](repeating: 0, count: 197)
    let ends = tight.extremes(of: planted(spectrum, as: Double.self), largest: 6, key: Key(seed: 5))
    for (pair, value) in zip(ends.largest, [7.0, 4, 1, 0, 0, 0]) { #expect(abs(pair.value - value) < 1e-12) }
    #expect(ends.converged && ends.basisDimension < 12)
  }

  @Test("a multiple of the identity, one dimension, and more pairs than dimensions")
  func smallSpaces() {
    let identity = tight.extremes(
      of: planted([2, 2, 2, 2], as: Double.self), largest: 2, smallest: 1, key: Key(seed: 6))
    #expect((identity.largest + identity.smallest).allSatisfy { abs($0.value - 2) < 1e-14 && $0.converged })
    let one = tight.extremes(of: planted([-3], as: Double.self), largest: 1, smallest: 1, key: Key(seed: 6))
    #expect(one.largest[0].value == -3 && one.smallest[0].value == -3)
    let all = tight.extremes(of: planted([3, 1, 2], as: Double.self), largest: 9, smallest: 9, key: Key(seed: 6))
    for (pair, value) in zip(all.largest, [3.0, 2, 1]) { #expect(abs(pair.value - value) < 1e-13) }
    #expect(all.largest.count == 3 && all.smallest.count == 3)
    #expect(tight.extremes(of: planted([3, 1], as: Double.self), largest: 0, key: Key(seed: 6)).basisDimension == 0)
  }

  @Test("power iteration, Lanczos and the dense solver agree")
  func methodsAgree() throws {
    let base: any LinearOperator<Double> = planted(mixedSpectrum, seed: 12)
    let dense = try #require(denseSpectrum(of: base))
    let lanczos = tight.extremes(of: base, largest: 6, key: Key(seed: 7)).largest.map(\.value)
    let power = PowerIteration(tolerance: 1e-8, maximumIterations: 10_000).eigenpairs(
      of: base, count: 6, target: .algebraic, key: Key(seed: 7))
    for index in 0..<6 {
      let value = dense.values[dense.values.count - 1 - index]
      #expect(abs(lanczos[index] - value) < 1e-12 && abs(power[index].value - value) < 1e-12)
    }
  }

  @Test("Float32 reaches its own precision, with multiplicities")
  func singlePrecision() {
    let ends = Lanczos(tolerance: 1e-5).extremes(
      of: planted([9, 9, 4, 1, 1, 0.5, -2], as: Float.self), largest: 3, smallest: 1, key: Key(seed: 8))
    for (pair, value) in zip(ends.largest + ends.smallest, [9.0, 9, 4, -2]) {
      #expect(abs(pair.value - value) < 1e-5 && pair.converged)
    }
  }

  @Test("a NaN from the operator shows as a NaN at both ends")
  func broken() {
    let ends = tight.extremes(
      of: Counting(planted(mixedSpectrum), breaksAt: 5), largest: 2, smallest: 1, key: Key(seed: 9))
    #expect(ends.largest[0].value.isNaN && ends.smallest[0].value.isNaN && !ends.converged && ends.basisDimension == 5)
  }
}
