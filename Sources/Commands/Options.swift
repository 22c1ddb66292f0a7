public import ArgumentParser
internal import Configuration
internal import Foundation
public import Harness

/// Where results lie.
struct ResultsOptions: ParsableArguments {
  @Option(name: .customLong("results"), help: ArgumentHelp("The folder of results.", valueName: "folder"))
  var path = "results"

  var folder: ResultsFolder { ResultsFolder(path) }
}

/// What is run.
struct TargetOptions: ParsableArguments {
  @Argument(help: "A YAML file with sweeps, or an experiment's name for one run of its defaults.")
  var target: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("A setting in place of the file's; may be repeated.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: "Seeds in place of the file's: 0..9 (both included), 3, or 1,2,5.")
  var seeds: String?

  @Option(help: "One sweep of the file, by name.")
  var sweep: String?

  @Option(help: "The experiment's own sweeps of a size: smoke, quick or full.")
  var profile: Profile?

  /// The runs that the options ask for.
  func runs(_ experiments: [any Experiment.Type]) throws -> [PlannedRun] {
    try Target(name: target, sweep: sweep, profile: profile).runs(experiments, overrides: overrides, seeds: seeds)
  }
}

/// A sweep file or an experiment, as it is named on the command line.
struct Target {
  let name: String
  let sweep: String?
  let profile: Profile?

  /// Its runs, each once.
  func runs(
    _ experiments: [any Experiment.Type], overrides: [String] = [], seeds: String? = nil
  ) throws -> [PlannedRun] {
    var sweeps = try sweeps(experiments)
    if let sweep { sweeps = [try chosen(sweep, among: sweeps)] }
    if let seeds {
      let chosen = try Configuration.seeds(option: seeds)
      for index in sweeps.indices { sweeps[index].seeds = chosen }
    }
    return try sweeps.flatMap { sweep in
      try experiments.named(sweep.experiment).runs(of: sweep, overrides: overrides)
    }.unique
  }

  private func chosen(_ sweep: String, among sweeps: [Sweep]) throws -> Sweep {
    if let sweep = sweeps.first(where: { $0.name == sweep }) { return sweep }
    throw HarnessError.usage(
      "\(name) has no sweep \(sweep); it has \(sweeps.map(\.name).joined(separator: ", ")).")
  }

  private func sweeps(_ experiments: [any Experiment.Type]) throws -> [Sweep] {
    let isFile = name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.contains("/")
    guard isFile else {
      let experiment = try experiments.named(name)
      guard let profile else { return [Sweep(experiment: experiment.name)] }
      return try experiment.profiles.sweeps(profile, of: experiment.name)
    }
    guard profile == nil else {
      throw HarnessError.usage("--profile goes with an experiment's name, and \(name) is a file.")
    }
    let bytes = try FileSystem.read(name, mend: "name a YAML file that can be read or an experiment")
    let stem = URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent
    return try SweepFile(bytes: bytes, file: name, name: stem).sweeps
  }
}

extension Profile: ExpressibleByArgument {}

/// How runs are made.
struct ExecutionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Runs side by side; by default as many as there are processors.", valueName: "number"))
  var jobs: Int?

  @Option(help: ArgumentHelp("Threads for the linear algebra of each run.", valueName: "number"))
  var threads = 1

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs is \(jobs), but must be from 1 to 1024.") }
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads is \(threads), but must be from 1 to 1024.")
    }
  }

  /// Makes the runs, with signals watched and progress shown.
  func execute(_ runs: [PlannedRun], in folder: ResultsFolder, cancellation: Cancellation) -> [RunReport] {
    let display: any ProgressDisplay = quiet ? SilentDisplay() : StandardErrorDisplay()
    let watch = SignalWatch(cancellation) { _ in
      display.tell("stopping at the next checkpoint; once more to stop at once")
    }
    defer { watch.end() }
    return Batch(
      runs, folder: folder, jobs: jobs, threads: threads, cancellation: cancellation, display: display
    ).execute()
  }
}

extension [KeyedValue] {
  var dictionary: [String: ConfigurationValue] {
    Dictionary(map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// "network.width=64 seed=3" without the seed.
  var text: String { map { "\($0.key)=\($0.value)" }.joined(separator: " ") }
}
