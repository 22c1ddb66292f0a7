import Harness
import Statistics
import Storage
import Tensors

extension ModeConnectivityExperiment {
  /// Intervals are bootstrapped under a fixed key, so that a verdict is the same whenever it is computed.
  static let bootstrap = Bootstrap(key: Key(seed: 0).child("mode-connectivity"))

  static let monotoneLine = Finding(
    id: "landscape.monotone-line",
    statement: "The loss falls monotonically along the straight line from initialization to the solution.",
    references: [Literature.goodfellow2015],
    quantity: "share of lines whose largest rise on 51 points is below 1 % of the initial loss",
    criterion: ">= 80 % of the lines (exact 95 % interval of the share)",
    experiment: name, sweep: "pairs"
  ) { evidence in
    var rises: [Double] = []
    for run in evidence.runs {
      for side in ["first", "second"] {
        let initial = try run.numbers("initialization/\(side)/train_loss")[0]
        rises.append(try run.number("initialization/\(side)/largest_rise") / initial)
      }
    }
    let monotone = rises.count { $0 < 0.01 }
    let share = proportionInterval(successes: monotone, trials: rises.count)
    return Outcome(
      share, must: .within(0.8, 1),
      details: "\(monotone) of \(rises.count) lines; largest rise \(percent(rises.max() ?? .nan)) of the initial loss")
  }

  static let linearBarrier = Finding(
    id: "mode.linear-barrier",
    statement: "Independently trained solutions are separated by a barrier on the straight line.",
    references: [Literature.garipov2018, Literature.draxler2018],
    quantity: "barrier: the largest training loss on the line minus the linear interpolation of the ends",
    criterion: "> 0 (95 % bootstrap interval of the mean)",
    experiment: name, sweep: "pairs"
  ) { evidence in
    let barriers = try evidence.numbers("line/train_barrier")
    let estimate = bootstrap.interval(of: barriers)
    return Outcome(
      estimate, must: .above(0), unit: "nat",
      details: "smallest \(shortNumber(barriers.min() ?? .nan)), largest \(shortNumber(barriers.max() ?? .nan))")
  }

  static let curve = Finding(
    id: "mode.curve",
    statement: "A quadratic Bezier curve, and a polygonal chain, with low loss joins them.",
    references: [Literature.garipov2018, Literature.draxler2018],
    quantity: "barrier of each trained curve divided by the linear barrier of the same pair; the larger of both means",
    criterion: "< 0.1 for both curves (95 % bootstrap intervals of the mean ratio)",
    experiment: name, sweep: "pairs"
  ) { evidence in
    let linear = try evidence.numbers("line/train_barrier")
    let parts = try ["bezier", "chain"].map { curve in
      let ratio = bootstrap.interval(of: zip(try evidence.numbers("\(curve)/train_barrier"), linear).map { $0 / $1 })
      return Outcome(ratio, must: .below(0.1), details: "\(curve) \(shortNumber(ratio))")
    }
    return Outcome(all: parts, showing: .largest)
  }

  static let planeValley = Finding(
    id: "mode.plane",
    statement: "The plane through the two ends and the curve's bend shows the valley that the curve runs in.",
    references: [Literature.garipov2018],
    quantity: "largest training loss on the curve's projection into the plane, divided by the largest on the line",
    criterion: "< 1 in every run",
    experiment: name, sweep: "pairs"
  ) { evidence in
    let ratios = try evidence.runs.map { run in
      largest(try run.numbers("plane/bezier/train_loss")) / largest(try run.numbers("line/train_loss"))
    }
    let worst = largest(ratios)
    let verdict: Verdict = worst.isNaN ? .inconclusive : worst < 1 ? .reproduced : .notReproduced
    return Outcome(verdict, effect: worst, details: "the largest ratio of \(ratios.count) runs")
  }
}
