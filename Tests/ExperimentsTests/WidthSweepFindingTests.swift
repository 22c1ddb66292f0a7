import Configuration
import Foundation
import Harness
import Networks
import Storage
import Testing
import WidthSweep

private func run(
  _ seed: Int, width: Double, _ numbers: [String: Double] = [:], rate: Double = 0.5,
  form: NetworkDesign.Form = .standard, losses: [Double] = [], isDiverged: Bool = false
) -> CollectedRun {
  var settings = WidthSweepSettings()
  settings.width = Int(width)
  settings.training.schedule.learningRate = rate
  settings.training.network.design.parameterization = form
  settings.training.data.synthetic.teacherWidth = 4
  return CollectedRun(
    id: "run\(seed)-\(width)-\(rate)-\(form)", seed: seed, divergence: isDiverged ? "it diverged" : nil,
    settings: settings.values,
    measurements: Group(
      dimensions: [Dimension("restart", length: losses.count)],
      variables: [
        Variable("width", value: width), Variable("restart_loss", along: ["restart"], values: losses),
        Variable("successes", value: Double(losses.count { $0 <= 0.1 })),
      ] + numbers.sorted { $0.key < $1.key }.map { Variable($0.key, value: $0.value) }))
}

private func surfaceRun(_ seed: Int, width: Double, share: Double, isDiverged: Bool) -> CollectedRun {
  let plain = run(seed, width: width, isDiverged: isDiverged)
  var measurements = plain.measurements
  measurements.groups["slices"] = Group(
    dimensions: [Dimension("line", length: 2)],
    variables: [Variable("curvature_share", along: ["line"], values: [0.001, -0.003])],
    groups: [
      "planes": Group(
        dimensions: [Dimension("plane", length: 2)],
        variables: [Variable("nonconvex_share", along: ["plane"], values: [share - 0.1, share + 0.1])])
    ])
  return CollectedRun(
    id: plain.id, seed: seed, divergence: plain.divergence, settings: plain.settings, measurements: measurements)
}

@Suite("The width sweep's findings")
struct WidthSweepFindingTests {
  private func word(_ id: String, _ runs: [CollectedRun]) -> String {
    WidthSweepExperiment.findings.first { $0.id == id }!.report(on: Evidence(runs: runs), profile: .quick).word
  }

  /// Runs whose measurement is width^power, the power a little different from seed to seed.
  private func powers(_ name: String, _ power: Double, spread: Double = 0.02, broken: Int? = nil) -> [CollectedRun] {
    (0..<5).flatMap { seed in
      [4.0, 16, 64].map { width in
        let value = pow(width, power + spread * Double(seed - 2))
        return run(seed, width: width, [name: value], isDiverged: seed == broken)
      }
    }
  }

  @Test(
    "each power must lie within its bounds beyond doubt",
    arguments: [
      ("width.lazy", "relative_distance", [-0.5], [-0.3, -0.8], [-0.6]),
      ("width.kernel-constant", "kernel_change", [-0.5, -1], [-0.2], [-0.4]),
      ("width.kernel-limit", "kernel_limit_error", [-0.5], [-0.3, -0.8], [-0.4]),
      ("width.linearized", "largest_linearized_difference", [-0.5, -1], [-0.2], [-0.4]),
    ])
  func powers(_ id: String, _ name: String, _ met: [Double], _ missed: [Double], _ straddling: [Double]) {
    for power in met { #expect(word(id, powers(name, power)) == "reproduced", "\(power)") }
    for power in missed { #expect(word(id, powers(name, power)) == "not reproduced", "\(power)") }
    for power in straddling { #expect(word(id, powers(name, power)) == "inconclusive", "\(power)") }
    #expect(word(id, powers(name, met[0], broken: 1)) == "inconclusive")
  }

  @Test("the steps to fit are those of the best rate at each width, and a rate that fails one seed is none")
  func faster() {
    func runs(_ steps: (Double, Double) -> Double) -> [CollectedRun] {
      (0..<5).flatMap { seed in
        [4.0, 16, 64].flatMap { width in
          [0.1, 0.2, 0.4].map { rate in
            run(seed, width: width, ["steps_to_fit": steps(width, rate) + Double(seed)], rate: rate)
          }
        }
      }
    }
    let id = "width.faster"
    #expect(word(id, runs { width, rate in 1000 / width + 1000 * abs(rate - 0.2) }) == "reproduced")
    #expect(word(id, runs { width, rate in 100 * width + 1000 * abs(rate - 0.2) }) == "not reproduced")
    #expect(word(id, runs { width, rate in width == 16 ? .nan : 100 }) == "inconclusive")
    #expect(word(id, runs { width, rate in rate == 0.2 ? .nan : 1000 / width / rate }) == "reproduced")
  }

  @Test(
    "the best rate must stay in muP and move in the standard parameterization, and no best rate may be a ladder's end")
  func mup() {
    func runs(_ best: (NetworkDesign.Form, Double) -> Double) -> [CollectedRun] {
      (0..<5).flatMap { seed in
        [NetworkDesign.Form.standard, .maximalUpdate].flatMap { form in
          [8.0, 64].flatMap { width in
            [-4.0, -3, -2, -1, 0].map { power in
              run(
                seed, width: width, ["train_loss": abs(power - best(form, width)) + 0.1], rate: pow(2, power),
                form: form,
                isDiverged: power > best(form, width) + 1)
            }
          }
        }
      }
    }
    let id = "width.mup"
    #expect(word(id, runs { form, width in form == .standard && width == 64 ? -3 : -1 }) == "reproduced")
    #expect(word(id, runs { form, width in -1 }) == "not reproduced")
    #expect(word(id, runs { form, width in width == 64 ? -3 : -1 }) == "not reproduced")
    #expect(word(id, runs { form, width in form == .standard && width == 64 ? -4 : 0 }) == "inconclusive")
    #expect(
      word(id, runs { form, width in -1 }.filter { $0["training.network.parameterization"] == .text("mup") })
        == "inconclusive")
  }

  @Test("a test error that only falls has no second descent")
  func descent() {
    func runs(_ curve: [Double]) -> [CollectedRun] {
      (0..<5).flatMap { seed in
        curve.enumerated().map { place, value in
          run(seed, width: pow(2, Double(place + 1)), ["test_error": value + 0.01 * Double(seed), "train_error": 0])
        }
      }
    }
    let id = "width.double-descent"
    #expect(word(id, runs([0.5, 0.3, 0.6, 0.4])) == "reproduced")
    #expect(word(id, runs([0.5, 0.4, 0.3, 0.2])) == "not reproduced")
    #expect(word(id, runs([0.5, 0.3, 0.4, 0.5])) == "not reproduced")
    #expect(word(id, Array(runs([0.5, 0.3, 0.6, 0.4]).dropLast())) == "inconclusive")
  }

  @Test("students of the teacher's size must fail now and then, and wider ones succeed more often")
  func success() {
    func runs(_ own: [Double], _ wide: [Double]) -> [CollectedRun] {
      (0..<5).flatMap { seed in
        [run(seed, width: 4, losses: own), run(seed, width: 16, losses: wide)]
      }
    }
    let id = "width.success"
    #expect(word(id, runs([0, 1, 1, 1], [0, 0, 0, 1])) == "reproduced")
    #expect(word(id, runs([0, 0, 0], [0, 0, 0])) == "not reproduced")
    #expect(word(id, runs([0, 1, 1], [1, 1, 1])) == "not reproduced")
    #expect(word(id, runs([0, 1, 1], [0, 1, 1])) == "not reproduced")
    #expect(word(id, runs([0, 1], [0, 0]).filter { $0["width"] == .integer(4) }) == "inconclusive")
  }

  @Test("the nonconvex share must fall with the width beyond doubt, and a diverged run or a NaN decides nothing")
  func smootherSurface() {
    func runs(_ share: (Double, Int) -> Double, broken: Int? = nil) -> [CollectedRun] {
      (0..<5).flatMap { seed in
        [4.0, 16, 64].map { width in
          surfaceRun(seed, width: width, share: share(log2(width), seed), isDiverged: seed == broken && width == 16)
        }
      }
    }
    let id = "width.smoother-surface"
    #expect(word(id, runs { 0.9 - 0.1 * $0 + 0.01 * Double($1) }) == "reproduced")
    #expect(word(id, runs { 0.1 + 0.1 * $0 + 0.01 * Double($1) }) == "not reproduced")
    #expect(word(id, runs { _, _ in 0.5 }) == "not reproduced")
    #expect(word(id, runs { 0.5 + 0.01 * Double($1 - 2) * $0 }) == "inconclusive")
    #expect(word(id, runs({ width, _ in 0.9 - 0.1 * width }, broken: 2)) == "inconclusive")
    #expect(word(id, runs { 0.9 - 0.1 * $0 + ($1 == 3 ? .nan : 0) }) == "inconclusive")
  }

  @Test("each finding has its sweep in every profile, with seeds enough")
  func profiles() throws { try checkProfiles(WidthSweepExperiment.self) }
}
