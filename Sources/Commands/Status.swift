internal import ArgumentParser
internal import Harness

/// Shows what lies in the folder of results.
struct Status<Registry: ExperimentRegistry>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "status", abstract: "Show which runs are finished, under way, interrupted or damaged.",
      discussion: """
        Examples:
          \(Registry.programName) status
          \(Registry.programName) status --runs --json
        """)
  }

  @OptionGroup var results: ResultsOptions
  @Flag(help: "A line for each run.") var runs = false
  @Flag(help: "As JSON.") var json = false

  private struct Row: Encodable {
    let experiment: String
    let run: String
    let seed: Int?
    let state: String
    let detail: String?
    let path: String
  }

  func run() throws {
    let found = try results.folder.inventory()
    let console = Console.current
    if json {
      try console.out(
        Commands.json(
          found.map {
            Row(
              experiment: $0.experiment, run: $0.id, seed: $0.seed, state: $0.state.rawValue, detail: $0.detail,
              path: $0.path)
          }))
      return
    }
    if found.isEmpty {
      console.error("there are no runs in \(results.path)\n")
      return
    }
    if runs {
      try console.out(
        table(
          [["experiment", "run", "seed", "state", "detail"]]
            + found.map { [$0.experiment, $0.id, $0.seed.map(String.init) ?? "", $0.state.rawValue, $0.detail ?? ""] }))
      return
    }
    var experiments: [String] = []
    for run in found where !experiments.contains(run.experiment) { experiments.append(run.experiment) }
    let states = StoredRun.State.allCases
    try console.out(
      table(
        [["experiment"] + states.map(\.rawValue)]
          + experiments.map { name in
            [name] + states.map { state in String(found.count { $0.experiment == name && $0.state == state }) }
          }))
    for run in found where run.state == .damaged { try console.out("\n\(run.path): \(run.detail ?? "")\n") }
  }
}
