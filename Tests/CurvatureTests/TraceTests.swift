import Curvature
import Tensors
import Testing

@Suite("Hutch++ and diagonals")
struct TraceTests {
  @Test("a low rank is exact; the standard error covers the error of an indefinite trace, which is unbiased")
  func hutchPlusPlus() {
    let low = [5.0, -3, 2] + [Double](repeating: 0, count: 37)
    let exact = HutchPlusPlus(of: planted(low, as: Double.self), products: 12, key: Key(seed: 1))
    #expect(abs(exact.mean - 4) < 1e-12 && exact.samples.allSatisfy { abs($0) < 1e-12 })
    let spectrum = (0..<40).map { 10 / Double($0 + 1) - 0.5 }
    let truth = spectrum.reduce(0, +)
    let base: any LinearOperator<Double> = planted(spectrum)
    let estimates = (0..<300).map { HutchPlusPlus(of: base, products: 30, key: Key(seed: 2).child($0)) }
    let mean = estimates.reduce(0) { $0 + $1.mean } / 300
    let spread = (estimates.reduce(0) { $0 + ($1.mean - truth) * ($1.mean - truth) } / 300).squareRoot()
    #expect(abs(mean - truth) < 4 * spread / 17.3)
    // Student's 97.5 % quantile with 9 degrees of freedom.
    let hits = estimates.count { abs($0.mean - truth) < 2.262 * $0.standardError }
    #expect(hits >= 270 && hits <= 298, "\(hits)")
  }

  @Test("for a decaying spectrum it beats Hutchinson with as many products by far; every dimension is exact")
  func comparison() {
    let spectrum = (0..<60).map { 1 / Double(($0 + 1) * ($0 + 1)) }
    let truth = spectrum.reduce(0, +)
    let base: any LinearOperator<Double> = planted(spectrum)
    var (plain, sketched) = (0.0, 0.0)
    for trial in 0..<40 {
      let key = Key(seed: 3).child(trial)
      plain += abs(HutchinsonTrace(of: base, probes: 30, key: key).mean - truth)
      sketched += abs(HutchPlusPlus(of: base, products: 30, key: key).mean - truth)
    }
    #expect(sketched < plain / 10, "\(sketched) \(plain)")
    let whole = HutchPlusPlus(of: planted([3, -1, 0.5], as: Double.self), products: 30, key: Key(seed: 4))
    #expect(abs(whole.mean - 2.5) < 1e-13 && whole.standardError == 0)
    let float = HutchPlusPlus(of: planted(spectrum, as: Float.self), products: 45, key: Key(seed: 5))
    #expect(abs(float.mean - truth) < 0.01)
    #expect(HutchPlusPlus(of: base, products: 4, key: Key(seed: 6)).standardError.isFinite)
    let broken = HutchPlusPlus(of: Counting(planted(spectrum), breaksAt: 3), products: 12, key: Key(seed: 7))
    #expect(broken.mean.isNaN)
  }

  @Test("Hutchinson's diagonal is unbiased with the standard error that it states, and exact for a diagonal matrix")
  func diagonal() {
    let base: any LinearOperator<Double> = planted((0..<25).map { Double($0 - 4) })
    let dense = denseMatrix(of: base)
    let estimate = HutchinsonDiagonal(of: base, probes: 400, key: Key(seed: 8))
    var (hits, variance) = (0, 0.0)
    for index in 0..<25 {
      let off = (0..<25).reduce(0) { $0 + ($1 == index ? 0 : dense[index, $1] * dense[index, $1]) }
      variance += estimate.standardError[index] * estimate.standardError[index] * 400 / off / 25
      if abs(estimate.mean[index] - dense[index, index]) < 3 * estimate.standardError[index] { hits += 1 }
    }
    #expect(hits >= 24 && abs(variance - 1) < 0.1, "\(hits) \(variance)")
    let trace = HutchinsonTrace(of: base, probes: 400, key: Key(seed: 8)).mean
    #expect(abs(estimate.mean.reduce(0, +) - trace) < 1e-9)
    let single = HutchinsonDiagonal(
      of: DenseMatrix<Float>([1, 0, 0, 0, 2, 0, 0, 0, -7], dimension: 3), probes: 1, key: Key(seed: 9))
    #expect(single.mean == [1, 2, -7] && single.standardError.allSatisfy(\.isNaN))
  }
}
