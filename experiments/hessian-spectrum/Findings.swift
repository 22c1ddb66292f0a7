internal import Configuration
internal import Harness
internal import Statistics
internal import Storage
internal import Tensors

extension HessianSpectrumExperiment {
  /// Intervals are bootstrapped under a fixed key, so that a verdict is the same whenever it is computed.
  static let bootstrap = Bootstrap(key: Key(seed: 0).child("hessian-spectrum"))

  static let methodsAgree = Finding(
    id: "hessian.methods-agree",
    statement: "Power iteration with deflation, Lanczos and a dense eigensolver give the same top 10 eigenvalues.",
    references: [Literature.ghorbani2019],
    quantity: "largest relative difference between the ten eigenvalues largest in size, in Float64, at start and end",
    criterion: "< 1e-6",
    experiment: name, sweep: "agreement", minimumSeeds: 1
  ) { evidence in
    var differences: [Double] = []
    var unconverged = 0
    for run in evidence.runs {
      for place in ["initial", "final"] {
        differences.append(
          largestRelativeDifference([
            try run.numbers("\(place)/power_iteration"), try run.numbers("\(place)/lanczos_by_size"),
            try run.numbers("\(place)/dense_by_size"),
          ]))
        unconverged += try run.numbers("\(place)/power_iteration_converged").count { $0 == 0 }
      }
    }
    let largest = largest(differences)
    return Outcome(
      largest < 1e-6 ? .reproduced : largest.isNaN ? .inconclusive : .notReproduced, effect: largest,
      details: "\(differences.count) spectra; \(unconverged) pairs of power iteration missed their tolerance")
  }

  static let bulkOutliers = Finding(
    id: "hessian.bulk-outliers",
    statement: "After training the spectrum is a bulk at zero with about as many outliers as classes.",
    references: [Literature.sagun2017, Literature.papyan2019],
    quantity: "eigenvalues above the edge of the bulk after training, the median over seeds",
    criterion: "within [K - 2, K + 2] = [8, 12] for K = 10 classes",
    experiment: name, sweep: "outliers"
  ) { evidence in
    let counts = try evidence.numbers("final/outliers")
    let classes = try evidence.numbers("classes")
    let excess = zip(counts, classes).map { $0 - $1 }
    let estimate = bootstrap.interval(of: counts, statistic: median)
    let shifted = bootstrap.interval(of: excess, statistic: median)
    let starts = try evidence.numbers("initial/outliers")
    let inside = excess.count { Condition.within(-2, 2).holds(for: $0) }
    var outcome = Outcome(
      estimate, must: .within(8, 12), unit: "eigenvalues",
      details: "\(inside) of \(counts.count) within; \(whole(counts)) after training, \(whole(starts)) before")
    // The criterion moves with the number of classes, which need not be that of the ten digits.
    outcome.verdict = Condition.within(-2, 2).verdict(on: shifted)
    return outcome
  }

  static let edgeOfStability = Finding(
    id: "hessian.edge-of-stability",
    statement: "Full-batch gradient descent drives the largest eigenvalue to 2 / eta, and keeps it there.",
    references: [Literature.cohen2021],
    quantity: """
      largest eigenvalue times eta: the median over the last third of training, the mean over seeds, for the eta where it \
      is farthest from 2
      """,
    criterion: "within [1.8, 2.3] for each of three values of eta",
    experiment: name, sweep: "edge"
  ) { evidence in
    let rates = evidence.grouped(by: "training.schedule.learning_rate")
    var parts: [(rate: String, medians: Estimate, text: String)] = []
    for (rate, runs) in rates {
      let thirds = try runs.map { try lastThird($0, "stability") }
      let medians = bootstrap.interval(of: thirds.map(median))
      let means = mean(thirds.map(mean))
      parts.append(
        (
          "\(rate)", medians,
          "eta \(rate): \(shortNumber(medians)), mean "
            + "\(shortNumber(means))"
        ))
    }
    let verdict = Verdict.conjunction(parts.map { Condition.within(1.8, 2.3).verdict(on: $0.medians) })
    let farthest = parts.max { distance($0.medians.value) < distance($1.medians.value) }
    var outcome = Outcome(
      parts.count < 3 && verdict == .reproduced ? .inconclusive : verdict, effect: farthest?.medians.value ?? .nan,
      details: parts.map(\.text).joined(separator: "; ") + (parts.count < 3 ? "; three values of eta are wanted" : ""))
    if let medians = farthest?.medians { outcome.interval = [medians.lower, medians.upper] }
    return outcome
  }

  /// What a run recorded over the last third of its training.
  static func lastThird(_ run: CollectedRun, _ name: String) throws -> [Double] {
    guard let trajectory = run.trajectory, let steps = try trajectory.dimension("step").coordinates else {
      return [.nan]
    }
    return HessianSpectrum.lastThird(
      steps: Int.elements(of: steps) ?? [], values: try trajectory.variable(name).elements(),
      total: try run.measurement("planned_steps").value())
  }

  /// The distance from 2, a NaN being farthest.
  private static func distance(_ value: Double) -> Double { value.isNaN ? .infinity : abs(value - 2) }

  private static func whole(_ counts: [Double]) -> String { counts.map(shortNumber).joined(separator: " ") }
}
