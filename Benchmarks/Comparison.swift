import Statistics

/// Two ways of doing one piece of work, timed in turn in one run, so that their ratio holds on a machine whose speed drifts.
public struct Comparison: Sendable {
  /// What is compared.
  public let name: String
  /// One sentence on what each side does.
  public let summary: String
  /// The ratio that is aimed at: ours over the reference.
  public let aim: Double
  /// Makes both sides: closures that do one unit of work each.
  let make: @Sendable () -> (ours: () -> Void, reference: () -> Void)

  /// The result of timing both sides.
  public struct Result: Sendable, Codable {
    /// What was compared.
    public let name: String
    /// Median seconds of a unit of our work.
    public let ours: Double
    /// Median seconds of a unit of the reference's work.
    public let reference: Double
    /// The median of the ratios of neighbouring samples.
    public let ratio: Double
    /// The lower quartile of the ratios.
    public let lowerQuartile: Double
    /// The upper quartile of the ratios.
    public let upperQuartile: Double
    /// The ratio that is aimed at.
    public let aim: Double
  }

  /// Times `samples` pairs, each long enough (at least `seconds`) for the clock.
  public func run(samples: Int = 21, seconds: Double = 0.02) -> Result {
    let (ours, reference) = make()
    let clock = ContinuousClock()
    func time(_ work: () -> Void, _ repeats: Int) -> Double {
      let duration = clock.measure { for _ in 0..<repeats { work() } }
      return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
    func repeats(_ work: () -> Void) -> Int {
      var count = 1
      while time(work, count) < seconds { count *= 2 }
      return count
    }
    let (oursRepeats, referenceRepeats) = (repeats(ours), repeats(reference))
    var oursTimes: [Double] = []
    var referenceTimes: [Double] = []
    for _ in 0..<samples {
      oursTimes.append(time(ours, oursRepeats) / Double(oursRepeats))
      referenceTimes.append(time(reference, referenceRepeats) / Double(referenceRepeats))
    }
    let ratios = zip(oursTimes, referenceTimes).map { $0 / $1 }
    return Result(
      name: name, ours: median(oursTimes), reference: median(referenceTimes), ratio: median(ratios),
      lowerQuartile: quantile(0.25, of: ratios), upperQuartile: quantile(0.75, of: ratios), aim: aim)
  }
}
