/// A learning rate for every step: a pure value, the same whenever it is asked.
///
///     let schedule = Schedule.cosine(from: 0.1, to: 0, steps: 1_000).warmedUp(over: 100)
///
/// Lengths are in steps; `stretched(by:)` makes a schedule in steps of one in epochs.
public indirect enum Schedule: Hashable, Codable, Sendable {
  /// The same rate always.
  case constant(Double)
  /// from factor^floor(step / every).
  case step(from: Double, factor: Double, every: Int)
  /// The rate is multiplied by the factor at each of the steps.
  case milestones(from: Double, factor: Double, at: [Int])
  /// from factor^step.
  case exponential(from: Double, factor: Double)
  /// from / (1 + decay step) (Robbins & Monro 1951).
  case inverseTime(from: Double, decay: Double)
  /// A straight line that arrives after `steps` steps, and stays.
  case linear(from: Double, to: Double, steps: Int)
  /// to + (from - to) (1 - step / steps)^power, and then the end's rate.
  case polynomial(from: Double, to: Double, power: Double, steps: Int)
  /// Half a cosine, to + (from - to) (1 + cos(pi step / steps)) / 2, and then the end's rate (Loshchilov & Hutter 2017,
  /// without restarts).
  case cosine(from: Double, to: Double, steps: Int)
  /// Half cosines one after the other, the first over `period` steps, each `growth` times as long as the one before
  /// (Loshchilov & Hutter 2017).
  case cosineRestarts(from: Double, to: Double, period: Int, growth: Int)
  /// Up from `low` to `high` in `rise` steps and down in `fall`, again and again; the height shrinks by the factor `shrink`
  /// with every cycle (Smith 2017).
  case triangular(low: Double, high: Double, rise: Int, fall: Int, shrink: Double)
  /// Half a cosine up from peak `startShare` to the peak, at the step `riseShare` steps - 1, and half a cosine down to peak
  /// `endShare` at the step steps - 1, and then that (Smith & Topin 2018).
  case oneCycle(peak: Double, startShare: Double, endShare: Double, riseShare: Double, steps: Int)
  /// Another schedule times a factor that rises linearly from `startFactor` to 1 over the first `steps` steps, the other
  /// one's steps being counted from the start (Goyal et al. 2017).
  case warmUp(startFactor: Double, steps: Int, Schedule)
  /// The first for `steps` steps, then the second, its own steps counted from there.
  case sequence(Schedule, steps: Int, Schedule)
  /// The product of both: one of them may be a schedule of factors.
  case product(Schedule, Schedule)

  /// This schedule with a warm-up before it reaches its rates.
  public func warmedUp(over steps: Int, startFactor: Double = 0) -> Schedule {
    .warmUp(startFactor: startFactor, steps: steps, self)
  }

  /// This schedule for `steps` steps, then another.
  public func followed(after steps: Int, by next: Schedule) -> Schedule { .sequence(self, steps: steps, next) }

  /// This schedule times another.
  public func times(_ factors: Schedule) -> Schedule { .product(self, factors) }

  /// The schedule whose lengths are `count` times as long: of one in epochs, with `count` steps an epoch, the one in steps.
  ///
  /// Rates that change in every step then do so within epochs too.
  public func stretched(by count: Int) -> Schedule {
    precondition(count > 0, "an epoch has 1 step or more, not \(count)")
    switch self {
    case .constant: return self
    case .step(let from, let factor, let every): return .step(from: from, factor: factor, every: every * count)
    case .milestones(let from, let factor, let steps):
      return .milestones(from: from, factor: factor, at: steps.map { $0 * count })
    case .exponential(let from, let factor): return .exponential(from: from, factor: root(factor, count))
    case .inverseTime(let from, let decay): return .inverseTime(from: from, decay: decay / Double(count))
    case .linear(let from, let to, let steps): return .linear(from: from, to: to, steps: steps * count)
    case .polynomial(let from, let to, let power, let steps):
      return .polynomial(from: from, to: to, power: power, steps: steps * count)
    case .cosine(let from, let to, let steps): return .cosine(from: from, to: to, steps: steps * count)
    case .cosineRestarts(let from, let to, let period, let growth):
      return .cosineRestarts(from: from, to: to, period: period * count, growth: growth)
    case .triangular(let low, let high, let rise, let fall, let shrink):
      return .triangular(low: low, high: high, rise: rise * count, fall: fall * count, shrink: shrink)
    case .oneCycle(let peak, let start, let end, let rise, let steps):
      return .oneCycle(peak: peak, startShare: start, endShare: end, riseShare: rise, steps: steps * count)
    case .warmUp(let factor, let steps, let schedule):
      return .warmUp(startFactor: factor, steps: steps * count, schedule.stretched(by: count))
    case .sequence(let first, let steps, let second):
      return .sequence(first.stretched(by: count), steps: steps * count, second.stretched(by: count))
    case .product(let first, let second): return .product(first.stretched(by: count), second.stretched(by: count))
    }
  }
}
