import Components
import Configuration
import Curvature
import Differentiation
import Foundation
import Harness
import Optimizers
import Storage
import Synchronization
import Tensors
import Testing
import Training

/// A clock that work sets forward.
private enum Work {
  private static let done = Mutex(0.0)
  static var seconds: Double { done.withLock { $0 } }
  static func take(_ seconds: Double) { done.withLock { $0 += seconds } }
  /// What asks a rehearsal to stop, and where it was made.
  static let cancellation = Cancellation()
  static let folder = Mutex("")
}

/// |x|^2 / 2, a gradient of which takes 2 s, the first 40 s more.
private final class SlowBowl: Objective {
  let dimension = 2
  private var isReady = false
  func value(at point: [Double]) -> Double { point.reduce(0) { $0 + $1 * $1 / 2 } }
  func gradient(at point: [Double], into gradient: inout [Double]) -> Double {
    Work.take(isReady ? 2 : 42)
    isReady = true
    gradient = point
    return value(at: point)
  }
  func hessian(at point: [Double]) -> any LinearOperator<Double> { Halving() }
}

private struct Halving: LinearOperator {
  let dimension = 2
  func apply(to vector: [Double], into product: inout [Double]) {
    Work.take(5)
    product = vector.map { $0 / 2 }
  }
}

/// Two trainings, one of which goes on where the other ended, a loop, evaluations and products.
private enum Slow: Experiment {
  struct Settings: Configurable {
    var steps = 5000
    var learningRate = 0.01
    static let schema = Schema<Self> {
      Setting("steps", \.steps, "Updates.")
      Setting("learning_rate", \.learningRate, "Their rate.")
    }
  }
  static let name = "slow"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()

  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let bowl = SlowBowl()
    func probe(_ name: String, _ seconds: Double, _ occasions: Occasions) -> Probe<Double> {
      Probe([TrajectoryColumn(name, longName: name)], at: occasions) { _ in
        Work.take(seconds)
        return [0]
      }
    }
    var state = TrainingState(parameters: [1.0, 2], recipe: .momentum(0.9))
    var plan = TrainingPlan(steps: settings.steps / 5, schedule: .constant(settings.learningRate))
    for (name, steps) in [("early", settings.steps / 5), ("late", settings.steps)] {
      plan.steps = steps
      let probes = [probe("even", 100, .every(50)), probe("sparse", 30, .logarithmic(perDecade: 3))]
      try context.train(name, &state, on: bowl, plan: plan, probes: probes)
    }
    context.rounds(80) { count in for _ in 0..<count { Work.take(11) } }
    var sum = 0.0
    for _ in 0..<300 {
      sum += context.repeated("evaluation") {
        Work.take(7)
        return 1.5
      }
    }
    let products = WatchedOperator(bowl.hessian(at: [1, 2]), in: context)
    for _ in 0..<200 { sum += products([1, 2])[0] }
    Work.take(1000)
    return RunResult(
      measurements: Group(variables: [Variable("sum", value: sum), Variable("steps", value: state.step)]))
  }
}

/// Three stages of 200 s, 200 s and 300 s, the first two of one cost.
private enum Repeating: Experiment {
  struct Settings: Configurable {
    var unused = 0
    static let schema = Schema<Self> { Setting("unused", \.unused, "Nothing.") }
  }
  static let name = "repeating"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    var sum = 0.0
    for (name, seconds) in [("first", 200.0), ("second", 200), ("third", 300)] {
      let stage = try context.stage(name, cost: "work of \(seconds) s") {
        Work.take(seconds)
        return Group(variables: [Variable("seconds", value: seconds)])
      }
      sum += try stage.variable("seconds").value(Double.self)
    }
    return RunResult(measurements: Group(variables: [Variable("sum", value: sum), Variable("steps", value: 0)]))
  }
}

/// Ends of the spectrum of an operator of which a product takes 20 s.
private enum Spectral: Experiment {
  struct Settings: Configurable {
    var unused = 0
    static let schema = Schema<Self> { Setting("unused", \.unused, "Nothing.") }
  }
  static let name = "spectral"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  private struct Sluggish: LinearOperator {
    let dimension = 20_000
    func apply(to vector: [Float], into product: inout [Float]) {
      Work.take(20)
      product = vector
    }
  }
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let method = Lanczos(tolerance: 1e-3, maximumDimension: 150)
    func count(_ largest: Int, _ smallest: Int) -> Int {
      method.extremes(
        of: WatchedOperator(Sluggish(), in: context), largest: largest, smallest: smallest, key: context.key
      ).basisDimension
    }
    return RunResult(
      measurements: Group(variables: [
        Variable("both", value: count(1, 1)), Variable("many", value: count(20, 2)), Variable("steps", value: 0),
      ]))
  }
}

private func endlessRecipe() -> Recipe {
  var recipe = Recipe()
  recipe.network.hidden = [4]
  recipe.data.trainCount = 100
  recipe.steps = 100_000_000
  return recipe
}

/// Asks for one minimum that takes long and does nothing else.
private enum Waiting: Experiment {
  struct Settings: Configurable {
    var minimum = endlessRecipe()
    var other = 0
    static let schema = Schema<Self> {
      Section("minimum", \.minimum, "The minimum.")
      Setting("other", \.other, "Anything.", allowed: 0...9)
    }
  }
  static let name = "waiting"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    if settings.other == 9 { throw ToyError() }
    if settings.other == 8 {
      Work.folder.withLock { $0 = context.results.path }
      Work.cancellation.cancel(signal: 15)
    }
    let minimum = try context.minimum(of: settings.minimum)
    return RunResult(measurements: Group(variables: [Variable("steps", value: minimum.steps)]))
  }
}

@Suite("Rehearsals", .serialized)
struct RehearsalTests {
  private func time(_ run: PlannedRun, rehearsing watch: Double?) throws -> (
    seconds: Double, spent: Double, file: RunFile
  ) {
    try withFolder { folder in
      var batch = Batch([run], folder: folder, jobs: 1)
      let rehearsal = watch.map { Rehearsal(watch: $0) { Work.seconds } }
      batch.rehearsal = rehearsal
      let start = Work.seconds
      let report = batch.execute()[0]
      #expect(report.ending == .finished)
      let spent = Work.seconds - start
      return (rehearsal?.account.seconds ?? spent, spent, try RunFile.read(run.file(in: folder)))
    }
  }

  @Test("say within 3 % how long the run takes, in a small part of the time")
  func estimate() throws {
    let run = Slow.planned(Slow.Settings(), seed: 0)
    let real = try time(run, rehearsing: nil)
    let rehearsed = try time(run, rehearsing: 30)
    #expect(abs(rehearsed.seconds / real.seconds - 1) < 0.03, "\(rehearsed.seconds) of \(real.seconds)")
    #expect(rehearsed.spent < 0.2 * real.spent)
    #expect(try rehearsed.file.measurements.variable("steps").value() == 5000)
  }

  @Test("of short runs are the runs")
  func short() throws {
    var settings = Slow.Settings()
    settings.steps = 10
    let run = Slow.planned(settings, seed: 0)
    let rehearsed = try time(run, rehearsing: 1e9)
    #expect(abs(rehearsed.seconds / (try time(run, rehearsing: nil).seconds) - 1) < 0.05)
    // Products are those of the matrix that stands for the operator.
    #expect(try rehearsed.file.measurements.variable("sum").value() == 450 + 200.0)
  }

  @Test("let iterations to convergence make about as many products as at the end of training")
  func convergence() throws {
    let rehearsed = try time(Spectral.planned(Spectral.Settings(), seed: 0), rehearsing: 1)
    let measurements = rehearsed.file.measurements
    // LeNet-300-100 on Fashion-MNIST took 83 for both ends, and 81 for 20 and 2 in a network of three layers.
    #expect((50...110).contains(try measurements.variable("both").value(Int.self)))
    #expect((50...110).contains(try measurements.variable("many").value(Int.self)))
    #expect(rehearsed.spent < 200 && rehearsed.seconds > 10 * rehearsed.spent)
  }

  @Test("serve all seeds and learning rates, and count a minimum that runs share once")
  func sharing() throws {
    try withFolder { folder in
      let shared = try Waiting.runs(
        of: SweepFile(
          bytes: Array(
            "{experiment: waiting, seeds: 0..2, grid: {other: [0, 1], minimum.schedule.learning_rate: [0.1, 0.2]}}".utf8
          ),
          file: "w", name: "w", experiment: "waiting"
        ).sweeps[0])
      var announced: [String] = []
      let forecast = try Forecast(shared, in: folder, rehearsing: 60) { announced.append($0) }
      #expect(announced.count == 2 && forecast.entries.count == 12)
      let hours = forecast.entries.map { ($0.seconds ?? .nan) / 3600 }
      #expect(hours.count { $0 > 0.05 } == 6 && hours.count { $0 < 0.01 } == 6)
      #expect(forecast.entries.allSatisfy { $0.basis == .rehearsal } && forecast.unknownCount == 0)
      #expect(FileSystemView.isEmpty(folder.path))
    }
  }

  @Test("of many widths are three, between which the others lie")
  func families() throws {
    try withFolder { folder in
      let widths = "{experiment: waiting, seeds: 0..1, grid: {minimum.network.hidden: [[2], [128], [8], [4], [64]]}}"
      let runs = try Waiting.runs(
        of: SweepFile(bytes: Array(widths.utf8), file: "w", name: "w", experiment: "waiting").sweeps[0])
      var announced = 0
      let forecast = try Forecast(runs, in: folder, rehearsing: 60) { _ in announced += 1 }
      let seconds = forecast.entries.map { $0.seconds ?? .nan }
      #expect(announced == 3 && forecast.unknownCount == 0)
      // 2, 8 and 128 are rehearsed; 4 lies half way between the first two by logarithms, 64 at three quarters of the others.
      #expect(abs(seconds[6] / (seconds[0] * seconds[4]).squareRoot() - 1) < 1e-9)
      #expect(abs(log(seconds[8]) - 0.25 * log(seconds[4]) - 0.75 * log(seconds[2])) < 1e-9)
    }
  }

  @Test("make stages of the same cost once")
  func sharedStages() throws {
    let run = Repeating.planned(Repeating.Settings(), seed: 0)
    let real = try time(run, rehearsing: nil)
    let rehearsed = try time(run, rehearsing: 1e9)
    #expect(real.seconds == 700 && rehearsed.seconds == 700)
    #expect(real.spent == 700 && rehearsed.spent == 500)
  }

  @Test("that fail leave a time unknown, and stop the plan only where none succeeds")
  func failing() throws {
    try withFolder { folder in
      var settings = Waiting.Settings()
      let good = Waiting.planned(settings, seed: 0)
      settings.other = 9
      let bad = Waiting.planned(settings, seed: 0)
      let forecast = try Forecast([good, bad], in: folder, rehearsing: 60)
      #expect(forecast.unknownCount == 1 && (forecast.secondsLeft(jobs: 2) ?? 0) > 180)
      #expect(forecast.entries[1].problem?.contains("the toy broke") == true)
      #expect(throws: HarnessError.self) { try Forecast([bad], in: folder, rehearsing: 60) }
      #expect(try Forecast([bad], in: folder, rehearsing: 0).secondsLeft(jobs: 1) == nil)
    }
  }

  @Test("that are asked to stop end the plan at once and leave nothing behind")
  func stopped() throws {
    try withFolder { folder in
      var settings = Waiting.Settings()
      settings.other = 8
      let runs = [Waiting.planned(settings, seed: 0), Waiting.planned(Waiting.Settings(), seed: 0)]
      var announced = 0
      #expect(throws: Interruption(signal: 15)) {
        try Forecast(runs, in: folder, rehearsing: 60, cancellation: Work.cancellation) { _ in announced += 1 }
      }
      #expect(announced == 1)
      let path = Work.folder.withLock { $0 }
      #expect(path.contains("landscape-rehearsal-") && !FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("tell that a training may reach its target before its last step")
  func target() throws {
    try withFolder { folder in
      var settings = Waiting.Settings()
      settings.minimum.targetLoss = 1e-30
      let forecast = try Forecast([Waiting.planned(settings, seed: 0)], in: folder, rehearsing: 60)
      #expect(forecast.entries[0].basis == .atMost && forecast.isBound)
    }
  }
}

private enum FileSystemView {
  static func isEmpty(_ path: String) -> Bool {
    ((FileManager.default.enumerator(atPath: path)?.allObjects.count) ?? 0) == 0
  }
}
