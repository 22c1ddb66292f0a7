import Configuration
import Foundation
import Harness
import Networks
import Storage
import Testing
import WidthSweep

@Suite("The width sweep's analysis")
struct WidthSweepAnalysisTests {
  @Test("the slope of each seed is the power it was made with, and a number without a logarithm spoils it")
  func power() {
    var points: [WidthPoint] = []
    for (seed, power) in [(3, -0.5), (1, 2.0)] {
      for width in [4.0, 32, 9] {
        points.append(WidthPoint(width: width, seed: seed, value: 7 * pow(width, power)))
      }
    }
    let found = slopes(points)
    #expect(abs(found[0] - 2) < 1e-12 && abs(found[1] + 0.5) < 1e-12 && found.count == 2)
    #expect(slopes([WidthPoint(width: 1, seed: 0, value: 0), WidthPoint(width: 2, seed: 0, value: 1)])[0].isNaN)
  }

  @Test("the relative distance is that of the difference by the second's norm")
  func distance() {
    #expect(abs(relativeDistance([3, 4, 1], [3, 0, -2]) - 5 / 13.0.squareRoot()) < 1e-15)
    #expect(relativeDistance([1, .nan], [1, 1]).isNaN)
  }

  @Test("a kernel between examples stands at the equal outputs of both, and nowhere else")
  func outputs() {
    #expect(withOutputs([1, 2, 3, 4], rows: 2, outputs: 2) == [1, 0, 2, 0, 0, 1, 0, 2, 3, 0, 4, 0, 0, 3, 0, 4])
  }

  @Test("a network is fitted at the first step at or below the level, a NaN is not")
  func fit() {
    #expect(firstStep(below: 2, steps: [0, 5, 9], values: [3, 2, 1]) == 5)
    #expect(firstStep(below: 0.5, steps: [0, 5, 9], values: [3, .nan, 1]).isNaN)
  }

  @Test("a second descent has a valley, a later peak that is not the last, and its fall is what others' peak shows")
  func descent() {
    let curve = [5.0, 2, 3, 4, 1]
    #expect(SecondDescent(curve)?.valley == 1 && SecondDescent(curve)?.peak == 3)
    #expect(SecondDescent([5, 4, 3, 2]) == nil && SecondDescent([1, 2, 3]) != nil)
    #expect(SecondDescent([1, .nan, 3, 2]) == nil && SecondDescent([1, 2]) == nil)
    let sides = SecondDescent.crossValidated([curve, [5, 2, 3, 6, 1], [5, 2, 9, 4, 2]])
    // The others of the first have their highest mean at place 2, (3 + 9) / 2 = 6 against (6 + 4) / 2 = 5.
    #expect(sides[0].rise == 1 && sides[0].fall == 2)
    #expect(sides[2].rise == 2 && sides[2].fall == 2)
    #expect(SecondDescent.crossValidated([curve])[0].fall.isNaN)
  }

  @Test("a table goes by seed and ascending width, and a hole is none")
  func rows() {
    let points = [(8.0, 1), (2, 0), (8, 0), (2, 1)].map { WidthPoint(width: $0, seed: $1, value: $0 + Double($1)) }
    #expect(table(points)?.rows == [[2, 8], [3, 9]] && table(points)?.widths == [2, 8])
    #expect(table(Array(points.dropLast())) == nil)
  }
}

@Suite("The width sweep's runs")
struct WidthSweepRunTests {
  @Test("profile smoke runs, its measurements are those at the end of its trajectory")
  func smoke() throws {
    // A rate at which training diverges is one that is not the best.
    try checkSmoke(WidthSweepExperiment.self, goingOn: ["width.faster", "width.mup"]) { file in
      let losses: [Double] = try file.variable("trajectory/train_loss").elements()
      let loss: Double = try file.variable("measurements/train_loss").value()
      #expect(losses.last == loss)
      guard file.groups["trajectory"]?.variables.contains(where: { $0.name == "kernel_change" }) == true else { return }
      let changes: [Double] = try file.variable("trajectory/kernel_change").elements()
      #expect(changes[0] == 0 && changes.last ?? 0 > 0)
      let differences: [Double] = try file.variable("trajectory/linearized_difference").elements()
      #expect(differences[0] < 1e-6 && differences.last ?? 0 > 1e-4)
    }
  }

  @Test("a model that is linear in its parameters keeps its kernel, which is the exact one, and its linearization")
  func linear() throws {
    var settings = WidthSweepSettings()
    settings.training.network.hidden = []
    settings.training.network.design.parameterization = .neuralTangent
    settings.training.loss = .meanSquaredError
    settings.training.optimizer.method = .gradientDescent
    settings.training.schedule.kind = .constant
    settings.training.batchSize = nil
    settings.training.data.trainCount = 12
    settings.training.data.testCount = 15
    settings.training.steps = 20
    settings.kernelExamples = 7
    settings.linearizedExamples = 9
    try inRun(of: settings) { file in
      for name in ["kernel_change", "kernel_limit_error", "largest_linearized_difference"] {
        let value: Double = try file.variable("measurements/\(name)").value()
        #expect(value < 1e-5, "\(name): \(value)")
      }
      let distance: Double = try file.variable("measurements/distance").value()
      let norm: Double = try file.variable("measurements/start_norm").value()
      let relative: Double = try file.variable("measurements/relative_distance").value()
      #expect(abs(distance / norm / relative - 1) < 1e-12 && distance > 0.1)
      let loss: Double = try file.variable("measurements/train_loss").value()
      let linearized: Double = try file.variable("measurements/linearized_loss").value()
      #expect(abs(loss - linearized) < 1e-5 * loss)
    }
  }

  @Test("a run that diverges ends with its measurements, and says so")
  func divergence() throws {
    var settings = WidthSweepSettings()
    settings.training.network.hidden = [6]
    settings.training.data.trainCount = 30
    settings.training.loss = .meanSquaredError
    settings.training.optimizer.method = .gradientDescent
    settings.training.schedule.learningRate = 1e4
    settings.training.steps = 60
    settings.kernelExamples = 5
    settings.activationExamples = 5
    settings.hasSharpness = true
    settings.barrierPoints = 3
    settings.restarts = 2
    settings.width = 5
    try inRun(of: settings) { file in
      #expect(file.attributes["status"]?.text == "diverged")
      let width: Int = try file.variable("measurements/width").value()
      let successes: Int = try file.variable("measurements/successes").value()
      let steps: Double = try file.variable("measurements/steps_to_fit").value()
      #expect(width == 5 && successes == 0 && steps.isNaN)
    }
  }

  @Test("what can't be widened or followed is refused in a sentence")
  func conflicts() {
    var settings = WidthSweepSettings()
    #expect(settings.conflict == nil)
    settings.width = 3
    settings.training.network.hidden = []
    #expect(settings.conflict?.contains("nothing to widen") == true)
    settings.width = nil
    settings.linearizedExamples = 4
    #expect(settings.conflict?.contains("training.loss is cross-entropy") == true)
    settings.linearizedExamples = 0
    settings.barrierPoints = 2
    #expect(settings.conflict?.contains("barrier_points is 2") == true)
    settings.barrierPoints = 0
    var normalized = WidthSweepSettings()
    normalized.training.network.design.normalization = .batch
    normalized.kernelExamples = 1
    #expect(normalized.conflict?.hasPrefix("kernel_examples is 1, but normalization over the batch") == true)
    (normalized.kernelExamples, normalized.activationExamples) = (2, 1)
    #expect(normalized.conflict?.hasPrefix("activation_examples is 1, but") == true)
    settings.width = 12
    settings.training.network.design.architecture = .leNet5
    settings.training.network.hidden = [64, 64]
    #expect(settings.recipe.network.design.width == 12 && settings.recipe.network.hidden == [64, 64])
  }

  private func inRun(of settings: WidthSweepSettings, _ check: (Group) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("width-\(UUID().uuidString)").path
    defer {
      do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
    }
    let folder = ResultsFolder(path)
    let run = WidthSweepExperiment.planned(settings, seed: 3)
    let ending = Batch([run], folder: folder).execute()[0].ending
    if case .diverged = ending {
      #expect(settings.training.schedule.learningRate == 1e4)
    } else {
      #expect(ending == .finished)
    }
    try check(try GroupFile(run.file(in: folder)).read())
  }
}
