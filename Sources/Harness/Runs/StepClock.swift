/// Times the steps of a training and its measurements.
final class StepClock {
  private let rehearsal: Rehearsal
  private let watch: Double
  private let isTold: Bool
  private var first: Moment?
  private var last = Moment()
  private var steps = -1
  private var measuring = Moment()
  private var probes: [[Double]]

  /// A clock; where it `isTold` what a step takes, one is made for the sake of what comes after.
  init(_ rehearsal: Rehearsal, probeCount: Int, isTold: Bool) {
    self.isTold = isTold
    self.rehearsal = rehearsal
    watch = rehearsal.watch
    probes = [[Double]](repeating: [], count: probeCount)
  }

  /// Seconds that were spent, and with those of what was left out.
  private struct Moment {
    var spent = 0.0
    var counted = 0.0
    static func - (a: Self, b: Self) -> Self { Self(spent: a.spent - b.spent, counted: a.counted - b.counted) }
    static func + (a: Self, b: Self) -> Self { Self(spent: a.spent + b.spent, counted: a.counted + b.counted) }
  }

  private var moment: Moment { Moment(spent: rehearsal.now, counted: rehearsal.elapsed) }

  /// Whether enough was seen; asked before each step. The first step makes ready for the others and doesn't count.
  func isEnough() -> Bool {
    last = moment
    steps += 1
    if isTold { return steps > 0 }
    guard let first else {
      if steps == 1 { (self.first, measuring) = (last, Moment()) }
      return false
    }
    return steps > 2 && (last - first - measuring).spent > watch
  }

  /// Times a measurement.
  func time(probe index: Int, _ measure: () -> [Double]) -> [Double] {
    let start = moment
    let values = measure()
    let took = moment - start
    probes[index].append(took.counted)
    measuring = measuring + took
    return values
  }

  /// The time of a step without measurements, by what was seen so far.
  var stepSeconds: Double {
    guard let first, steps > 1 else { return 0 }
    return max(0, (last - first - measuring).counted) / Double(steps - 1)
  }

  /// For each probe the mean time of its measurements but for the first, which makes ready for the others.
  var probeSeconds: [Double] {
    probes.map { seconds in
      let later = seconds.dropFirst()
      return later.isEmpty ? seconds.first ?? 0 : later.reduce(0, +) / Double(later.count)
    }
  }
}
