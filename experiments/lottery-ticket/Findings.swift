internal import Harness
internal import Statistics
internal import Storage
internal import Tensors

extension LotteryTicketExperiment {
  /// Intervals are bootstrapped under a fixed key, so that a verdict is the same whenever it is computed.
  private static let bootstrap = Bootstrap(key: Key(seed: 0).child("lottery-ticket"))

  static let winningTicket = Finding(
    id: "lottery.winning-ticket",
    statement:
      "At a fifth of the weights or less, iterative magnitude pruning with rewinding reaches the dense network's accuracy.",
    references: [Literature.frankle2019],
    quantity: "test accuracy of the ticket minus that of its dense network, each at its lowest held-out loss; the mean",
    criterion: "> -1 % (95 % bootstrap interval of the mean paired difference)",
    experiment: name, sweep: "tickets"
  ) { evidence in
    let pairs = try evidence.runs.map { run in
      let round = try round(of: run, atMost: 0.2)
      return (try error(run, "ticket", 0), try error(run, "ticket", round))
    }
    return difference(pairs, must: .above(-0.01), at: try density(evidence, atMost: 0.2))
  }

  static let reinitialized = Finding(
    id: "lottery.reinit", statement: "The ticket's mask with a fresh initialization is worse.",
    references: [Literature.frankle2019],
    quantity: "test accuracy of the ticket minus that of the same mask with a fresh initialization; the mean",
    criterion: "> 0 (95 % bootstrap interval of the mean paired difference)",
    experiment: name, sweep: "tickets"
  ) { evidence in
    let pairs = try evidence.runs.map { run in
      let round = try round(of: run, atMost: 0.2)
      return (try error(run, "reinitialized", round), try error(run, "ticket", round))
    }
    return difference(pairs, must: .above(0), at: try density(evidence, atMost: 0.2))
  }

  static let faster = Finding(
    id: "lottery.faster", statement: "Tickets reach their best held-out loss in fewer steps than the dense network.",
    references: [Literature.frankle2019],
    quantity: "steps to the lowest held-out loss, the ticket's by the dense network's; the mean",
    criterion: "< 1 (95 % bootstrap interval of the mean ratio)",
    experiment: name, sweep: "tickets"
  ) { evidence in
    let ratios = try evidence.runs.map { run in
      let steps = try run.numbers("ticket/early_stop_step")
      return try round(of: run, atMost: 0.2).map { steps[$0] / steps[0] } ?? .nan
    }
    let estimate = bootstrap.interval(of: ratios)
    return Outcome(
      estimate, must: .below(1),
      details: try density(evidence, atMost: 0.2))
  }

  static let iterative = Finding(
    id: "lottery.iterative",
    statement: "Iterative pruning beats pruning in one go at the same density, and both beat random pruning.",
    references: [Literature.frankle2019],
    quantity: """
      differences of test accuracy at 5 % of the weights or less: iterative over one-shot, one-shot over random; the \
      smaller mean
      """,
    criterion: "> 0 for both (95 % bootstrap intervals of the mean paired differences)",
    experiment: name, sweep: "tickets"
  ) { evidence in
    let rows = try evidence.runs.map { run in
      let round = try round(of: run, atMost: 0.05)
      return try ["ticket", "one_shot", "random_mask"].map { try error(run, $0, round) }
    }
    let parts = [
      difference(rows.map { ($0[1], $0[0]) }, must: .above(0), at: "iterative over one-shot"),
      difference(rows.map { ($0[2], $0[1]) }, must: .above(0), at: "one-shot over random"),
    ]
    var outcome = Outcome(all: parts, showing: .smallest)
    outcome.details = parts.map { "\($0.details) \(percent($0.effect))" }.joined(separator: ", ")
    return outcome
  }

  static let lateRewinding = Finding(
    id: "lottery.late-rewinding",
    statement: "In a deeper network at a large learning rate, rewinding to a step k > 0 beats rewinding to the start.",
    references: [Literature.frankle2020],
    quantity: "test accuracy of the last ticket rewound to the largest k minus that of the one rewound to 0; the mean",
    criterion: "> 0 (95 % bootstrap interval of the mean paired difference)",
    experiment: name, sweep: "rewinding"
  ) { evidence in
    let groups = evidence.grouped(by: "rewinding.step")
    var parts: [String] = []
    var errors: [[Int: Double]] = []
    for (step, runs) in groups {
      let values = try runs.map { run in
        (run.seed, try error(run, "ticket", try run.numbers("density").count - 1))
      }
      errors.append(Dictionary(uniqueKeysWithValues: values))
      parts.append("k = \(step): \(percent(mean(values.map(\.1)))) wrong")
    }
    guard let first = errors.first, let last = errors.last, errors.count > 1 else {
      return Outcome(.inconclusive, effect: .nan, details: "two steps to rewind to are wanted")
    }
    let seeds = first.keys.filter { last[$0] != nil }.sorted()
    var outcome = difference(seeds.map { (first[$0] ?? .nan, last[$0] ?? .nan) }, must: .above(0), at: "")
    outcome.details = parts.joined(separator: ", ")
    return outcome
  }

  static let layerwise = Finding(
    id: "lottery.layerwise",
    statement: "Pruning across all layers leaves layers with more weights at lower densities.",
    references: [Literature.frankle2019],
    quantity: "rank correlation of a layer's number of weights and its density after the last round; the mean",
    criterion: "< 0 (95 % bootstrap interval of the mean)",
    experiment: name, sweep: "global"
  ) { evidence in
    var profiles: [[Double]] = []
    let correlations = try evidence.runs.map { run in
      let densities = try run.numbers("block_density")
      let sizes = try run.numbers("block_weights")
      profiles.append(Array(densities.suffix(sizes.count)))
      return spearmanRho(sizes, profiles[profiles.count - 1])
    }
    let estimate = bootstrap.interval(of: correlations)
    let names: [String] =
      try evidence.runs.first?.measurements.dimension("block").coordinates.flatMap(String.elements) ?? []
    let means = names.indices.map { place in mean(profiles.map { $0[place] }) }
    return Outcome(
      estimate, must: .below(0),
      details: zip(names, means).map { "\($0) \(percent($1))" }.joined(separator: ", "))
  }

  /// The first round at or below a density; `nil` in a run that never gets there, which then counts as NaN: a denser
  /// network in its place would be an answer to another question.
  private static func round(of run: CollectedRun, atMost density: Double) throws -> Int? {
    firstRound(atMost: density, of: try run.numbers("density"))
  }

  private static func density(_ evidence: Evidence, atMost density: Double) throws -> String {
    let reached = try evidence.runs.compactMap { run in
      try round(of: run, atMost: density).map { try run.numbers("density")[$0] }
    }
    let others = evidence.runs.count - reached.count
    return others == 0
      ? "at \(percent(mean(reached))) of the weights"
      : "\(others) of \(evidence.runs.count) runs never come down to \(percent(density)) of the weights"
  }

  private static func error(_ run: CollectedRun, _ family: String, _ round: Int?) throws -> Double {
    let errors = try run.numbers("\(family)/early_stop_test_error")
    return round.map { errors[$0] } ?? .nan
  }

  /// How much more accurate the second of each pair of error rates is.
  private static func difference(
    _ pairs: [(Double, Double)], must condition: Condition, at details: String
  ) -> Outcome {
    let estimate = bootstrap.interval(ofPairedDifferences: pairs.map(\.0), pairs.map(\.1))
    return Outcome(
      estimate, must: condition, details: details)
  }
}
