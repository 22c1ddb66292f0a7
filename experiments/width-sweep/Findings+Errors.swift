internal import Configuration
internal import Harness
internal import Statistics
internal import Storage

extension WidthSweepExperiment {
  static let mup = Finding(
    id: "width.mup",
    statement:
      "In muP the best learning rate stays put as width grows; in the standard parameterization it moves.",
    references: [Literature.yang2021],
    quantity: """
      shift of log2 of the best rate of the ladder (lowest training loss at the end) from the smallest to the largest width, \
      the mean over seeds: in muP, and in the standard parameterization
      """,
    criterion: "|shift| < 1 in muP and > 1 in the standard parameterization (95 % bootstrap intervals over seeds)",
    experiment: name, sweep: "mup"
  ) { evidence in
    var estimates: [String: Estimate] = [:]
    var texts: [String] = []
    var isClipped = false
    for (form, runs) in evidence.grouped(by: "training.network.parameterization") {
      let shifts = try rateShifts(runs)
      let shift = bootstrap.interval(of: shifts.map(\.shift))
      estimates["\(form)"] = shift
      let clipped = shifts.count(where: \.isClipped)
      if form == .text("mup") { isClipped = clipped > 0 }
      texts.append(
        "\(form) \(shortNumber(shift))"
          + (clipped > 0 ? ", \(clipped) seeds at an end of the ladder" : ""))
    }
    guard let mup = estimates["mup"], let standard = estimates["standard"] else {
      return Outcome(.inconclusive, effect: .nan, details: "both parameterizations are wanted")
    }
    // A best rate at an end of the ladder may lie beyond it: rates that seem to stay are then no evidence.
    let seems = Condition.within(-1, 1).verdict(on: mup)
    let stays = isClipped && seems == .reproduced ? .inconclusive : seems
    let moves = Condition.above(1).verdict(interval: magnitude(standard).lower, magnitude(standard).upper)
    var outcome = Outcome(
      Verdict.conjunction([stays, moves]), effect: mup.value, details: texts.joined(separator: "; "))
    outcome.interval = [mup.lower, mup.upper]
    return outcome
  }

  static let doubleDescent = Finding(
    id: "width.double-descent",
    statement: "With label noise the test error peaks near the interpolation threshold and falls again with width.",
    references: [Literature.belkin2019],
    quantity: """
      fall of the test error from its peak to the largest width, valley and peak for each seed being those of the other \
      seeds' mean; the mean over seeds
      """,
    criterion: "> 0, as the rise from the valley before the peak (95 % bootstrap intervals over seeds)",
    experiment: name, sweep: "double-descent"
  ) { evidence in
    guard let errors = table(try points(evidence.runs, "test_error")),
      let training = table(try points(evidence.runs, "train_error"))
    else { return Outcome(.inconclusive, effect: .nan, details: "not every seed has every width") }
    let sides = SecondDescent.crossValidated(errors.rows)
    let fall = bootstrap.interval(of: sides.map(\.fall))
    let rise = bootstrap.interval(of: sides.map(\.rise))
    let means = errors.widths.indices.map { place in mean(errors.rows.map { $0[place] }) }
    let seen = training.widths.indices.map { place in mean(training.rows.map { $0[place] }) }
    let threshold = seen.firstIndex { $0 < 0.01 }.map { shortNumber(training.widths[$0]) } ?? "none"
    let shape = SecondDescent(means)
    // Without a peak in the mean nothing descends a second time.
    let verdict: Verdict =
      shape == nil && !means.contains(where: \.isNaN) && errors.seeds.count > 1
      ? .notReproduced
      : Verdict.conjunction([
        Condition.above(0).verdict(on: fall),
        Condition.above(0).verdict(on: rise),
      ])
    var outcome = Outcome(
      verdict, effect: fall.value,
      details:
        "peak at width \(shape.map { shortNumber(errors.widths[$0.peak]) } ?? "none"), training error below 1 % from "
        + "width \(threshold); rise \(shortNumber(rise.value)); "
        + zip(errors.widths, means).map { "\(shortNumber($0)): \(shortNumber($1))" }.joined(separator: ", "))
    outcome.interval = [fall.lower, fall.upper]
    return outcome
  }

  static let success = Finding(
    id: "width.success",
    statement: """
      Students of a teacher's own size do not all reach zero loss, for there are bad local minima; with more units a larger \
      share of them does.
      """,
    references: [Literature.safran2018, Literature.livni2014],
    quantity: """
      share of starts that reach a loss of at most fit_loss: at the teacher's size, and the share at the largest width minus \
      that at the teacher's size (of the seeds, the mean)
      """,
    criterion: """
      at the teacher's size < 1 (exact 95 % interval of the share); the difference > 0 (95 % bootstrap interval over seeds)
      """,
    experiment: name, sweep: "success"
  ) { evidence in
    let groups = try evidence.grouped(by: "width").map { group in
      (
        width: try group.runs.first?.number("width") ?? .nan,
        successes: try group.runs.reduce(0) { $0 + Int(try $1.number("successes")) },
        trials: try group.runs.reduce(0) { $0 + (try $1.numbers("restart_loss").count) },
        bySeed: shares(
          try group.runs.map { ($0.seed, try $0.number("successes"), try $0.numbers("restart_loss").count) })
      )
    }.sorted { $0.width < $1.width }
    let teacher = evidence.runs.first?["training.data.synthetic.teacher_width"].flatMap { Double("\($0)") } ?? .nan
    guard let own = groups.first(where: { $0.width == teacher }), let widest = groups.last, widest.width > teacher,
      own.bySeed.count == widest.bySeed.count
    else { return Outcome(.inconclusive, effect: .nan, details: "the teacher's size and a larger one are wanted") }
    let share = proportionInterval(successes: own.successes, trials: own.trials)
    let rise = bootstrap.interval(ofPairedDifferences: widest.bySeed, own.bySeed)
    var outcome = Outcome(
      Verdict.conjunction([
        Condition.below(1).verdict(on: share),
        Condition.above(0).verdict(on: rise),
      ]), effect: rise.value,
      details: groups.map { "\(shortNumber($0.width)): \($0.successes) of \($0.trials)" }.joined(separator: ", "))
    outcome.interval = [rise.lower, rise.upper]
    return outcome
  }
}

/// The interval of |x|.
private func magnitude(_ estimate: Estimate) -> (lower: Double, upper: Double) {
  guard estimate.isDefined else { return (.nan, .nan) }
  let ends = [abs(estimate.lower), abs(estimate.upper)]
  return (estimate.contains(0) ? 0 : min(ends[0], ends[1]), max(ends[0], ends[1]))
}

/// Each seed's share of successes, in the order of seeds, over all its runs.
private func shares(_ runs: [(seed: Int, successes: Double, trials: Int)]) -> [Double] {
  Set(runs.map(\.seed)).sorted().map { seed in
    let own = runs.filter { $0.seed == seed }
    return own.reduce(0) { $0 + $1.successes } / Double(own.reduce(0) { $0 + $1.trials })
  }
}

/// For each seed, by how much log2 of its best rate moves from the smallest to the largest width, and whether one of the two
/// is at an end of the ladder. What diverged is no choice.
private func rateShifts(_ runs: [CollectedRun]) throws -> [(shift: Double, isClipped: Bool)] {
  let widths = Set(try runs.map { try $0.number("width") }).sorted()
  guard let narrow = widths.first, let wide = widths.last, narrow < wide else { return [] }
  return try Set(runs.map(\.seed)).sorted().map { seed in
    let best = try [narrow, wide].map { width -> (rate: Double, isClipped: Bool) in
      let own = try runs.filter { try $0.seed == seed && $0.number("width") == width }
      let ladder = try own.map { run in
        (
          rate: run[WidthSweepExperiment.rateKey].flatMap { Double("\($0)") } ?? .nan,
          loss: run.divergence == nil ? try run.number("train_loss") : .nan
        )
      }.sorted { $0.rate < $1.rate }
      guard let place = smallestPlace(ladder.map(\.loss)) else { return (.nan, false) }
      return (ladder[place].rate, place == 0 || place == ladder.count - 1)
    }
    return (binaryLogarithm(best[1].rate / best[0].rate), best.contains(where: \.isClipped))
  }
}
