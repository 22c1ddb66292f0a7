internal import ArgumentParser
internal import Configuration
internal import Foundation
internal import Harness

/// Shows what would be run, with time and memory.
struct Plan<Registry: ExperimentRegistry>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "plan", abstract: "Show what would be run, what is finished, and how long the rest takes.",
      discussion: """
        The time is estimated from finished runs of the same configuration, else from a rehearsal: the run itself in a \
        temporary folder, with a few steps of each training and a few rounds of each loop, whose processor time is \
        multiplied up. One rehearsal serves all seeds and learning rates; parts that cost the same are rehearsed once, and of many \
        widths three, between which the others lie. \
        "at most": a training may reach its target before its last step. Rehearsals that have to be stopped to stay within \
        --probe seconds are made once more, in as many seconds again. "roughly": stopped then too, and the rest is guessed from \
        the share that was seen. "at least": too little was seen for that.

        What an estimate can't know: whether a training reaches its target or diverges before its last step; how many \
        iterations eigenvalues and inner searches take at the end of training (they are rehearsed on weights that are hardly \
        trained); what else the machine does, and how much runs side by side slow each other down. Nothing is left behind \
        on disk; control-C stops at once.

        Examples:
          \(Registry.programName) plan sweep.yaml
          \(Registry.programName) plan \(Registry.exampleName) --profile quick --probe 10
          \(Registry.programName) plan \(Registry.exampleName) --profile full --sweep NAME
        """)
  }

  @OptionGroup var target: TargetOptions
  @OptionGroup var results: ResultsOptions
  @Option(help: ArgumentHelp("Runs side by side, for the estimate.", valueName: "number")) var jobs: Int?
  @Option(
    help: ArgumentHelp(
      "Seconds of processor time for all rehearsals, and as many for those to be made once more; 0 for none.",
      valueName: "seconds"))
  var probe = 30.0
  @Flag(help: "As JSON.") var json = false

  private struct Row: Encodable {
    let experiment: String
    let sweep: String?
    let run: String
    let seed: Int
    let settings: [String: ConfigurationValue]
    let state: String
    let detail: String?
    let problem: String?
    let seconds: Double?
    let basis: String
  }

  private struct Content: Encodable {
    let runs: [Row]
    let secondsLeft: Double?
    let unknownRuns: Int
    let peakMemoryBytes: Int64?
  }

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs is \(jobs), but must be from 1 to 1024.") }
    guard probe >= 0, probe <= 3600 else { throw ValidationError("--probe is \(probe), but must be from 0 to 3600.") }
  }

  func run() throws {
    let runs = try target.runs(Registry.experiments)
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    let console = Console.current
    let forecast = try forecast(of: runs) { sentence in if !json { console.error(sentence + "\n") } }
    let left = forecast.secondsLeft(jobs: jobs)
    if json {
      let rows = forecast.entries.map { entry in
        Row(
          experiment: entry.run.experiment, sweep: entry.run.sweep, run: entry.run.id, seed: entry.run.seed,
          settings: entry.run.difference.dictionary, state: entry.state.rawValue, detail: entry.detail,
          problem: entry.problem, seconds: entry.seconds, basis: entry.basis.rawValue)
      }
      try console.out(
        Commands.json(
          Content(
            runs: rows, secondsLeft: left, unknownRuns: forecast.unknownCount, peakMemoryBytes: forecast.peakMemory)))
      if let failure = forecast.failure { throw failure }
      return
    }
    try console.out(
      table(
        [["experiment", "sweep", "run", "seed", "varied", "state", "time"]]
          + forecast.entries.map { entry in
            [
              entry.run.experiment, entry.run.sweep ?? "", entry.run.id, String(entry.run.seed),
              entry.run.coordinates.text, entry.state.rawValue,
              entry.seconds.map { words(entry.basis) + durationText($0) } ?? "",
            ]
          }))
    let waiting = forecast.entries.count { !$0.isFinished }
    var summary = "\n\(waiting) of \(forecast.entries.count) runs to be made"
    if waiting > 0 {
      let about = words(isBound: forecast.isBound, fromBelow: forecast.isBoundFromBelow)
      summary += left.map { ", \(about) \(durationText($0)) with \(jobs) side by side" } ?? ", time unknown"
      if left != nil, forecast.unknownCount > 0 { summary += " and \(forecast.unknownCount) of unknown time" }
    }
    if let memory = forecast.peakMemory { summary += ", up to \(memory >> 20) MB each" }
    try console.out(summary + ".\n")
    if let failure = forecast.failure { throw failure }
    for line in problems(forecast.entries) { console.error(line + "\n") }
  }

  /// What is wrong with runs or their rehearsals: each sentence once, with the number of its runs.
  private func problems(_ entries: [Forecast.Entry]) -> [String] {
    let troubled = entries.filter { !$0.isFinished && $0.state != .running }
    let sentences = troubled.compactMap { entry in
      (entry.problem ?? entry.detail ?? shortfall(of: entry)).map { sentence in
        let place = [entry.run.experiment, entry.run.sweep].compactMap { $0 }.joined(separator: " ")
        return (name: entry.run.id, sentence: "\(place): \(sentence)")
      }
    }
    return grouped(sentences).map { runs, sentence in
      "\(runs.count) \(runs.count == 1 ? "run" : "runs") of \(sentence)"
    }
  }

  /// Why of an entry no more than a bound from below is known, or nothing.
  private func shortfall(of entry: Forecast.Entry) -> String? {
    switch entry.basis {
    case .atLeast:
      "the rehearsal was stopped after its part of --probe \(durationText(probe)), before a hundredth of the run was seen; a larger --probe, or one finished run, tells more."
    case .unknown where probe > 0:
      "nothing was rehearsed within --probe \(durationText(probe)); a larger --probe, or one finished run, tells the time."
    default: nil
    }
  }

  /// The forecast; a signal ends it with the code of that signal, and leaves nothing behind.
  private func forecast(of runs: [PlannedRun], announce: (String) -> Void) throws -> Forecast {
    let cancellation = Cancellation()
    let watch = SignalWatch(cancellation) { _ in }
    defer { watch.end() }
    do {
      return try Forecast(
        runs, in: results.folder, rehearsing: probe, cancellation: cancellation, announce: announce)
    } catch let interruption as Interruption {
      throw ExitCode(ExitStatus.interrupted(by: interruption.signal))
    }
  }

  private func words(_ basis: Forecast.Basis) -> String {
    switch basis {
    case .measured, .unknown: ""
    case .finishedRuns, .rehearsal: "about "
    case .atMost: "at most "
    case .rough: "roughly "
    case .atLeast: "at least "
    }
  }

  /// What is said of a sum of which some parts are bounds.
  private func words(isBound: Bool, fromBelow: Bool) -> String {
    switch (isBound, fromBelow) {
    case (false, false): "about"
    case (true, false): "at most about"
    case (false, true): "at least about"
    case (true, true): "roughly"
    }
  }
}
