import Curvature
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Dense matrices, traces, densities")
struct EstimatorTests {
  @Test("the matrix of an operator has its columns where they belong")
  func columns() {
    // Not symmetric on purpose: a transposed matrix must fail.
    let matrix = DenseMatrix<Double>([1, 2, 3, 4, 5, 6, 7, 8, 10], dimension: 3)
    #expect(matrix([1, 0, 0]) == [1, 4, 7])
    #expect(DenseMatrix(of: matrix).elements == matrix.elements)
    #expect(matrix[0, 2] == 3 && matrix.asymmetry == 4)
    let affine = AffineOperator(matrix, scale: -2, shift: 100)
    #expect(DenseMatrix(of: affine).elements == [98, -4, -6, -8, 90, -12, -14, -16, 80])
  }

  @Test("the dense spectrum has A v = lambda v, and refuses a NaN")
  func dense() throws {
    let base: any LinearOperator<Double> = planted([3, -1, 0.5, 7], seed: 3)
    let spectrum = try #require(denseSpectrum(of: base))
    for (own, value) in zip(spectrum.values, [-1, 0.5, 3, 7]) { #expect(abs(own - value) < 1e-13) }
    for index in 0..<4 {
      let vector = Array(spectrum.vectors[4 * index..<4 * index + 4])
      var product = base(vector)
      product.add(-spectrum.values[index], times: vector)
      #expect(product.norm < 1e-13)
    }
    #expect(DenseSpectrum(of: DenseMatrix<Float>([1, .nan, 0, 1], dimension: 2)) == nil)
    #expect(try #require(DenseSpectrum(of: DenseMatrix<Float>([2, 1, 1, 2], dimension: 2))).values == [1, 3])
  }

  @Test("Hutchinson's trace is unbiased, and its standard error covers its error")
  func trace() {
    let spectrum = (0..<30).map { Double($0 - 5) }
    let base: any LinearOperator<Double> = planted(spectrum)
    let truth = spectrum.reduce(0, +)
    var hits = 0
    for trial in 0..<200 {
      let estimate = HutchinsonTrace(of: base, probes: 20, key: Key(seed: 1).child(trial))
      if abs(estimate.mean - truth) < 2.09 * estimate.standardError { hits += 1 }
    }
    // 2.09 is Student's 97.5 % quantile with 19 degrees of freedom.
    #expect(hits >= 180 && hits <= 199)
    let long = HutchinsonTrace(of: base, probes: 4000, key: Key(seed: 2))
    #expect(abs(long.mean - truth) < 4 * long.standardError && long.standardError < 1.3)
    let more = HutchinsonTrace(of: base, probes: 8, key: Key(seed: 2))
    #expect(more.samples == Array(long.samples.prefix(8)))
  }

  @Test("a diagonal matrix needs one probe, and one probe has no standard error")
  func diagonalTrace() {
    let matrix = DenseMatrix<Float>([1, 0, 0, 0, 2, 0, 0, 0, -7], dimension: 3)
    let estimate = HutchinsonTrace(of: matrix, probes: 1, key: Key(seed: 3))
    #expect(estimate.mean == -4 && estimate.standardError.isNaN)
  }

  @Test("the quadrature of a probe integrates polynomials up to degree 2 steps - 1 exactly, and no higher")
  func quadrature() {
    let spectrum = (0..<20).map { 1 + Double($0) / 10 }
    let base: any LinearOperator<Double> = planted(spectrum)
    let one = SpectralDensity(of: base, steps: 3, probes: 1, key: Key(seed: 4))
    let rule = one.quadratures[0]
    #expect(rule.nodes.count == 3 && abs(rule.weights.reduce(0, +) - 1) < 1e-14)
    // z' A^p z / z'z by repeated products with the same probe.
    var generator = Key(seed: 4).child(0).generator()
    let probe = (0..<20).map { _ in generator.sign() }
    var power = probe
    for degree in 0...6 {
      let exact = probe.dot(power) / probe.dot(probe)
      let own = zip(rule.nodes, rule.weights).reduce(0.0) { sum, pair in
        sum + pair.1 * (0..<degree).reduce(1.0) { product, _ in product * pair.0 }
      }
      if degree <= 5 { #expect(abs(own - exact) < 1e-12 * exact) } else { #expect(abs(own - exact) > 1e-6 * exact) }
      power = base(power)
    }
  }

  @Test("the density integrates to 1 and has the spectrum's mean and spread")
  func density() {
    let spectrum = [Double](repeating: 0, count: 90) + (0..<10).map { 5 + Double($0) }
    let density = SpectralDensity(of: planted(spectrum, as: Double.self), steps: 30, probes: 60, key: Key(seed: 5))
    let grid = density.grid(count: 2001, margin: 2)
    let values = density.density(on: grid, width: 0.25)
    let step = grid[1] - grid[0]
    #expect(abs(values.reduce(0, +) * step - 1) < 1e-9)
    let mean = zip(grid, values).reduce(0) { $0 + $1.0 * $1.1 } * step
    #expect(abs(mean - 0.95) < 0.1)
    // 90 % of the eigenvalues are at zero.
    let low = zip(grid, values).reduce(0) { $0 + ($1.0 < 2.5 ? $1.1 : 0) } * step
    #expect(abs(low - 0.9) < 0.02)
    let squares = density.means { $0 * $0 }
    let truth = spectrum.reduce(0) { $0 + $1 * $1 } / 100
    #expect(abs(squares.reduce(0, +) / 60 - truth) < 1.2)
  }

  @Test("a peak of one node has the height of a normal density of that width")
  func peak() {
    let density = SpectralDensity(of: planted([2, 2, 2], as: Double.self), steps: 5, probes: 2, key: Key(seed: 6))
    #expect(density.quadratures.allSatisfy { $0.nodes.count == 1 && abs($0.nodes[0] - 2) < 1e-14 })
    let height = density.density(on: [2, 2.5], width: 0.5)
    #expect(abs(height[0] - 0.797_884_560_802_865) < 1e-12)
    #expect(abs(height[1] - height[0] * exp(-0.5)) < 1e-12)
  }

  @Test("a NaN from the operator makes the density NaN")
  func broken() {
    let density = SpectralDensity(
      of: Counting(planted([1, 2, 3]), breaksAt: 5), steps: 3, probes: 2, key: Key(seed: 7))
    #expect(density.density(on: [1], width: 1)[0].isNaN)
    #expect(density.means { $0 }[1].isNaN && !density.means { $0 }[0].isNaN)
  }
}
