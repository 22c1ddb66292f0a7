import Configuration
import Harness
import HessianSpectrum
import Storage
import Testing

private func run(
  _ seed: Int, power: [Double] = [2, 1], lanczos: [Double] = [2, 1], outliers: Double = 10, rate: Double = 0.5,
  stability: [Double] = [1, 2, 2], steps: [Int] = [0, 2, 3], overlap: Double = 0.95, share: [Double] = [0, 0.9, 0.9],
  correlation: Double = 0.8
) -> CollectedRun {
  let point = Group(
    dimensions: [Dimension("rank", length: power.count)],
    variables: [
      Variable("power_iteration", along: ["rank"], values: power),
      Variable("power_iteration_converged", along: ["rank"], values: power.map { _ in UInt8(1) }),
      Variable("lanczos_by_size", along: ["rank"], values: lanczos),
      Variable("dense_by_size", along: ["rank"], values: [2.0, 1]),
      Variable("outliers", value: outliers), Variable("gradient_share", value: 0.1),
      Variable("random_share", value: 0.01),
    ], groups: ["gauss_newton": Group(variables: [Variable("overlap", value: overlap)])])
  let saddles = Group(
    dimensions: [Dimension("search", length: 2)],
    variables: [
      Variable("rank_correlation", value: correlation), Variable("distinct", value: 7),
      Variable("critical", along: ["search"], values: [UInt8(1), 0]),
    ])
  var settings = HessianSpectrumSettings()
  settings.training.schedule.learningRate = rate
  return CollectedRun(
    id: "run\(seed)-\(rate)", seed: seed,
    settings: settings.values,
    measurements: Group(
      variables: [Variable("classes", value: 10), Variable("planned_steps", value: 3)],
      groups: ["initial": point, "final": point, "saddles": saddles]),
    trajectory: Group(
      dimensions: [Dimension("step", coordinates: steps)],
      variables: [
        Variable("stability", along: ["step"], values: stability),
        Variable("gradient_share", along: ["step"], values: share),
      ]))
}

@Suite("The Hessian spectrum's findings")
struct HessianSpectrumFindingTests {
  private func word(_ id: String, _ runs: [CollectedRun]) -> String {
    HessianSpectrumExperiment.findings.first { $0.id == id }!.report(on: Evidence(runs: runs), profile: .quick).word
  }

  @Test("methods that differ by a millionth disagree")
  func agreement() {
    let id = "hessian.methods-agree"
    #expect(word(id, [run(0, lanczos: [2, 1 + 1e-8])]) == "reproduced")
    #expect(word(id, [run(0), run(1, lanczos: [2, 1.000002])]) == "not reproduced")
    #expect(word(id, [run(0), run(1, power: [2.00001, 1])]) == "not reproduced")
    #expect(word(id, [run(0), run(1, power: [2, .nan])]) == "inconclusive")
  }

  @Test("the median number of outliers must lie within two of the number of classes, beyond doubt")
  func outliers() {
    let id = "hessian.bulk-outliers"
    func runs(_ counts: [Double]) -> [CollectedRun] { counts.enumerated().map { run($0, outliers: $1) } }
    #expect(word(id, runs([8, 9, 10, 11, 12])) == "reproduced")
    #expect(word(id, runs([8, 9, 10, 11, 14])) == "inconclusive")
    #expect(word(id, runs([13, 13, 14, 15, 15])) == "not reproduced")
    #expect(word(id, runs([3, 3, 4, 7, 7])) == "not reproduced")
    #expect(word(id, runs([9, 9, 10, 10, .nan])) == "inconclusive")
    #expect(word(id, runs([9, 9, 10, 10])) == "inconclusive")
  }

  @Test(
    "the largest eigenvalue must stay near 2 / eta for each of three rates, and a run that ended early is no evidence")
  func edge() {
    let id = "hessian.edge-of-stability"
    func runs(_ rates: [Double], _ stability: [Double] = [1, 2, 2]) -> [CollectedRun] {
      rates.flatMap { rate in (0..<5).map { run($0, rate: rate, stability: stability) } }
    }
    #expect(word(id, runs([0.1, 0.2, 0.3])) == "reproduced")
    #expect(word(id, runs([0.1, 0.2])) == "inconclusive")
    #expect(word(id, runs([0.1, 0.2]) + runs([0.3], [2, 1.7, 1.7])) == "not reproduced")
    #expect(word(id, runs([0.1, 0.2]) + runs([0.3], [2, 2.4, 2.4])) == "not reproduced")
    #expect(
      word(id, runs([0.1, 0.2, 0.3]) + [run(5, rate: 0.3, stability: [2, 2], steps: [0, 2])]) == "inconclusive")
    let mixed = (0..<5).map { run($0, rate: 0.3, stability: [2, 1.7 + 0.05 * Double($0), 1.7 + 0.05 * Double($0)]) }
    #expect(word(id, runs([0.1, 0.2]) + mixed) == "inconclusive")
  }

  @Test("the overlap of the top subspaces must exceed 0.9 beyond doubt")
  func overlap() {
    let id = "hessian.outliers-are-ggn"
    func runs(_ overlaps: [Double]) -> [CollectedRun] { overlaps.enumerated().map { run($0, overlap: $1) } }
    #expect(word(id, runs([0.95, 0.96, 0.97, 0.98, 0.99])) == "reproduced")
    #expect(word(id, runs([0.8, 0.85, 0.8, 0.7, 0.89])) == "not reproduced")
    #expect(word(id, runs([0.8, 0.85, 0.95, 0.99, 0.99])) == "inconclusive")
    #expect(word(id, runs([0.95, 0.96, 0.97, 0.98, .nan])) == "inconclusive")
    #expect(word(id, runs([0.95, 0.96, 0.97, 0.98])) == "inconclusive")
  }

  @Test("the gradient's share counts in the last third alone, and in runs that came to their end")
  func share() {
    let id = "hessian.top-subspace"
    func runs(_ shares: [[Double]]) -> [CollectedRun] { shares.enumerated().map { run($0, share: $1) } }
    #expect(word(id, runs((0..<5).map { [0, 0.6 + 0.01 * Double($0), 0.7] })) == "reproduced")
    #expect(word(id, runs((0..<5).map { _ in [0.9, 0.4, 0.4] })) == "not reproduced")
    #expect(word(id, runs([0.3, 0.4, 0.5, 0.6, 0.7].map { [0, $0, $0] })) == "inconclusive")
    let early = run(4, steps: [0, 1, 2])
    #expect(word(id, (0..<4).map { run($0) } + [early]) == "inconclusive")
  }

  @Test("the rank correlation over critical points must exceed one half beyond doubt")
  func index() {
    let id = "hessian.saddle-index"
    func runs(_ values: [Double]) -> [CollectedRun] { values.enumerated().map { run($0, correlation: $1) } }
    #expect(word(id, runs([0.7, 0.8, 0.9, 0.6, 0.7])) == "reproduced")
    #expect(word(id, runs([0.1, 0.2, -0.3, 0.4, 0.2])) == "not reproduced")
    #expect(word(id, runs([0.1, 0.9, 0.4, 0.6, 0.7])) == "inconclusive")
    #expect(word(id, runs([0.7, 0.8, 0.9, 0.6, .nan])) == "inconclusive")
  }

  @Test("each finding has its sweep in every profile, with seeds enough")
  func profiles() throws { try checkProfiles(HessianSpectrumExperiment.self) }
}
