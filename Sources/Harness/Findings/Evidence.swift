public import Configuration
public import Storage

/// The runs that a finding is decided on.
public struct Evidence: Sendable {
  /// Every run of the sweep that has ended with a result, the diverged ones among them, in the sweep's order.
  public let runs: [CollectedRun]
  /// The runs that have no result, each with the reason.
  public let missing: [MissingRun]

  /// Runs with results, and those without.
  public init(runs: [CollectedRun], missing: [MissingRun] = []) {
    self.runs = runs
    self.missing = missing
  }

  /// The number of different seeds among the runs.
  public var seedCount: Int { Set(runs.map(\.seed)).count }

  /// One number from each run, in order.
  public func numbers(_ path: String) throws -> [Double] { try runs.map { try $0.number(path) } }

  /// The runs grouped by the value of a setting, in the order in which the values first come.
  public func grouped(by key: String) -> [(value: ConfigurationValue, runs: [CollectedRun])] {
    var groups: [(value: ConfigurationValue, runs: [CollectedRun])] = []
    for run in runs {
      let value = run[key] ?? .null
      if let index = groups.firstIndex(where: { $0.value == value }) {
        groups[index].runs.append(run)
      } else {
        groups.append((value, [run]))
      }
    }
    return groups
  }
}

/// A run without a result.
public struct MissingRun: Sendable, Hashable {
  /// The reason of a run that nobody has made yet.
  public static let unmade = "it has not been run"

  /// The run.
  public let id: String
  /// Why: an error's sentence, or that it has not been run.
  public let reason: String

  /// A run and why it has no result.
  public init(id: String, reason: String) {
    self.id = id
    self.reason = reason
  }
}

/// A finished run as its file holds it.
public struct CollectedRun: Sendable {
  /// The run's name.
  public let id: String
  /// Its seed.
  public let seed: Int
  /// Where its file is.
  public let path: String
  /// How its numbers went out of bounds, if they did.
  public let divergence: String?
  /// Its settings.
  public let settings: [KeyedValue]
  /// Its measurements.
  public let measurements: Group
  /// What was recorded along training.
  public let trajectory: Group?

  /// A run as a test may make it up.
  public init(
    id: String, seed: Int, path: String = "", divergence: String? = nil, settings: [KeyedValue] = [],
    measurements: Group, trajectory: Group? = nil
  ) {
    self.id = id
    self.seed = seed
    self.path = path
    self.divergence = divergence
    self.settings = settings
    self.measurements = measurements
    self.trajectory = trajectory
  }

  /// The value of a setting, such as `run["optimizer.learning_rate"]`.
  public subscript(key: String) -> ConfigurationValue? { settings.first { $0.key == key }?.value }

  /// The measurement at a path such as "line/loss".
  public func measurement(_ path: String) throws -> Variable { try measurements.variable(path) }

  /// The single number at a path such as "line/barrier".
  public func number(_ path: String) throws -> Double { try measurements.variable(path).value() }

  /// The numbers at a path, in row-major order.
  public func numbers(_ path: String) throws -> [Double] { try measurements.variable(path).elements() }
}
