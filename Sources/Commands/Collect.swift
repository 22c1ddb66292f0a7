internal import ArgumentParser
internal import Foundation
internal import Harness
internal import Storage

/// Puts runs side by side in one file for each experiment.
struct Collect<Registry: ExperimentRegistry>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "collect",
      abstract: "Put an experiment's finished runs side by side in one file, the sweep's axes as dimensions.",
      discussion: """
        The collection refers to the run files, so both must be moved together; with --copy it stands alone. It is \
        written to EXPERIMENT.h5 in the folder of results, unless --output names a file. It takes every finished run of \
        an experiment, or those of a sweep. Runs of several sweeps that are far from filling a grid stand one after the \
        other along the dimension run, with their settings beside them.

        Examples:
          \(Registry.programName) collect \(Registry.exampleName)
          \(Registry.programName) collect sweep.yaml --copy --output sweep.h5
        """)
  }

  @Argument(help: "An experiment's name, or a YAML file with sweeps of one experiment.") var target: String
  @Option(help: "One sweep of the file, or of the profile, by name.") var sweep: String?
  @Option(help: "The runs of the experiment's own sweeps of a size: smoke, quick or full.") var profile: Profile?
  @Option(help: ArgumentHelp("The file to write.", valueName: "file")) var output: String?
  @Flag(help: "Copy the data instead of referring to the run files.") var copy = false
  @OptionGroup var results: ResultsOptions
  @Flag(help: "As JSON.") var json = false

  private struct Summary: Encodable {
    let file: String
    let runs: Int
    let missing: [String]
  }

  func run() throws {
    let (experiment, paths, missing) = try files()
    guard !paths.isEmpty else {
      throw HarnessError.missingFile(
        missing.first ?? "\(results.path)/\(experiment)/*.h5",
        mend: "make the runs first: \(Registry.programName) run \(target)"
          + (profile.map { " --profile \($0.rawValue)" } ?? ""))
    }
    let (runs, refused) = RunCollection.runs(at: paths)
    let console = Console.current
    for error in refused { console.error("left out: \(error)\n") }
    for path in missing { console.error("not there: \(path)\n") }
    let file = output ?? "\(results.path)/\(experiment).h5"
    try RunCollection(runs).write(to: file, copy: copy)
    try console.out(
      json
        ? try Commands.json(Summary(file: file, runs: runs.count, missing: missing + refused.map(\.path)))
        : "\(file): \(runs.count) runs\n")
    if let error = refused.first { throw error }
  }

  private func files() throws -> (experiment: String, paths: [String], missing: [String]) {
    if sweep == nil, profile == nil, let experiment = Registry.experiments.first(where: { $0.name == target }) {
      let stored = try results.folder.inventory().filter {
        $0.experiment == experiment.name && ![.running, .interrupted, .failed].contains($0.state)
      }
      return (experiment.name, stored.map(\.path), [])
    }
    let planned = try Target(name: target, sweep: sweep, profile: profile).runs(Registry.experiments)
    let names = Set(planned.map(\.experiment))
    guard let name = names.first, names.count == 1 else {
      throw HarnessError.usage(
        "\(target) has sweeps of \(names.sorted().joined(separator: ", ")); name one of them with --sweep.")
    }
    let paths = planned.map { $0.file(in: results.folder) }
    let there = paths.filter { FileManager.default.fileExists(atPath: $0) }
    return (name, there, paths.filter { !there.contains($0) })
  }
}
