import Configuration
import Foundation
import Harness
import HessianSpectrum
import Networks
import Storage
import Tensors
import Testing

@Suite("Power iteration along training in hessian-spectrum")
struct HessianSpectrumAlongTests {
  private func settings(warm: Bool) -> HessianSpectrumSettings {
    var settings = HessianSpectrumSettings()
    settings.precision = .float64
    settings.training.network.hidden = [4]
    settings.training.network.design.activation = .tanh
    settings.training.data.trainCount = 60
    settings.training.steps = 120
    settings.along.every = 10
    settings.along.largest = 4
    settings.along.smallest = 4
    settings.along.traceProbes = 0
    settings.along.tolerance = 1e-6
    settings.along.powerCount = 3
    settings.along.powerSteps = 20_000
    settings.along.warmStart = warm
    settings.spectrum.largest = 3
    settings.spectrum.smallest = 1
    settings.spectrum.powerCount = 0
    settings.spectrum.traceProbes = 0
    settings.spectrum.densityProbes = 0
    settings.spectrum.denseLimit = 0
    return settings
  }

  /// Values, residuals and products by step.
  private func followed(warm: Bool) throws -> (
    values: [Double], residuals: [Double], products: [Double], both: [Double]
  ) {
    var result: (values: [Double], residuals: [Double], products: [Double], both: [Double]) = ([], [], [], [])
    try inRun(of: HessianSpectrumExperiment.self, settings(warm: warm)) { file in
      let trajectory = try file.group("trajectory")
      #expect(try trajectory.variable("power_iteration").dimensions == ["step", "rank"])
      result.values = try trajectory.variable("power_iteration").elements()
      result.residuals = try trajectory.variable("power_iteration_residual").elements()
      result.products = try trajectory.variable("power_iteration_products").elements()
      #expect(try trajectory.variable("power_iteration_unconverged").elements(Double.self).allSatisfy { $0 == 0 })
      let (largest, smallest) = (
        try trajectory.variable("largest").elements(Double.self),
        try trajectory.variable("smallest").elements(Double.self)
      )
      result.both = (0..<13).flatMap { step in
        largestInSize(Array(largest[4 * step..<4 * step + 4] + smallest[4 * step..<4 * step + 4]), count: 3)
      }
    }
    return result
  }

  @Test("finds the pairs that Lanczos finds, in fewer products where it starts from those of the measurement before")
  func warmStart() throws {
    let (warm, cold) = (try followed(warm: true), try followed(warm: false))
    for found in [warm, cold] {
      #expect(found.values.count == 39 && found.products.count == 13)
      for (place, value) in found.values.enumerated() {
        #expect(abs(value / found.both[place] - 1) < 1e-8, "\(place)")
        #expect(found.residuals[place] <= 1e-6 * abs(value))
      }
    }
    // Nothing is known at the first.
    #expect(warm.products[0] == cold.products[0])
    let (saved, all) = (warm.products.dropFirst().reduce(0, +), cold.products.dropFirst().reduce(0, +))
    #expect(saved < 0.9 * all, "\(saved) of \(all)")
  }

  @Test("is rehearsed from random starts, for a rehearsal's steps are nearer to each other than a run's measurements")
  func rehearsal() throws {
    func products(warm: Bool, _ rehearsal: Rehearsal? = nil) throws -> (power: [Double], krylov: [Double]) {
      var settings = settings(warm: warm)
      settings.along.every = 1
      settings.training.steps = 3
      // So that next to nothing moves.
      settings.training.schedule.learningRate = 1e-5
      let path = FileManager.default.temporaryDirectory.appendingPathComponent("spectrum-\(UUID().uuidString)").path
      defer {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
      }
      let run = HessianSpectrumExperiment.planned(settings, seed: 3)
      var batch = Batch([run], folder: ResultsFolder(path), jobs: 1)
      batch.rehearsal = rehearsal
      #expect(batch.execute()[0].ending == .finished)
      let trajectory = try RunFile.read(run.file(in: ResultsFolder(path))).trajectory
      return (
        try trajectory.variable("power_iteration_products").elements(),
        try trajectory.variable("krylov_dimension").elements()
      )
    }
    let (warm, cold) = (try products(warm: true), try products(warm: false))
    let rehearsed = try products(warm: true, Rehearsal(watch: 1e9) { 0 })
    #expect(rehearsed.power == cold.power && rehearsed.krylov == cold.krylov && cold.power.count == 4)
    #expect(warm.power[3] < cold.power[3])
  }
}
