import Components
import Configuration
import Curvature
import Differentiation
import Foundation
import Harness
import Networks
import Optimizers
import Storage
import Synchronization
import Tensors
import Training

/// A clock that work sets forward.
enum Work {
  private static let done = Mutex(0.0)
  static var seconds: Double { done.withLock { $0 } }
  static func take(_ seconds: Double) { done.withLock { $0 += seconds } }
  /// What asks a rehearsal to stop, and where it was made.
  static let cancellation = Cancellation()
  static let folder = Mutex("")
}

/// |x|^2 / 2, a gradient of which takes 2 s, the first 40 s more.
final class SlowBowl: Objective {
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

struct Halving: LinearOperator {
  let dimension = 2
  func apply(to vector: [Double], into product: inout [Double]) {
    Work.take(5)
    product = vector.map { $0 / 2 }
  }
}

/// Two trainings, one of which goes on where the other ended, a loop, evaluations and products.
enum Slow: Experiment {
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
enum Repeating: Experiment {
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

/// |x|^2 / 2 over 600 chunks of examples, of which a gradient takes 2 s each, the first 40 s more.
private final class ChunkedBowl: Objective {
  let dimension = 2
  func value(at point: [Double]) -> Double { point.reduce(0) { $0 + $1 * $1 / 2 } }
  func gradient(at point: [Double], into gradient: inout [Double]) -> Double {
    PassWatch.forEach(600) { Work.take($0 == 0 ? 42 : 2) }
    gradient = point
    return value(at: point)
  }
  func hessian(at point: [Double]) -> any LinearOperator<Double> { Halving() }
}

/// A training on all examples and evaluations, each of which takes longer than a rehearsal watches.
enum Passing: Experiment {
  struct Settings: Configurable {
    var unused = 0
    static let schema = Schema<Self> { Setting("unused", \.unused, "Nothing.") }
  }
  static let name = "passing"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    var state = TrainingState(parameters: [1.0, 2], recipe: .momentum(0.9))
    let probe = Probe<Double>([TrajectoryColumn("value", longName: "value")], at: .every(50)) { _ in
      PassWatch.forEach(900) { _ in Work.take(1) }
      return [0]
    }
    try context.train(
      "whole", &state, on: ChunkedBowl(), plan: TrainingPlan(steps: 1000, schedule: .constant(0.01)), probes: [probe])
    for _ in 0..<70 { context.repeated("evaluation") { _ = PassWatch.forEach(300) { _ in Work.take(3) } } }
    PassWatch.forEach(80_000) { _ in Work.take(5) }
    return RunResult(
      measurements: Group(variables: [Variable("sum", value: 0), Variable("steps", value: state.step)]))
  }
}

/// Ends of the spectrum of an operator of which a product takes 20 s.
enum Spectral: Experiment {
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

func endlessRecipe() -> Recipe {
  var recipe = Recipe()
  recipe.network.hidden = [4]
  recipe.data.trainCount = 100
  recipe.steps = 100_000_000
  return recipe
}

/// Asks for one minimum that takes long and does nothing else.
enum Waiting: Experiment {
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
