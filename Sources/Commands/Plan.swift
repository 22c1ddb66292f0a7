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
        The time is estimated from finished runs of the same experiment, else from the beginning of one run that is made \
        in a temporary folder and stopped after --probe seconds.

        Examples:
          \(Registry.programName) plan sweep.yaml
          \(Registry.programName) plan \(Registry.exampleName) --profile quick --probe 5
        """)
  }

  @OptionGroup var target: TargetOptions
  @OptionGroup var results: ResultsOptions
  @Option(help: ArgumentHelp("Runs side by side, for the estimate.", valueName: "number")) var jobs: Int?
  @Option(help: ArgumentHelp("Seconds for probing; 0 for no probe.", valueName: "seconds")) var probe = 10.0
  @Flag(help: "As JSON.") var json = false

  private struct Row: Encodable {
    let experiment: String
    let run: String
    let seed: Int
    let settings: [String: ConfigurationValue]
    let state: String
    let detail: String?
    let seconds: Double?
  }

  private struct Content: Encodable {
    let runs: [Row]
    let secondsLeft: Double?
    let peakMemoryBytes: Int64?
  }

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs is \(jobs), but must be from 1 to 1024.") }
    guard probe >= 0, probe <= 3600 else { throw ValidationError("--probe is \(probe), but must be from 0 to 3600.") }
  }

  func run() throws {
    let runs = try target.runs(Registry.experiments)
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    let forecast = try Forecast(runs, in: results.folder, probeSeconds: probe)
    let console = Console.current
    let left = forecast.secondsLeft(jobs: jobs)
    if json {
      let rows = forecast.entries.map { entry in
        Row(
          experiment: entry.run.experiment, run: entry.run.id, seed: entry.run.seed,
          settings: entry.run.difference.dictionary, state: entry.state, detail: entry.detail, seconds: entry.seconds)
      }
      try console.out(Commands.json(Content(runs: rows, secondsLeft: left, peakMemoryBytes: forecast.peakMemory)))
      return
    }
    try console.out(
      table(
        [["experiment", "run", "seed", "varied", "state", "time"]]
          + forecast.entries.map { entry in
            [
              entry.run.experiment, entry.run.id, String(entry.run.seed), entry.run.coordinates.text, entry.state,
              entry.seconds.map { (entry.isFinished ? "" : "about ") + durationText($0) } ?? "",
            ]
          }))
    let waiting = forecast.entries.count { !$0.isFinished }
    var summary = "\n\(waiting) of \(forecast.entries.count) runs to be made"
    if waiting > 0 {
      summary += left.map { ", about \(durationText($0)) with \(jobs) side by side" } ?? ", time unknown"
    }
    if let memory = forecast.peakMemory { summary += ", up to \(memory >> 20) MB each" }
    try console.out(summary + ".\n")
    for entry in forecast.entries { if let detail = entry.detail { console.error(detail + "\n") } }
  }
}
