import Commands
import Components
import Configuration
import Foundation
import Harness
import Storage
import Synchronization

enum Pendulum: Experiment {
  struct Suspension: Configurable {
    var length = 1.0
    static let schema = Schema<Self> {
      Setting("length", \.length, "From the pivot to the weight.", allowed: Above(0.0), units: "m")
    }
  }

  struct Settings: Configurable {
    var gravity = 9.81
    var steps = 10
    var string = Suspension()

    static let schema = Schema<Self> {
      Setting("gravity", \.gravity, "Acceleration.", allowed: 0.1...30.0, units: "m s-2")
      Setting("steps", \.steps, "How many swings are seen.", allowed: 1...1000)
      Section("string", \.string, "What it hangs on.")
    }
  }

  static let name = "pendulum"
  static let abstract = "Measures the period of a pendulum."
  static let references = [
    Reference(
      "huygens1673", kind: .book, authors: ["Huygens, Christiaan"], title: "Horologium Oscillatorium", year: 1673)
  ]
  static let findings = [
    Finding(
      id: "pendulum.period", statement: "The period grows with the root of the length.", references: references,
      quantity: "the period", criterion: "> 0 s", experiment: "pendulum", sweep: "lengths", minimumSeeds: 1
    ) { evidence in
      let periods = try evidence.numbers("period")
      return Outcome(effect: periods[0], lower: periods.min()!, upper: periods.max()!, must: .above(0), unit: "s")
    },
    Finding(
      id: "pendulum.still", statement: "It stands still.", references: [], quantity: "the period", criterion: "< 0 s",
      experiment: "pendulum", sweep: "lengths", minimumSeeds: 1
    ) { evidence in Outcome(.notReproduced, effect: try evidence.numbers("period")[0], unit: "s") },
  ]
  static let profiles = Profiles(
    smoke: Array("sweeps: {lengths: {}}".utf8),
    quick: Array("sweeps: {lengths: {seeds: 0, grid: {string.length: [1, 4]}}}".utf8), full: [])

  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    for step in 0..<settings.steps {
      try context.checkCancellation()
      context.progress(Double(step + 1) / Double(settings.steps), "swinging")
    }
    if settings.gravity == 30 { throw Failure() }
    let period = 2 * Double.pi * (settings.string.length / settings.gravity).squareRoot()
    var measurements = Group(variables: [
      Variable("period", value: period, units: "s", longName: "time of one swing"),
      Variable("swings", value: settings.steps, longName: "swings seen"),
    ])
    if settings.gravity == 0.1 {
      measurements.remarks = ["it hardly swings"]
      measurements.groups["string"] = Group(attributes: ["remarks": .string("so, its period is long")])
    }
    return RunResult(measurements: measurements)
  }

  struct Failure: Error, CustomStringConvertible { let description = "the string tore." }
}

enum Laboratory: ExperimentRegistry {
  static let experiments: [any Experiment.Type] = [Pendulum.self]
}

/// What a command wrote and ended with.
struct Execution {
  let code: Int32
  let out: String
  let error: String
}

func landscape(_ arguments: String...) -> Execution { landscape(arguments) }

func landscape(_ arguments: [String]) -> Execution {
  let out = Mutex("")
  let error = Mutex("")
  let console = Console(out: { text in out.withLock { $0 += text } }, error: { text in error.withLock { $0 += text } })
  let code = Console.$current.withValue(console) { LandscapeCommand<Laboratory>.execute(arguments) }
  return Execution(code: code, out: out.withLock { $0 }, error: error.withLock { $0 })
}

func withFolder(_ body: (String) throws -> Void) throws {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("commands-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer {
    do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
  }
  try body(path)
}

/// Writes a text file.
func write(_ text: String, to path: String) throws {
  try Foundation.Data(text.utf8).write(to: URL(fileURLWithPath: path))
}

/// The id of the run of seed 0 with a string of `length`.
func identifier(_ length: Double = 1) -> String {
  var settings = Pendulum.Settings()
  settings.string.length = length
  return Pendulum.planned(settings, seed: 0).id
}
