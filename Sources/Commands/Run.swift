internal import ArgumentParser
internal import Configuration
internal import Foundation
internal import Harness

/// Makes the runs of a file or an experiment.
struct Run<Registry: ExperimentRegistry>: ParsableCommand {
  static var configuration: CommandConfiguration {
    let program = Registry.programName
    return CommandConfiguration(
      commandName: "run",
      abstract: "Make runs: skip the finished, go on with the interrupted.",
      discussion: """
        Examples:
          \(program) run sweep.yaml --jobs 2
          \(program) run \(Registry.exampleName) --set key=value --seeds 0..4
          \(program) run \(Registry.exampleName) --profile quick
        """)
  }

  @OptionGroup var target: TargetOptions
  @OptionGroup var results: ResultsOptions
  @OptionGroup var execution: ExecutionOptions
  @Flag(help: "The table as JSON.") var json = false

  func run() throws {
    let cancellation = Cancellation()
    let reports = execution.execute(
      try target.runs(Registry.experiments), in: results.folder, cancellation: cancellation)
    let console = Console.current
    try console.out(
      json ? Commands.json(reports.map { RunRow($0, in: results.folder) }) : runTable(reports, in: results.folder))
    try reports.throwFailures(cancellation, wasTold: !execution.quiet)
  }
}

extension ExperimentRegistry {
  /// An experiment's name for examples in help texts.
  static var exampleName: String { experiments.first?.name ?? "EXPERIMENT" }
}

/// A line of the table of runs.
struct RunRow: Encodable {
  let experiment: String
  let run: String
  let seed: Int
  let settings: [String: ConfigurationValue]
  let state: String
  let detail: String?
  let remarks: [String]
  let seconds: Double
  let file: String?

  init(_ report: RunReport, in folder: ResultsFolder) {
    experiment = report.run.experiment
    run = report.run.id
    seed = report.run.seed
    settings = report.run.difference.dictionary
    seconds = report.seconds
    remarks = report.remarks
    file = report.hasResult ? report.run.file(in: folder) : nil
    state = report.state.rawValue
    switch report.ending {
    case .diverged(let sentence), .failed(let sentence, _): detail = sentence
    case .skipped, .finished, .interrupted, .unmade: detail = nil
    }
  }
}

func runTable(_ reports: [RunReport], in folder: ResultsFolder) -> String {
  var rows = [["experiment", "seed", "varied", "state", "time", "file", "remarks"]]
  var failures: [String: PlannedRun] = [:]
  // Of a batch that was stopped, what was not begun is a number.
  for report in reports where report.state != .unmade {
    let row = RunRow(report, in: folder)
    var remarks = row.remarks.isEmpty ? row.detail ?? "" : row.remarks.joined(separator: "; ")
    if case .failed(let sentence, _) = report.ending {
      if let first = failures[sentence] { remarks = "as \(first.label)" }
      failures[sentence] = failures[sentence] ?? report.run
    }
    rows.append([
      row.experiment, String(row.seed), report.run.coordinates.text, row.state,
      row.seconds > 0 ? durationText(row.seconds) : report.hasResult ? "before" : "", row.file ?? "", remarks,
    ])
  }
  // Without a remark there is no column for them.
  if rows.dropFirst().allSatisfy({ $0.last == "" }) { rows = rows.map { Array($0.dropLast()) } }
  let unmade = reports.count { $0.state == .unmade }
  guard unmade > 0 else { return table(rows) }
  let note = unmade == 1 ? "1 run was not begun." : "\(unmade) runs were not begun."
  return rows.count == 1 ? note : "\(table(rows))\n\n\(note)"
}
