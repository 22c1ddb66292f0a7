import Configuration
import Datasets
import Differentiation
import Foundation
import Harness
import HessianSpectrum
import Networks
import Storage
import Tensors
import Testing

@Suite("The Hessian spectrum's runs")
struct HessianSpectrumRunTests {
  @Test("a linear model's spectrum under the squared error is that of its data, each eigenvalue ten times")
  func linear() throws {
    var settings = HessianSpectrumSettings()
    settings.precision = .float64
    settings.training.network.hidden = []
    settings.training.loss = .meanSquaredError
    settings.training.data.trainCount = 40
    settings.training.steps = 0
    settings.spectrum.largest = 30
    settings.spectrum.tolerance = 1e-8
    settings.spectrum.traceProbes = 200
    settings.spectrum.densityProbes = 40
    settings.spectrum.hutchPlusPlusProducts = 90
    settings.spectrum.diagonalProbes = 100
    settings.spectrum.beside = [.gaussNewton]
    settings.spectrum.blocks = .tensors
    settings.spectrum.blockLargest = 2
    let data = try settings.training.data.load().train
    let inputs: [Double] = data.features(as: Double.self).elements
    // Mean over 40 examples and 10 outputs of (x W + b - y)^2: the Hessian of each output's weights is 2/10 [x 1]'[x 1]/40.
    let order = data.featureCount + 1
    var moments = [Double](repeating: 0, count: order * order)
    for example in 0..<40 {
      let row = Array(inputs[example * data.featureCount..<(example + 1) * data.featureCount]) + [1]
      for i in 0..<order { for j in 0..<order { moments[i * order + j] += 0.2 * row[i] * row[j] / 40 } }
    }
    let diagonal = (0..<order).flatMap { [Double](repeating: moments[$0 * order + $0], count: 10) }
    let eigenvalues = try #require(Double.symmetricEigenvalues(order: order, matrix: &moments))
    let expected = eigenvalues.flatMap { [Double](repeating: $0, count: 10) }
    var inBlocks = settings
    inBlocks.spectrum.blockSize = 5
    // The block methods find the same, each eigenvalue ten times over.
    try inRun(of: inBlocks) { file in
      for (name, count) in [("largest", 30), ("power_iteration", 10)] {
        let values: [Double] = try file.variable("measurements/final/\(name)").elements()
        #expect(values.count == count && zip(values, expected.reversed()).allSatisfy { abs($0 / $1 - 1) < 1e-6 })
      }
    }
    try inRun(of: settings) { file in
      let dense: [Double] = try file.variable("measurements/final/dense").elements()
      let largest: [Double] = try file.variable("measurements/final/largest").elements()
      let power: [Double] = try file.variable("measurements/final/power_iteration").elements()
      let scale = expected.last ?? 0
      #expect(dense.count == 650 && zip(dense, expected).allSatisfy { abs($0 - $1) < 1e-12 * scale })
      #expect(zip(largest, expected.reversed()).allSatisfy { abs($0 - $1) < 1e-9 * scale } && largest.count == 30)
      #expect(zip(power, expected.reversed()).allSatisfy { abs($0 - $1) < 1e-9 * scale } && power.count == 10)
      let final = try file.group("measurements/final")
      // A linear model is its own Gauss-Newton part.
      var diagonals: [[Double]] = []
      for matrix in ["", "gauss_newton/"] {
        let trace: Double = try final.variable("\(matrix)trace").value()
        let error: Double = try final.variable("\(matrix)trace_standard_error").value()
        #expect(abs(trace - expected.reduce(0, +)) < 4 * error && error < 0.1 * trace)
        let sketched: Double = try final.variable("\(matrix)trace_hutch_plus_plus").value()
        let sketchError: Double = try final.variable("\(matrix)trace_hutch_plus_plus_standard_error").value()
        #expect(abs(sketched - expected.reduce(0, +)) < 4 * sketchError && sketchError < error)
        let means: [Double] = try final.variable("\(matrix)diagonal").elements()
        let errors: [Double] = try final.variable("\(matrix)diagonal_standard_error").elements()
        #expect(zip(zip(means, diagonal), errors).allSatisfy { abs($0.0 - $0.1) < 6 * $1 + 1e-12 })
        // The biases' block is 0.2 times the identity.
        let blocks: [Double] = try final.variable("\(matrix)blocks/largest").elements()
        #expect(
          blocks.count == 4 && blocks[0] < largest[0] && abs(blocks[2] - 0.2) < 1e-9 && abs(blocks[3] - 0.2) < 1e-9)
        #expect(abs(try final.variable("\(matrix)blocks/trace").elements()[1] - 2.0) < 1e-9)
        diagonals.append(means)
      }
      // Drawn by keys of their own.
      #expect(diagonals[0] != diagonals[1])
      // Its top ten eigenvalues are ten copies of one.
      #expect(abs(try final.variable("gauss_newton/overlap").value() - 1) < 1e-6)
      let others: [Double] = try final.variable("gauss_newton/largest").elements()
      #expect(zip(others, largest).prefix(10).allSatisfy { abs($0 - $1) < 1e-9 * scale })
      let nodes: [Double] = try file.variable("measurements/final/density/nodes").elements()
      let weights: [Double] = try file.variable("measurements/final/density/weights").elements()
      let total = zip(nodes, weights).filter { !$0.0.isNaN }.map(*).reduce(0, +) / 40 * 650
      #expect(abs(total / expected.reduce(0, +) - 1) < 0.3)
    }
  }

  @Test("profile smoke runs, its trajectories end with the spectrum at the end, its checkpoints hold the parameters")
  func smoke() throws {
    try checkSmoke(HessianSpectrumExperiment.self) { file in
      let along = try file.variable("trajectory/largest")
      #expect(along.dimensions == ["step", "eigenvalue"])
      let rows: [Double] = try along.elements()
      let last = rows[rows.count - along.shape[1]]
      let largest: [Double] = try file.variable("measurements/final/largest").elements()
      #expect(abs(last / largest[0] - 1) < 1e-3)
      let sharpness: [Double] = try file.variable("trajectory/sharpness").elements()
      #expect(sharpness.last == last && sharpness.count == along.shape[0])
      let steps: Int = try file.variable("measurements/steps").value()
      let count: Int = try file.variable("measurements/parameters").value()
      for step in [0, steps] {
        let stored = try file.group("checkpoints/\(step)")
        #expect(stored.variablePaths.map(\.variable.shape.count).reduce(0, +) == count)
      }
    }
  }

  @Test("with batch statistics the Hessian is that of the objective, and losses are those of evaluation")
  func batchNormalization() throws {
    var settings = try HessianSpectrumSettings(
      yaml: "{training: {network: {architecture: resnet, depth: 8, width: 1}, data: {train_count: 40, test_count: 20}, "
        + "batch_size: 20, steps: 6, l2: 0.01}, precision: float64, along: {largest: 1, trace_probes: 0}, "
        + "spectrum: {largest: 3, smallest: 1, power_count: 0, trace_probes: 0, density_probes: 0, dense_limit: 0, "
        + "tolerance: 1e-7}}")
    settings.along.every = 3
    let recipe = settings.training
    let data = try recipe.data.load()
    let network = try recipe.network(for: data)
    let evaluation = SplitEvaluation<Double>(recipe, of: network, on: data)
    try inRun(of: settings) { file in
      let stored = try file.group("checkpoints/6")
      let point: [Double] = try stored.variablePaths.flatMap { try $0.variable.elements() }
      let final = try file.group("measurements/final")
      let (train, test) = evaluation(at: point)
      #expect(try final.variable("train_loss").value(Double.self) == train.loss)
      #expect(try final.variable("test_loss").value(Double.self) == test.loss)
      let objective = evaluation.training.value(at: point)
      #expect(abs(try final.variable("objective").value(Double.self) - objective) < 1e-12)
      #expect(abs(objective - train.loss) > 1e-3)
      // The largest eigenvalue is no smaller than the curvature along any direction, by differences of gradients here.
      let largest: [Double] = try final.variable("largest").elements()
      var direction = [Double](repeating: 0, count: point.count)
      for index in direction.indices { direction[index] = Double((index * 7) % 11) - 5 }
      for _ in 0..<60 {
        let length = direction.norm
        let unit = direction.map { $0 / length }
        var (ahead, behind) = (point, point)
        ahead.add(1e-5, times: unit)
        behind.add(-1e-5, times: unit)
        let slopes = zip(evaluation.training.gradient(at: ahead), evaluation.training.gradient(at: behind))
        // Shifted, so that power iteration finds the largest and not the largest in size.
        direction = zip(slopes, unit).map { ($0.0 - $0.1) / 2e-5 + largest[0] / 2 * $1 }
      }
      #expect(abs(direction.norm / (1.5 * largest[0]) - 1) < 0.02)
      #expect(try file.variable("trajectory/objective").elements(Double.self).allSatisfy(\.isFinite))
      let note = try file.group("measurements").attributes["normalization"]?.text
      #expect(note?.contains("batches of 20") == true)
    }
  }

  @Test("a training at an absurd rate ends as diverged, with its numbers")
  func divergence() throws {
    var settings = HessianSpectrumSettings()
    settings.training.network.hidden = [4]
    settings.training.data.trainCount = 50
    settings.training.steps = 30
    settings.training.schedule.learningRate = 1e6
    settings.spectrum.largest = 22
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("spectrum-\(UUID().uuidString)").path
    defer {
      do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
    }
    let run = HessianSpectrumExperiment.planned(settings, seed: 3)
    let ending = Batch([run], folder: ResultsFolder(path)).execute()[0].ending
    guard case .diverged(let how) = ending else {
      Issue.record("\(ending)")
      return
    }
    #expect(how.contains("out of bounds"))
    let final = try GroupFile(run.file(in: ResultsFolder(path))).read().group("measurements/final")
    guard case .strings(let said)? = final.attributes["remarks"] else {
      Issue.record("no remarks")
      return
    }
    #expect(!said.isEmpty)
  }

  @Test("a run that is stopped again and again ends with the bits of one that wasn't")
  func interruption() throws {
    var settings = HessianSpectrumSettings()
    settings.training.network.hidden = [4]
    settings.training.data.trainCount = 50
    settings.training.steps = 300
    settings.along.largest = 2
    settings.along.powerCount = 2
    settings.spectrum.largest = 22
    settings.spectrum.powerCount = 2
    settings.spectrum.beside = [.gaussNewton]
    settings.spectrum.subset = ["dense1/bias"]
    var whole: RunContent?
    try inRun(of: settings) { whole = try RunContent($0) }
    var interruptions = 0
    let stopping: (PlannedRun, ResultsFolder) throws -> Void = { run, folder in
      for attempt in 1...400 {
        let cancellation = Cancellation()
        let timer = Thread {
          Thread.sleep(forTimeInterval: 0.004 * Double(attempt))
          cancellation.cancel()
        }
        timer.start()
        let ending = Batch([run], folder: folder, cancellation: cancellation).execute()[0].ending
        if ending == .finished { return }
        #expect([.interrupted, .unmade].contains(ending))
        interruptions += 1
      }
    }
    try inRun(of: settings, first: stopping) { file in
      let resumed = try RunContent(file)
      // As a number, for a failure that prints both files helps nobody.
      let isSame = resumed == whole
      #expect(isSame)
    }
    #expect(interruptions > 3)
  }

  /// Makes one run in a folder of its own, after whatever `first` does there, and hands its file to `check`.
  private func inRun(
    of settings: HessianSpectrumSettings, first: (PlannedRun, ResultsFolder) throws -> Void = { _, _ in },
    _ check: (Group) throws -> Void
  ) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("spectrum-\(UUID().uuidString)").path
    defer {
      do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
    }
    let folder = ResultsFolder(path)
    let run = HessianSpectrumExperiment.planned(settings, seed: 3)
    try first(run, folder)
    let ending = Batch([run], folder: folder).execute()[0].ending
    #expect(ending == .finished || ending == .skipped)
    try check(try GroupFile(run.file(in: folder)).read())
  }
}

/// What must not depend on interruptions.
private struct RunContent: Equatable {
  let measurements: Group
  let trajectory: Group
  let checkpoints: Group

  init(_ file: Group) throws {
    measurements = try file.group("measurements")
    trajectory = try file.group("trajectory")
    checkpoints = try file.group("checkpoints")
  }
}
