import Components
import Configuration
import Foundation
import Harness
import Storage
import Synchronization
import Tensors

/// Three stages of random numbers, each made from the one before; what goes wrong is asked for by settings or by hooks.
enum Toy: Experiment {
  struct Settings: Configurable {
    var count = 5
    var scale = 1.0
    var failingSeed: Int?
    var divergingSeed: Int?
    var remarkedSeed: Int?

    static let schema = Schema<Self> {
      Setting("count", \.count, "Numbers in each stage.", allowed: 1...1000)
      Setting("scale", \.scale, "What they are multiplied by.", allowed: Above(0.0))
      Setting("failing_seed", \.failingSeed, "The seed that fails.", allowed: 0...)
      Setting("diverging_seed", \.divergingSeed, "The seed that diverges.", allowed: 0...)
      Setting("remarked_seed", \.remarkedSeed, "The seed of which something is to be said.", allowed: 0...)
    }
  }

  static let name = "toy"
  static let abstract = "Adds random numbers."
  static let references = [
    Reference(
      "doe2020", kind: .article, authors: ["Doe, Jane", "Roe, Richard"], title: "On Sums", year: 2020,
      venue: "Journal of Sums", doi: "10.1/sums")
  ]
  static let findings = [
    Finding(
      id: "toy.positive", statement: "Sums are positive.", references: references, quantity: "the mean sum",
      criterion: "> 0", experiment: "toy", sweep: "sums", minimumSeeds: 3
    ) { evidence in
      let sums = try evidence.numbers("sum")
      return Outcome(effect: sums.reduce(0, +) / Double(sums.count), lower: 1, upper: 2, must: .above(0), unit: "m")
    }
  ]
  static let profiles = Profiles(
    smoke: Array("sweeps: {sums: {seeds: 0}}".utf8), quick: Array("sweeps: {sums: {seeds: 0..3}}".utf8), full: [])

  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    var numbers = [Double](repeating: 1, count: settings.count)
    for name in ["first", "second", "third"] {
      let group = try context.stage(name, share: 1.0 / 3) {
        ToyHooks.enter(name, in: context)
        if settings.failingSeed == context.seed, name == "second" { throw ToyError() }
        var generator = context.key.child(name).generator()
        let drawn = numbers.map { $0 + settings.scale * generator.normal() }
        return Group(
          dimensions: [Dimension("index", length: settings.count)],
          variables: [Variable("numbers", along: ["index"], values: drawn)])
      }
      numbers = try group.variable("numbers").elements()
    }
    var measurements = Group(
      dimensions: [Dimension("index", length: settings.count)],
      variables: [
        Variable("numbers", along: ["index"], values: numbers), Variable("sum", value: abs(numbers.reduce(0, +))),
      ])
    let diverges = settings.divergingSeed == context.seed
    if settings.remarkedSeed == context.seed {
      var within = Group()
      within.remarks = ["Größen, sind; fraglich"]
      // Once said, whoever says it.
      measurements.remarks = ["an index is missing"] + (diverges ? ["the sum left the finite numbers"] : [])
      measurements.groups["part"] = Group(groups: ["whole": within])
    }
    return RunResult(measurements: measurements, divergence: diverges ? "the sum left the finite numbers" : nil)
  }
}

struct ToyError: Error, CustomStringConvertible { let description = "the toy broke." }

/// What a test wants to happen when the run in its folder enters a stage.
enum ToyHooks {
  private static let hooks = Mutex<[String: @Sendable (String, Int) -> Void]>([:])

  static func set(_ folder: ResultsFolder, _ hook: (@Sendable (String, Int) -> Void)?) {
    hooks.withLock { $0[folder.path] = hook }
  }

  static func enter(_ stage: String, in context: RunContext) {
    hooks.withLock { $0[context.results.path] }?(stage, context.seed)
  }
}

/// A folder that is gone after the test.
func withFolder<Result>(_ body: (ResultsFolder) throws -> Result) throws -> Result {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("harness-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer {
    do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
  }
  return try body(ResultsFolder(path))
}

func toyRuns(seeds: ClosedRange<Int>, _ overrides: [String] = []) throws -> [PlannedRun] {
  try Toy.runs(of: Sweep(experiment: "toy", seeds: Array(seeds)), overrides: overrides)
}

func measurements(_ run: PlannedRun, in folder: ResultsFolder) throws -> Group? {
  try run.collected(in: folder)?.measurements
}
