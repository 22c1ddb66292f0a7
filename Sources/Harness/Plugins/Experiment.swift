public import Components
public import Configuration

/// A plug-in: what it is about, how it is configured, what it shows, and how one run of it goes.
///
/// ```swift
/// public enum Pendulum: Experiment {
///   public struct Settings: Configurable { ... }
///   public static let name = "pendulum"
///   public static let abstract = "Swings."
///   public static let references: [Reference] = []
///   public static let findings: [Finding] = []
///   public static let profiles = Profiles()
///
///   public static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
///     let swing = try context.stage("swing", share: 1) { Group(variables: [Variable("period", value: 2.0, units: "s")]) }
///     return RunResult(measurements: swing)
///   }
/// }
/// ```
public protocol Experiment: SendableMetatype {
  /// The configuration of one run.
  associatedtype Settings: Configurable

  /// The name on the command line, in lower case with hyphens: it names the folder of results too.
  static var name: String { get }
  /// A few sentences: what is measured and why.
  static var abstract: String { get }
  /// What it goes back to.
  static var references: [Reference] { get }
  /// The statements that its runs decide.
  static var findings: [Finding] { get }
  /// The sweeps behind the findings, in three sizes.
  static var profiles: Profiles { get }

  /// One run. It depends on `settings`, the context's seed and its thread count alone.
  ///
  /// Divergence is a result (`RunResult.divergence`), not an error; so is whatever else makes numbers doubtful (the remarks
  /// of groups, ``Storage/Group/remarks``). An error ends this run and no other. What `checkCancellation` throws is to be let
  /// through.
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult
}

/// How much is run: to see that it runs, to decide on a laptop, to decide at full size.
public enum Profile: String, CaseIterable, Sendable {
  /// Seconds; gives no verdicts.
  case smoke
  /// Minutes on a laptop, on data that ships with the program.
  case quick
  /// Larger networks and data, for a cluster.
  case full
}

/// The sweep files of an experiment, one for each profile, as they are compiled into the program.
public struct Profiles: Sendable {
  private let files: [Profile: [UInt8]]

  /// An experiment without sweeps of its own.
  public init() { files = [:] }

  /// The bytes of the three files, such as `PackageResources.quick_yaml`.
  public init(smoke: [UInt8], quick: [UInt8], full: [UInt8]) {
    files = [.smoke: smoke, .quick: quick, .full: full]
  }

  /// The sweeps of a profile, none if the experiment has no such file.
  public func sweeps(_ profile: Profile, of experiment: String) throws(ConfigurationError) -> [Sweep] {
    guard let bytes = files[profile] else { return [] }
    return try SweepFile(
      bytes: bytes, file: "\(experiment)/\(profile).yaml", name: experiment, experiment: experiment
    ).sweeps
  }
}
