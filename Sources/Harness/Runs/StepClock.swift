/// Times the steps of a training and its measurements.
final class StepClock {
  private let rehearsal: Rehearsal
  private let watch: Double
  private let isTold: Bool
  private var first: Double?
  private var last = 0.0
  private var steps = -1
  private var measuring = 0.0
  private var probes: [[Double]]

  /// A clock; where it `isTold` what a step takes, one is made for the sake of what comes after.
  init(_ rehearsal: Rehearsal, probeCount: Int, isTold: Bool) {
    self.isTold = isTold
    self.rehearsal = rehearsal
    watch = rehearsal.watch
    probes = [[Double]](repeating: [], count: probeCount)
  }

  /// Whether enough was seen; asked before each step. The first step makes ready for the others and doesn't count.
  func isEnough() -> Bool {
    last = rehearsal.now
    steps += 1
    if isTold { return steps > 0 }
    guard let first else {
      if steps == 1 { (self.first, measuring) = (last, 0) }
      return false
    }
    return steps > 2 && last - first - measuring > watch
  }

  /// Times a measurement.
  func time(probe index: Int, _ measure: () -> [Double]) -> [Double] {
    // What a measurement leaves out counts as its time, and not as having passed.
    let (start, began) = (rehearsal.now, rehearsal.elapsed)
    let values = measure()
    probes[index].append(rehearsal.elapsed - began)
    measuring += rehearsal.now - start
    return values
  }

  /// The time of a step without measurements, by what was seen so far.
  var stepSeconds: Double {
    guard let first, steps > 1 else { return 0 }
    return max(0, last - first - measuring) / Double(steps - 1)
  }

  /// For each probe the mean time of its measurements but for the first, which makes ready for the others.
  var probeSeconds: [Double] {
    probes.map { seconds in
      let later = seconds.dropFirst()
      return later.isEmpty ? seconds.first ?? 0 : later.reduce(0, +) / Double(later.count)
    }
  }
}
