/// A unit of work that is timed: a training step, a Hessian-vector product, a part of a plane.
public struct Workload: Sendable {
  /// A short name, as `landscape bench --serve` takes it.
  public let name: String
  /// One sentence on what a unit is.
  public let summary: String
  /// The parameters of the network, by which the two sides of a comparison see that they do the same; 0 without one.
  public let parameterCount: Int
  /// The floating-point operations of the products that no implementation gets round; 0 where they don't matter.
  public let operations: Double
  /// Makes all that a unit needs and returns the unit.
  let make: @Sendable () -> () -> Void

  /// A workload made ready, timed in samples of so many units that the clock's resolution doesn't matter.
  public struct Timer {
    /// Units in a sample.
    public let repeats: Int
    private let unit: () -> Void

    /// Makes the workload and finds out how many units last `seconds`; this warms it up as well.
    public init(_ workload: Workload, seconds: Double = 0.05) {
      self.init(workload.make(), seconds: seconds)
    }

    /// Makes the workload, does one unit to warm it up, and puts `units` into each sample.
    public init(_ workload: Workload, units: Int) {
      unit = workload.make()
      repeats = units
      unit()
    }

    init(_ unit: @escaping () -> Void, seconds: Double) {
      self.unit = unit
      var count = 1
      while Timer.time(unit, count) < seconds { count *= 2 }
      repeats = count
    }

    /// Times one sample and returns the seconds of a unit.
    public func sample() -> Double { Timer.time(unit, repeats) / Double(repeats) }

    private static func time(_ unit: () -> Void, _ repeats: Int) -> Double {
      let duration = ContinuousClock().measure { for _ in 0..<repeats { unit() } }
      return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
  }
}
