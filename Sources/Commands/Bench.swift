internal import ArgumentParser
internal import Benchmarks
internal import Harness
internal import Tensors

/// Times what the program does against what the machine can.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time training steps beside plain BLAS calls, and those of pruned networks beside the whole one's.",
    discussion: """
      Of two kinds of comparison the first sets a training step beside BLAS calls that form the same matrix products; the \
      second sets steps of LeNet-300-100 with few weights left, and of 20 rounds of pruning, beside those of the dense \
      network. Both sides run in turn on one thread, so that the ratio holds while the machine's speed drifts. Times are medians, \
      ratios come with their quartiles. Nothing else should run meanwhile.

      With --serve one workload is made ready, which a line with the network's parameters and the unit's floating-point \
      operations tells; then every line read times one sample and prints the seconds of a unit. So "make compare" times \
      this program and others in turn.

      Examples:
        landscape bench
        landscape bench --samples 51 --json
        landscape bench --only prun
        yes | head -n 5 | landscape bench --serve lenet300-step
      """)

  @Option(help: ArgumentHelp("Only comparisons whose name contains this text.", valueName: "text")) var only: String?
  @Option(help: "Pairs of timings for each comparison.") var samples = 21
  @Option(help: ArgumentHelp("A workload to be timed on demand.", valueName: "workload")) var serve: String?
  @Option(help: ArgumentHelp("Units in a served sample; by default as many as last 50 ms.", valueName: "number"))
  var units: Int?
  @Flag(help: "As JSON.") var json = false

  func validate() throws {
    guard (3...10_000).contains(samples) else { throw ValidationError("--samples takes an integer from 3 to 10000.") }
    guard units ?? 1 > 0 else { throw ValidationError("--units takes an integer from 1 on.") }
  }

  func run() throws {
    let threads = BLASThreads.count
    BLASThreads.set(1)
    defer { BLASThreads.set(threads) }
    if let serve { try answer(serve) } else { try compare() }
  }

  /// Times the workload of a name, one sample for each line read.
  private func answer(_ name: String) throws {
    guard let workload = Workload.all.first(where: { $0.name == name }) else {
      throw ValidationError(
        "No workload is called \(name); there are: \(Workload.all.map(\.name).joined(separator: ", ")).")
    }
    let console = Console.current
    let timer = units.map { Workload.Timer(workload, units: $0) } ?? Workload.Timer(workload)
    try console.out("\(workload.parameterCount) \(workload.operations)\n")
    while readLine() != nil { try console.out("\(timer.sample())\n") }
  }

  private func compare() throws {
    let console = Console.current
    let chosen = Comparison.all.filter { only == nil || $0.name.contains(only ?? "") }
    guard !chosen.isEmpty else {
      throw ValidationError(
        "No comparison's name contains \(only ?? ""); there are: \(Comparison.all.map(\.name).joined(separator: "; "))."
      )
    }
    let results = chosen.map { comparison in
      if !json { console.error("\(comparison.name): \(comparison.summary)\n") }
      return comparison.run(samples: samples)
    }
    if json {
      try console.out(Commands.json(results))
      return
    }
    try console.out(
      table(
        [["comparison", "ours", "reference", "ratio [quartiles]", "aim"]]
          + results.map {
            [
              $0.name, microseconds($0.ours), microseconds($0.reference),
              "\(decimals($0.ratio)) [\(decimals($0.lowerQuartile)), \(decimals($0.upperQuartile))]",
              "<= \(decimals($0.aim))",
            ]
          }))
  }

  private func microseconds(_ seconds: Double) -> String { "\((seconds * 1e7).rounded() / 10) us" }
  private func decimals(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
