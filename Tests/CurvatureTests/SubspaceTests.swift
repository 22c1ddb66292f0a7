import Curvature
import Tensors
import Testing

@Suite("Subspaces, warm starts and measures")
struct SubspaceTests {
  private let cosine = 0.8, sine = 0.6

  @Test("planes at known angles have their cosines and overlap, in any basis and order")
  func angles() {
    // e1 and e2 against cos e1 + sin e3 and e4.
    let a: [[Double]] = [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]]
    let b: [[Double]] = [[cosine, 0, sine, 0, 0], [0, 0, 0, 1, 0]]
    let turned = [
      zip(b[0], b[1]).map { 0.28 * $0 + 0.96 * $1 }, zip(b[0], b[1]).map { -0.96 * $0 + 0.28 * $1 },
    ]
    for other in [b, turned, [b[1], b[0]]] {
      #expect(abs(Subspaces.overlap(a, other) - cosine * cosine / 2) < 1e-15)
      let cosines = Subspaces.cosines(a, other)
      #expect(abs(cosines[0] - cosine) < 1e-15 && abs(cosines[1]) < 1e-8)
    }
    // A line against a plane that holds it, either way round.
    #expect(abs(Subspaces.overlap([b[0]], turned) - 1) < 1e-15 && abs(Subspaces.overlap(turned, [b[0]]) - 1) < 1e-15)
    #expect(Subspaces.cosines(turned, [b[0]]).count == 1 && Subspaces.overlap(a, []).isNaN)
    #expect(abs(Subspaces.share(of: [3, 4, 12, 0, 0], in: a) - 25.0 / 169) < 1e-15)
    #expect(Subspaces.share(of: [Float](repeating: 0, count: 2), in: [[1, 0]]).isNaN)
  }

  @Test("a start near the wanted vectors saves products and gives the same pairs")
  func warmStarts() {
    let before: any LinearOperator<Double> = planted([10, 9, 8] + (0..<60).map { 5 - 0.05 * Double($0) })
    let power = PowerIteration(tolerance: 1e-8, maximumIterations: 5000)
    let lanczos = Lanczos(tolerance: 1e-8)
    let pairs = power.eigenpairs(of: before, count: 3, key: Key(seed: 1))
    // The same vectors with values that have moved a little, as a step on a trajectory leaves them.
    let after: any LinearOperator<Double> = planted([10.2, 8.9, 8.1] + (0..<60).map { 5 - 0.05 * Double($0) })
    let cold = power.eigenpairs(of: after, count: 3, key: Key(seed: 2))
    let warm = power.eigenpairs(of: after, count: 3, key: Key(seed: 2), from: pairs.map(\.vector))
    #expect(warm.reduce(0) { $0 + $1.iterations } * 5 < cold.reduce(0) { $0 + $1.iterations })
    let coldEnds = lanczos.extremes(of: after, largest: 3, smallest: 1, key: Key(seed: 3))
    let warmEnds = lanczos.extremes(of: after, largest: 3, smallest: 1, key: Key(seed: 3), from: pairs.map(\.vector))
    for index in 0..<3 {
      #expect(abs(warm[index].value - [10.2, 8.9, 8.1][index]) < 1e-10 && warm[index].converged)
      #expect(abs(warmEnds.largest[index].value - coldEnds.largest[index].value) < 1e-10)
    }
    #expect(warmEnds.converged && abs(warmEnds.smallest[0].value - coldEnds.smallest[0].value) < 1e-10)
    // A start that lies: of another pair, or of nothing.
    let misled = lanczos.extremes(of: after, largest: 1, key: Key(seed: 4), from: [pairs[2].vector])
    #expect(abs(misled.largest[0].value - 10.2) < 1e-10)
    let empty = [[Double](repeating: 0, count: 63)]
    #expect(lanczos.extremes(of: after, largest: 1, key: Key(seed: 4), from: empty).converged)
    #expect(power.eigenpairs(of: after, count: 1, key: Key(seed: 4), from: empty)[0].converged)
  }

  @Test("the quadrature's measure has the spectral measure's moments up to degree 2 m - 1, and no further")
  func moments() throws {
    let base: any LinearOperator<Double> = planted((0..<25).map { 1 + Double($0) / 12 }, seed: 2)
    let density = SpectralDensity(of: base, steps: 4, probes: 3, key: Key(seed: 5))
    let spectrum = try #require(denseSpectrum(of: base))
    // The dense spectral measure of the same probes: squared components along the eigenvectors.
    let measures = (0..<3).map { index -> QuadratureMeasure in
      var generator = Key(seed: 5).child(index).generator()
      let probe = (0..<25).map { _ in generator.sign() / 5 }
      let components = (0..<25).map { Array(spectrum.vectors[$0 * 25..<($0 + 1) * 25]).dot(probe) }
      return QuadratureMeasure(nodes: spectrum.values, weights: components.map { $0 * $0 })
    }
    let (own, dense) = (try #require(density.measure), QuadratureMeasure(meanOf: measures))
    #expect(own.nodes == own.nodes.sorted() && own.nodes.count == 12)
    for degree in 0...7 { #expect(abs(own.moment(degree) - dense.moment(degree)) < 1e-12 * dense.moment(degree)) }
    #expect(abs(own.moment(8) - dense.moment(8)) > 1e-9 * dense.moment(8))
    // With as many steps as dimensions the measures are the same, node by node.
    let full = SpectralDensity(of: base, steps: 25, probes: 1, key: Key(seed: 5)).quadratures[0]
    for (a, b) in zip(full.nodes, spectrum.values) { #expect(abs(a - b) < 1e-12) }
    for (a, b) in zip(full.weights, measures[0].weights) { #expect(abs(a - b) < 1e-11) }
    for position in [1.01, 2.04, 2.71] {
      #expect(abs(full.mass(upTo: position) - measures[0].mass(upTo: position)) < 1e-11)
    }
  }

  @Test("smoothing keeps the mass, on a linear and on a logarithmic scale, with negative and zero eigenvalues")
  func smoothing() {
    let measure = QuadratureMeasure(nodes: [40, -2, 0], weights: [0.2, 0.3, 0.5])
    #expect(measure.nodes == [-2, 0, 40] && measure.weights == [0.3, 0.5, 0.2])
    let grid = (0...4000).map { -10 + Double($0) * 0.015 }
    #expect(abs(measure.density(on: grid, width: 0.5).reduce(0, +) * 0.015 - 1) < 1e-9)
    let scale = QuadratureMeasure.logarithmicGrid(-1000...100_000, count: 4001, linearity: 0.1)
    #expect(abs(scale[0] + 1000) < 1e-9 && abs(scale[4000] - 100_000) < 1e-6 && scale == scale.sorted())
    // The scale reaches from -log10(20000) to log10(2000000), but for 1e-9.
    let step = (4.301_029_995_663_981 + 6.301_029_995_663_981) / 4000
    let values = measure.logarithmicDensity(on: scale, width: 0.05, linearity: 0.1)
    #expect(abs(values.reduce(0, +) * step - 1) < 1e-6)
    let above = zip(scale, values).reduce(0) { $0 + ($1.0 > 10 ? $1.1 : 0) } * step
    #expect(abs(above - 0.2) < 1e-6)
  }
}
