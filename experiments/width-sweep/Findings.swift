internal import Configuration
internal import Harness
internal import Statistics
internal import Storage
internal import Tensors

/// Intervals are bootstrapped under a fixed key, so that a verdict is the same whenever it is computed.
let bootstrap = Bootstrap(key: Key(seed: 0).child("width-sweep"))

/// One measurement of each run, with its width. What diverged is NaN.
func points(_ runs: [CollectedRun], _ path: String) throws -> [WidthPoint] {
  try runs.map { run in
    WidthPoint(
      width: try run.number("width"), seed: run.seed,
      value: run.divergence == nil ? try run.number(path) : .nan)
  }
}

/// A criterion on the power with which a measurement changes with the width: the mean over seeds of each seed's slope.
private func power(_ evidence: Evidence, _ path: String, must condition: Condition) throws -> Outcome {
  let points = try points(evidence.runs, path)
  let slope = bootstrap.interval(of: slopes(points))
  let widths = Set(points.map(\.width)).sorted()
  let means = widths.map { width in mean(points.filter { $0.width == width }.map(\.value)) }
  return Outcome(
    effect: slope.value, lower: slope.lower, upper: slope.upper, must: condition,
    details: zip(widths, means).map { "\(shortNumber($0)): \(shortNumber($1))" }.joined(separator: ", "))
}

extension WidthSweepExperiment {
  static let lazy = Finding(
    id: "width.lazy",
    statement: "The relative distance moved falls like width^(-1/2) in the NTK parameterization.",
    references: [Literature.jacot2018, Literature.chizat2019],
    quantity: "slope of log |theta_T - theta_0| / |theta_0| on log width, the mean of the seeds' slopes",
    criterion: "within -0.5 +- 0.1 (95 % bootstrap interval over seeds)",
    experiment: name, sweep: "lazy"
  ) { try power($0, "relative_distance", must: .within(-0.6, -0.4)) }

  static let kernelConstant = Finding(
    id: "width.kernel-constant",
    statement: "The empirical tangent kernel's relative change in training falls like width^(-1/2) or faster.",
    references: [Literature.jacot2018],
    quantity: "slope of log |K_T - K_0| / |K_0| (Frobenius) on log width, the mean of the seeds' slopes",
    criterion: "<= -0.4 (95 % bootstrap interval over seeds)",
    experiment: name, sweep: "lazy"
  ) { try power($0, "kernel_change", must: .within(-.infinity, -0.4)) }

  static let kernelLimit = Finding(
    id: "width.kernel-limit",
    statement: "The empirical tangent kernel tends to the exact kernel of infinite width like width^(-1/2).",
    references: [Literature.jacot2018, Literature.arora2019],
    quantity: "slope of log |K_0 - Theta| / |Theta| (Frobenius) on log width, the mean of the seeds' slopes",
    criterion: "within -0.5 +- 0.1 (95 % bootstrap interval over seeds)",
    experiment: name, sweep: "lazy"
  ) { try power($0, "kernel_limit_error", must: .within(-0.6, -0.4)) }

  static let linearized = Finding(
    id: "width.linearized",
    statement: "Wide networks follow their linearization during training.",
    references: [Literature.lee2019],
    quantity: """
      slope on log width of the log of the largest difference between a test output and that of the linearized network, \
      over test examples, outputs and recorded steps; the mean of the seeds' slopes
      """,
    criterion: "< -0.4 (95 % bootstrap interval over seeds)",
    experiment: name, sweep: "lazy"
  ) { try power($0, "largest_linearized_difference", must: .below(-0.4)) }

  static let faster = Finding(
    id: "width.faster",
    statement: "Wider networks fit in fewer steps, each with the learning rate that suits it best.",
    references: [Literature.survey],
    quantity: """
      slope on log width of the log of the steps to a training loss of fit_loss, at each width with the rate of the ladder \
      whose mean over seeds is smallest; the mean of the seeds' slopes
      """,
    criterion: "< 0 (95 % bootstrap interval over seeds)",
    experiment: name, sweep: "faster"
  ) { evidence in
    var chosen: [WidthPoint] = []
    var texts: [String] = []
    for (width, runs) in evidence.grouped(by: "width") {
      let rates = Evidence(runs: runs).grouped(by: rateKey)
      let steps = try rates.map { try points($0.runs, "steps_to_fit") }
      // A rate at which one seed does not fit is no choice: its mean is NaN.
      guard let best = smallestPlace(steps.map { mean($0.map(\.value)) }) else {
        chosen += steps.first?.map { WidthPoint(width: $0.width, seed: $0.seed, value: .nan) } ?? []
        texts.append("\(width): no rate fits with all seeds")
        continue
      }
      chosen += steps[best]
      let atEnd = best == 0 || best == rates.count - 1
      texts.append(
        "\(width): \(shortNumber(mean(steps[best].map(\.value)))) at \(rates[best].value)\(atEnd ? " (ladder's end)" : "")"
      )
    }
    let slope = bootstrap.interval(of: slopes(chosen))
    return Outcome(
      slope, must: .below(0),
      details: texts.joined(separator: ", "))
  }

  /// The setting that a ladder of rates goes through.
  static let rateKey = "training.schedule.learning_rate"
}
