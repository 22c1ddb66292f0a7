#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A learning rate for every step: a pure value, the same whenever it is asked.
///
///     let schedule = Schedule.cosine(from: 0.1, to: 0, steps: 1_000).warmedUp(over: 100)
public indirect enum Schedule: Hashable, Codable, Sendable {
  /// The same rate always.
  case constant(Double)
  /// from factor^floor(step / every).
  case step(from: Double, factor: Double, every: Int)
  /// The rate is multiplied by the factor at each of the steps.
  case milestones(from: Double, factor: Double, at: [Int])
  /// A straight line that arrives after `steps` steps, and stays.
  case linear(from: Double, to: Double, steps: Int)
  /// Half a cosine, to + (from - to) (1 + cos(pi step / steps)) / 2, and then the end's rate (Loshchilov & Hutter 2017,
  /// without restarts).
  case cosine(from: Double, to: Double, steps: Int)
  /// Another schedule times a factor that rises linearly from `startFactor` to 1 over the first `steps` steps, the other
  /// one's steps being counted from the start (Goyal et al. 2017).
  case warmUp(startFactor: Double, steps: Int, Schedule)
  /// The first for `steps` steps, then the second, its own steps counted from there.
  case sequence(Schedule, steps: Int, Schedule)

  /// This schedule with a warm-up before it reaches its rates.
  public func warmedUp(over steps: Int, startFactor: Double = 0) -> Schedule {
    .warmUp(startFactor: startFactor, steps: steps, self)
  }

  /// This schedule for `steps` steps, then another.
  public func followed(after steps: Int, by next: Schedule) -> Schedule { .sequence(self, steps: steps, next) }

  /// The rate of the step with this number, the first being 0.
  public func learningRate(at step: Int) -> Double {
    switch self {
    case .constant(let rate): return rate
    case .step(let start, let factor, let every):
      precondition(every > 0, "a rate falls every 1 step or more, not every \(every)")
      return start * pow(factor, Double(step / every))
    case .milestones(let start, let factor, let milestones):
      return start * pow(factor, Double(milestones.count { $0 <= step }))
    case .linear(let start, let end, let steps):
      return start + (end - start) * fraction(step, of: steps)
    case .cosine(let start, let end, let steps):
      return end + (start - end) * (1 + cos(Double.pi * fraction(step, of: steps))) / 2
    case .warmUp(let startFactor, let steps, let schedule):
      return schedule.learningRate(at: step) * (startFactor + (1 - startFactor) * fraction(step, of: steps))
    case .sequence(let first, let steps, let second):
      return step < steps ? first.learningRate(at: step) : second.learningRate(at: step - steps)
    }
  }

  /// How much of the way is done: 1 from the end on, and at once when there is no way.
  private func fraction(_ step: Int, of steps: Int) -> Double {
    step >= steps ? 1 : Double(step) / Double(steps)
  }
}
