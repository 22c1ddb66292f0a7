internal import ArgumentParser
internal import Components
internal import Harness

/// Lists the findings or decides them on what is there.
struct Findings<Registry: ExperimentRegistry>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "findings", abstract: "List the findings, or decide them on the results that are there.",
      discussion: """
        Examples:
          \(Registry.programName) findings
          \(Registry.programName) findings --profile quick
        """)
  }

  @Argument(help: "Findings by name; all if none is named.") var ids: [String] = []
  @Option(help: "Decide on the results of this size; smoke gives no verdicts.") var profile: Profile?
  @OptionGroup var results: ResultsOptions
  @Flag(help: "As JSON.") var json = false

  private struct Row: Encodable {
    let id: String
    let experiment: String
    let statement: String
    let quantity: String
    let criterion: String
    let references: [String]
  }

  func run() throws {
    let findings = try Registry.findings(ids)
    let console = Console.current
    if let profile {
      let reports = try findings.map { finding in
        finding.report(
          on: try finding.plannedRuns(profile, experiments: Registry.experiments), in: results.folder, profile: profile)
      }
      try console.out(json ? VerdictTable.json(reports) : VerdictTable.text(reports, program: Registry.programName))
    } else if json {
      try console.out(
        Commands.json(
          findings.map {
            Row(
              id: $0.id, experiment: $0.experiment, statement: $0.statement, quantity: $0.quantity,
              criterion: $0.criterion, references: $0.references.map(\.identifier))
          }))
    } else {
      for finding in findings {
        try console.out(
          "\(finding.id) (\(finding.experiment))\n" + wrapped(finding.statement, indent: "  ")
            + wrapped("Quantity: \(finding.quantity)", indent: "  ")
            + wrapped("Criterion: \(finding.criterion)", indent: "  ")
            + wrapped("Sources: \(finding.references.map(\.short).joined(separator: "; "))", indent: "  ") + "\n")
      }
    }
  }
}

extension ExperimentRegistry {
  /// The findings of these names, or all.
  static func findings(_ ids: [String]) throws -> [Finding] {
    ids.isEmpty ? experiments.findings : try ids.map { try experiments.finding($0) }
  }
}

/// Makes the runs behind the findings and prints the verdicts.
struct Reproduce<Registry: ExperimentRegistry>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "reproduce", abstract: "Make the runs that decide the findings, and print the verdicts.",
      discussion: """
        Finished runs are skipped, interrupted ones go on. The verdicts are also written to \
        findings-PROFILE.json in the folder of results.

        Examples:
          \(Registry.programName) reproduce
          \(Registry.programName) reproduce \(Registry.experiments.findings.first?.id ?? "FINDING") --profile smoke
        """)
  }

  @Argument(help: "Findings by name; all if none is named.") var ids: [String] = []
  @Option(help: "The size: smoke gives no verdicts, quick is for a laptop, full for a cluster.")
  var profile = Profile.quick
  @OptionGroup var results: ResultsOptions
  @OptionGroup var execution: ExecutionOptions
  @Flag(help: "As JSON.") var json = false

  func run() throws {
    let findings = try Registry.findings(ids)
    let planned = try findings.map { try $0.plannedRuns(profile, experiments: Registry.experiments) }
    let cancellation = Cancellation()
    let runs = execution.execute(planned.flatMap { $0 }, in: results.folder, cancellation: cancellation)
    if cancellation.signal != nil { try runs.throwFailures(cancellation, wasTold: !execution.quiet) }
    var reasons: [String: String] = [:]
    for report in runs {
      if case .failed(let sentence, _) = report.ending { reasons[report.run.id] = sentence }
    }
    let reports = zip(findings, planned).map { finding, runs in
      finding.report(on: runs, in: results.folder, profile: profile, reasons: reasons)
    }
    try VerdictTable.write(reports, profile: profile, to: results.folder)
    try Console.current.out(
      json ? VerdictTable.json(reports) : VerdictTable.text(reports, program: Registry.programName))
    try runs.throwFailures(cancellation, wasTold: !execution.quiet)
  }
}
