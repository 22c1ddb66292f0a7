import Harness
import Statistics
import Storage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ModeConnectivityExperiment {
  static let elasticBand = Finding(
    id: "mode.autoneb",
    statement: "AutoNEB finds a path of minimum energy without a barrier to speak of.",
    references: [Literature.draxler2018],
    quantity: "barrier of the training loss on AutoNEB's path divided by the linear barrier of the same pair",
    criterion: "< 0.1 (95 % bootstrap interval of the mean ratio)",
    experiment: name, sweep: "elastic-band"
  ) { evidence in
    let linear = try evidence.numbers("line/train_barrier")
    let ratios = zip(try evidence.numbers("elastic_band/train_barrier"), linear).map { $0 / $1 }
    let estimate = bootstrap.interval(of: ratios)
    return Outcome(
      estimate, must: .below(0.1),
      details: "largest of \(ratios.count) ratios \(shortNumber(largest(ratios)))")
  }

  static let width = Finding(
    id: "mode.width",
    statement: "Barriers on paths of minimum energy fall with width.",
    references: [Literature.draxler2018, Literature.freeman2017],
    quantity: "slope of the barrier on AutoNEB's path over log2(width), widths 4 to 512, least squares for each seed",
    criterion: "< 0 (95 % bootstrap interval of the mean slope)",
    experiment: name, sweep: "width"
  ) { evidence in
    let slopes = try slopesOverWidth(evidence) { try $0.number("elastic_band/train_barrier") }
    let estimate = bootstrap.interval(of: slopes)
    let linear = try slopesOverWidth(evidence) { try $0.number("line/train_barrier") }
    return Outcome(
      estimate, must: .below(0), unit: "nat per doubling",
      details: "linear barriers: mean slope \(shortNumber(mean(linear)))")
  }

  static let instability = Finding(
    id: "mode.instability",
    statement: "Copies that part at step k and see the data in different orders end linearly connected if k is large.",
    references: [Literature.frankle2020],
    quantity: "largest test error on the line between two copies minus the mean of its ends, at the largest k",
    criterion:
      "< 2 % at the largest k, and lower than at k = 0 (95 % bootstrap intervals of the mean and of the paired "
      + "difference)",
    experiment: name, sweep: "instability"
  ) { evidence in
    let barriers = try evidence.runs.map { try $0.numbers("instability/instability") }
    let (early, late) = (barriers.map { $0[0] }, barriers.map { $0[$0.count - 1] })
    let estimate = bootstrap.interval(of: late)
    let fall = bootstrap.interval(ofPairedDifferences: early, late)
    var outcome = Outcome(
      estimate, must: .below(0.02),
      details: "at k = 0: \(shortNumber(mean(early))), fall \(shortNumber(fall.value)) [\(shortNumber(fall.lower)), "
        + "\(shortNumber(fall.upper))]")
    outcome.verdict = .conjunction([outcome.verdict, Condition.above(0).verdict(on: fall)])
    return outcome
  }

  static let permutation = Finding(
    id: "mode.permutation",
    statement: "Matching hidden units lowers the linear barrier, to near zero for wide nets.",
    references: [Literature.entezari2022, Literature.ainsworth2023],
    quantity: "barrier on the line to the matched minimum divided by that on the line to the minimum as it is, at the "
      + "largest width; the larger of weight and activation matching",
    criterion: "< 0.5 at the largest width, and falling with width: slope over log2(width) < 0, both for both ways to "
      + "match (95 % bootstrap intervals)",
    experiment: name, sweep: "width"
  ) { evidence in
    let widest = try evidence.numbers("width").max() ?? .nan
    let parts = try ["weights", "activations"].map { method in
      func ratio(_ run: CollectedRun) throws -> Double {
        // A net that is no longer the same function says nothing about barriers.
        let isSame =
          try run.number("matching/\(method)/output_difference")
          <= 1e-4 * max(1, try run.number("matching/\(method)/output_scale"))
        return isSame
          ? try run.number("matching/\(method)/train_barrier") / (try run.number("line/train_barrier")) : .nan
      }
      let wide = try evidence.runs.filter { try $0.number("width") == widest }.map(ratio)
      let estimate = bootstrap.interval(of: wide)
      let slope = bootstrap.interval(of: try slopesOverWidth(evidence, ratio))
      var part = Outcome(
        estimate, must: .below(0.5), details: "\(method) \(shortNumber(estimate)), slope \(shortNumber(slope))")
      part.verdict = .conjunction([part.verdict, Condition.below(0).verdict(on: slope)])
      return part
    }
    return Outcome(all: parts, showing: .largest)
  }

  /// For each seed, the slope of a quantity over log2(width) through its runs.
  private static func slopesOverWidth(
    _ evidence: Evidence, _ quantity: (CollectedRun) throws -> Double
  ) throws -> [Double] {
    var seeds: [Int] = []
    for run in evidence.runs where !seeds.contains(run.seed) { seeds.append(run.seed) }
    return try seeds.map { seed in
      let own = evidence.runs.filter { $0.seed == seed }
      return LeastSquaresLine(
        x: try own.map { log2(try $0.number("width")) }, y: try own.map(quantity)
      ).slope
    }
  }
}
