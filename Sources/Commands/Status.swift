internal import ArgumentParser
internal import Harness

/// Shows what lies in the folder of results.
struct Status<Registry: ExperimentRegistry>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "status",
      abstract: "Show which runs are finished, running, interrupted, failed or damaged, and why.",
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
    let varied: String
    let state: String
    let detail: String?
    let remarks: [String]
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
              experiment: $0.experiment, run: $0.id, seed: $0.seed, varied: $0.varied, state: $0.state.rawValue,
              detail: $0.detail,
              remarks: $0.remarks, path: $0.path)
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
          [["experiment", "run", "seed", "varied", "state", "remarks"]]
            + found.map {
              let remarks = (($0.detail.map { [$0] } ?? []) + $0.remarks).joined(separator: "; ")
              return [$0.experiment, $0.id, $0.seed.map(String.init) ?? "", $0.varied, $0.state.rawValue, remarks]
            }))
      return
    }
    var experiments: [String] = []
    for run in found where !experiments.contains(run.experiment) { experiments.append(run.experiment) }
    let states = RunState.allCases.filter { $0 != .unmade }
    try console.out(
      table(
        [["experiment"] + states.map(\.rawValue) + ["with remarks"]]
          + experiments.map { name in
            let own = found.filter { $0.experiment == name }
            return [name] + states.map { state in String(own.count { $0.state == state }) }
              + [String(own.count { !$0.remarks.isEmpty })]
          }))
    let troubled = found.filter { $0.state == .damaged || $0.state == .failed }
    for (paths, sentence) in grouped(troubled.map { ($0.path, $0.detail ?? "") }) {
      try console.out("\n\(paths[0])\(paths.count == 1 ? "" : " and \(paths.count - 1) more"): \(sentence)\n")
    }
  }
}
