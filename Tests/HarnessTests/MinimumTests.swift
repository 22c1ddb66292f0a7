import Components
import Configuration
import Differentiation
import Foundation
import Harness
import Networks
import Optimizers
import Storage
import Synchronization
import Tensors
import Testing
import Training

private func smallRecipe(steps: Int) -> Recipe {
  var recipe = Recipe()
  recipe.network.hidden = [16]
  recipe.data.trainCount = 500
  recipe.steps = steps
  return recipe
}

/// Asks for one minimum, whatever the run's own seed.
private enum Asking: Experiment {
  struct Settings: Configurable {
    var minimum = smallRecipe(steps: 200)
    static let schema = Schema<Self> { Section("minimum", \.minimum, "The minimum.") }
  }
  static let name = "asking"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let minimum = try context.minimum(of: settings.minimum, seed: 7)
    let evaluation = minimum.trainingObjective().evaluate(at: minimum.parameters)
    return RunResult(
      measurements: Group(
        dimensions: [Dimension("parameter", length: minimum.parameters.count)],
        variables: [
          Variable("parameters", along: ["parameter"], values: minimum.parameters),
          Variable("loss", value: evaluation.loss), Variable("error", value: evaluation.error),
        ], attributes: ["path": .string((minimum.path as NSString).lastPathComponent)]),
      divergence: minimum.divergence)
  }
}

/// f(x) = sum of (k + 1) x_k^2 / 2.
private struct Bowl: Objective {
  let dimension = 4
  func value(at point: [Double]) -> Double {
    point.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element * $1.element / 2 }
  }
  func gradient(at point: [Double], into gradient: inout [Double]) -> Double {
    for index in point.indices { gradient[index] = Double(index + 1) * point[index] }
    return value(at: point)
  }
  func hessian(at point: [Double]) -> any LinearOperator<Double> { preconditionFailure("no test asks for it") }
}

/// Trains on the bowl; a hook is told each step.
private enum Descending: Experiment {
  struct Settings: Configurable {
    var steps = 100
    static let schema = Schema<Self> { Setting("steps", \.steps, "Updates.") }
  }
  static let name = "descending"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    var state = TrainingState(parameters: [1.0, 2, 3, 4], recipe: .momentum(0.9))
    let watch = Probe<Double>.value(TrajectoryColumn("first", longName: "first parameter"), at: .every(1)) { point in
      ToyHooks.enter("\(point[0])", in: context)
      return point[0]
    }
    try context.train(
      "descent", &state, on: Bowl(), plan: TrainingPlan(steps: settings.steps, schedule: .constant(0.01)),
      probes: [.progress(at: .every(10)), watch])
    return RunResult(
      measurements: Group(
        dimensions: [Dimension("parameter", length: 4)],
        variables: [Variable("end", along: ["parameter"], values: state.parameters)]),
      trajectory: Group(state.trajectory))
  }
}

@Suite("Training in a run")
struct RunTrainingTests {
  @Test("that was stopped goes on from its checkpoint and ends with the same bits")
  func resumes() throws {
    try withFolder { whole in
      try withFolder { broken in
        let run = Descending.planned(.init(), seed: 0)
        #expect(Batch([run], folder: whole).execute()[0].ending == .finished)
        let cancellation = Cancellation()
        let count = Mutex(0)
        ToyHooks.set(broken) { _, _ in
          count.withLock { count in
            count += 1
            if count == 38 { cancellation.cancel() }
          }
        }
        #expect(Batch([run], folder: broken, cancellation: cancellation).execute()[0].ending == .interrupted)
        let live = try LiveTrajectory.read(run.partial(in: broken) + "/trajectory-descent.h5")
        #expect(try live.dimension("step").length == 38)
        #expect(Batch([run], folder: broken).execute()[0].ending == .finished)
        // Step 37 was seen, its update was made, and the next process begins with step 38.
        #expect(count.withLock { $0 } == 101)
        let resumed = try #require(try run.collected(in: broken))
        let uninterrupted = try #require(try run.collected(in: whole))
        #expect(resumed.measurements == uninterrupted.measurements)
        #expect(resumed.trajectory == uninterrupted.trajectory)
        #expect(try resumed.trajectory?.variable("first").elements(Double.self).count == 101)
      }
    }
  }
}

@Suite("A trained minimum")
struct MinimumTests {
  @Test("is named by what differs from the default recipe, its seed and its number type")
  func identity() {
    var recipe = smallRecipe(steps: 10)
    recipe.data.trainCount = nil
    // sha256sum of the four lines written out by hand.
    #expect(
      recipe.digest(experiment: "minimum/float32", seed: 3)
        == "615d1bbdd592dbe215469d63c9b29474d7bd4e48202c0f1243b49a3c6d43ec66")
  }

  @Test("is trained once for all that ask, and fits")
  func shared() throws {
    try withFolder { folder in
      let runs = try Asking.runs(of: Sweep(experiment: "asking", seeds: [0, 1, 2]))
      #expect(Batch(runs, folder: folder, jobs: 3).execute().map(\.ending) == [.finished, .finished, .finished])
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/minima")
      #expect(files.count == 1)
      let results = try runs.map { try #require(try measurements($0, in: folder)) }
      #expect(results[0] == results[1] && results[0] == results[2])
      #expect(try results[0].variable("error").value(Double.self) < 0.2)
      let file = try RunFile.read(folder.path + "/minima/" + files[0])
      #expect(file.checkpoints.groups.names == ["0", "200"])
      #expect(try file.checkpoints.variable("200/dense1/weight").shape == [64, 16])
      #expect(file.configuration.attributes["network.hidden"] == .integers([16]))
      let stored: Double = try file.measurements.variable("train_loss").value()
      #expect(stored == (try results[0].variable("loss").value()))
    }
  }

  @Test("goes on bit for bit when its training was stopped")
  func resumes() throws {
    try withFolder { whole in
      try withFolder { broken in
        let settings = Asking.Settings(minimum: smallRecipe(steps: 30_000))
        let run = Asking.planned(settings, seed: 0)
        let cancellation = Cancellation()
        let watcher = Thread {
          let minima = broken.path + "/minima"
          while !(FileManager.default.enumerator(atPath: minima)?.contains { "\($0)".hasSuffix("training.h5") } ?? false)
          {
            Thread.sleep(forTimeInterval: 0.002)
          }
          Thread.sleep(forTimeInterval: 0.1)
          cancellation.cancel()
        }
        watcher.start()
        #expect(Batch([run], folder: broken, cancellation: cancellation).execute()[0].ending == .interrupted)
        #expect(Batch([run], folder: broken).execute()[0].ending == .finished)
        #expect(Batch([run], folder: whole).execute()[0].ending == .finished)
        let resumed = try #require(try measurements(run, in: broken))
        #expect(resumed == (try measurements(run, in: whole)))
      }
    }
  }

  @Test("is waited for while another trains it")
  func waits() throws {
    try withFolder { folder in
      let run = Asking.planned(.init(), seed: 0)
      let name = String(Asking.Settings().minimum.digest(experiment: "minimum/float32", seed: 7).prefix(16))
      try FileManager.default.createDirectory(atPath: folder.path + "/minima", withIntermediateDirectories: true)
      let lock = try RunLock(folder: folder.path + "/minima/\(name).partial")
      let release = Thread {
        Thread.sleep(forTimeInterval: 0.4)
        lock.release()
      }
      release.start()
      let report = Batch([run], folder: folder).execute()[0]
      #expect(report.ending == .finished && report.seconds > 0.3)
    }
  }

  @Test("is named and left alone when its file is damaged")
  func damaged() throws {
    try withFolder { folder in
      let run = Asking.planned(.init(), seed: 0)
      _ = Batch([run], folder: folder).execute()
      let name = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/minima")[0]
      let path = folder.path + "/minima/" + name
      try Data("nonsense".utf8).write(to: URL(fileURLWithPath: path))
      let other = Asking.planned(.init(), seed: 1)
      guard case .failed(let sentence, exitCode: 65) = Batch([other], folder: folder).execute()[0].ending else {
        Issue.record("a damaged minimum was used")
        return
      }
      #expect(sentence.hasPrefix("\(path) can't be read as a result ("))
      #expect(sentence.hasSuffix("move it away and the training will be made again."))
      #expect(FileManager.default.contents(atPath: path) == Data("nonsense".utf8))
    }
  }

  @Test("that diverged says so")
  func diverges() throws {
    try withFolder { folder in
      var settings = Asking.Settings()
      settings.minimum.schedule.learningRate = 1e6
      settings.minimum.loss = .meanSquaredError
      let ending = Batch([Asking.planned(settings, seed: 0)], folder: folder).execute()[0].ending
      guard case .diverged(let how) = ending else {
        Issue.record("divergence went unseen: \(ending)")
        return
      }
      #expect(how.hasPrefix("the loss went out of bounds at step "))
    }
  }

  @Test("is refused when the recipe makes no sense, in whatever section")
  func conflicts() {
    func sentence(_ yaml: String) -> String {
      do throws(ConfigurationError) {
        _ = try Asking.Settings(yaml: yaml)
        return "read"
      } catch { return error.description }
    }
    #expect(
      sentence("minimum: {steps: 5, schedule: {warm_up_steps: 9}}")
        == "configuration, line 1: minimum: warm_up_steps is 9, but there are only 5 steps.")
    #expect(
      sentence("minimum:\n  data: {train_count: 5000}")
        == "configuration, line 2: minimum: data: train_count is 5000, but digits has only 3823 training examples.")
  }
}
