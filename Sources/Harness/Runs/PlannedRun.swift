internal import Components
public import Configuration
internal import Foundation

/// A run that could be made: one configuration of an experiment with one seed.
public struct PlannedRun: Sendable {
  /// The experiment's name.
  public let experiment: String
  /// The sweep that it comes from; `nil` for a single configuration.
  public let sweep: String?
  /// The run's name within the experiment: the first 16 digits of the digest.
  public let id: String
  /// The SHA-256 of the experiment's name, the seed and what differs from the defaults.
  public let digest: String
  /// The seed.
  public let seed: Int
  /// The complete configuration in canonical YAML.
  public let configuration: String
  /// The complete configuration, setting by setting.
  public let settings: [KeyedValue]
  /// The settings that differ from the defaults.
  public let difference: [KeyedValue]
  /// The settings that vary in its sweep, with their values here.
  public let coordinates: [KeyedValue]
  /// What the experiment goes back to, for the file's attributes.
  let references: [String]
  let body: @Sendable (RunContext) throws -> RunResult

  /// How messages call it: "mode-connectivity 0f3a... (network.width=64, seed 3)".
  public var label: String {
    let varied = coordinates.map { "\($0.key)=\($0.value)" } + ["seed \(seed)"]
    return "\(experiment) \(id) (\(varied.joined(separator: ", ")))"
  }

  /// Runs of one kind take about as long: those of a sweep, or of no sweep.
  var kind: String { sweep.map { "\(experiment) \($0)" } ?? experiment }

  /// The settings that a label names, as tables show them; empty where it names none.
  static func varied(inLabel label: String, experiment: String, id: String) -> String {
    let head = "\(experiment) \(id) ("
    guard label.hasPrefix(head), let seed = label.range(of: ", seed ", options: .backwards) else { return "" }
    return String(label[head.endIndex..<seed.lowerBound]).replacing(", ", with: " ")
  }

  /// Where an unfinished run keeps its label.
  static func labelFile(in partial: String) -> String { "\(partial)/label.txt" }
}

extension Experiment {
  /// The runs of a sweep in its order.
  public static func runs(of sweep: Sweep, overrides: [String] = []) throws(ConfigurationError) -> [PlannedRun] {
    var runs: [PlannedRun] = []
    var digests: [String: String] = [:]
    for point in try sweep.points(of: Settings.self, overrides: overrides) {
      runs.append(
        planned(point.settings.pinned(&digests), seed: point.seed, coordinates: point.coordinates, sweep: sweep.name))
    }
    return runs
  }

  /// The run of one configuration with one seed.
  public static func planned(
    _ settings: Settings, seed: Int, coordinates: [KeyedValue] = [], sweep: String? = nil
  ) -> PlannedRun {
    let digest = settings.digest(experiment: name, seed: seed)
    return PlannedRun(
      experiment: name, sweep: sweep == name ? nil : sweep, id: String(digest.prefix(16)), digest: digest, seed: seed,
      configuration: settings.canonicalYAML, settings: settings.values, difference: settings.differenceFromDefaults,
      coordinates: coordinates, references: references.map(\.identifier),
      body: { context in try Self.run(settings, in: context) })
  }

  /// The table that documents the configuration.
  public static var settingsDocumentation: [SettingDocumentation] { Settings.documentation }
}

extension [PlannedRun] {
  /// The runs without repetitions, each where it first came.
  public var unique: [PlannedRun] {
    var seen: Set<String> = []
    return filter { seen.insert("\($0.experiment)/\($0.id)").inserted }
  }
}
