internal import Components
public import Configuration
public import Optimizers

/// The shapes of learning rates over training, by their names in `ScheduleCatalogue`.
public enum ScheduleKind: String, CaseIterable, Sendable {
  /// The same always.
  case constant
  /// A straight line to the final rate.
  case linear
  /// Half a cosine to the final rate.
  case cosine
  /// Multiplied by a factor every so many steps.
  case step
  /// Multiplied by a factor at given steps.
  case milestones
  /// Multiplied by a factor in every step.
  case exponential
  /// Divided by what grows linearly.
  case inverseTime = "inverse-time"
  /// A power of what remains of training.
  case polynomial
  /// Half cosines again and again.
  case cosineRestarts = "cosine-restarts"
  /// Up and down again and again.
  case triangular
  /// Up once and down once.
  case oneCycle = "one-cycle"
}

/// What a schedule's lengths are counted in.
public enum ScheduleUnit: String, CaseIterable, Sendable {
  /// Updates.
  case steps
  /// Passes over the training set.
  case epochs
}

/// The learning rates. A setting that the kind does not use must be left at its default.
public struct ScheduleSettings: Configurable {
  /// The shape.
  public var kind = ScheduleKind.cosine
  /// The highest rate, after the warm-up; `nil` for the method's own.
  public var learningRate: Double?
  /// The last rate as a share of the first.
  public var finalShare = 0.0
  /// Steps over which the rate rises from zero.
  public var warmUpSteps = 0
  /// The factor of `step` and `milestones`.
  public var stepFactor = 0.1
  /// The steps between the falls of `step`.
  public var stepEvery = 1000
  /// The steps at which `milestones` falls.
  public var milestones: [Int] = []
  /// The factor of `exponential`.
  public var decayFactor = 0.999
  /// The decay of `inverse-time`.
  public var decay = 0.001
  /// The power of `polynomial`.
  public var power = 2.0
  /// The first period of `cosine-restarts`.
  public var period = 1000
  /// How much longer each of its periods is than the one before.
  public var growth = 1
  /// The low rate of `triangular` as a share of the high one.
  public var lowShare = 0.1
  /// Its steps up.
  public var rise = 1000
  /// Its steps down.
  public var fall = 1000
  /// The factor of its height from cycle to cycle.
  public var shrink = 1.0
  /// The first rate of `one-cycle` as a share of the highest.
  public var startShare = 0.04
  /// The share of training in which it rises.
  public var riseShare = 0.3
  /// What lengths are counted in, except the whole training's.
  public var unit = ScheduleUnit.steps

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("kind", \.kind, "How the rate changes over training. landscape list schedules describes all.")
    Setting(
      "learning_rate", \.learningRate,
      "The highest rate, after the warm-up; null for 1 with polyak, line-search, l-bfgs, newton, saddle-free-newton, "
        + "hessian-free and k-fac, which find lengths themselves, and 0.05 with the rest.", allowed: Above(0.0))
    Setting(
      "final_share", \.finalShare,
      "The last rate of linear, polynomial, cosine, cosine-restarts and one-cycle, as a share of the highest.",
      allowed: 0.0...1.0)
    Setting(
      "warm_up_steps", \.warmUpSteps, "Steps over which the rate rises linearly from zero.", allowed: 0...1_000_000_000)
    Setting("step_factor", \.stepFactor, "What the rate of step and milestones is multiplied by.", allowed: 0.0...1.0)
    Setting("step_every", \.stepEvery, "The steps between the falls of step.", allowed: 1...1_000_000_000)
    Setting("milestones", \.milestones, "The steps at which milestones falls.", allowed: 1...1_000_000_000)
    Setting(
      "decay_factor", \.decayFactor, "What exponential multiplies the rate by in every step.", allowed: Above(0.0))
    Setting("decay", \.decay, "The decay of inverse-time, rate / (1 + decay step).", allowed: 0.0...)
    Setting("power", \.power, "The power of polynomial.", allowed: Above(0.0))
    Setting("period", \.period, "The steps of the first period of cosine-restarts.", allowed: 1...1_000_000_000)
    Setting(
      "growth", \.growth, "How many times as long each of its periods is as the one before.", allowed: 1...1000)
    Setting("low_share", \.lowShare, "The low rate of triangular, as a share of the high one.", allowed: 0.0...1.0)
    Setting("rise", \.rise, "The steps in which triangular rises.", allowed: 1...1_000_000_000)
    Setting("fall", \.fall, "The steps in which it falls.", allowed: 1...1_000_000_000)
    Setting("shrink", \.shrink, "What its height is multiplied by from cycle to cycle.", allowed: 0.0...1.0)
    Setting("start_share", \.startShare, "The first rate of one-cycle, as a share of the highest.", allowed: 0.0...1.0)
    Setting("rise_share", \.riseShare, "The share of training in which one-cycle rises.", allowed: 0.0...1.0)
    Setting(
      "unit", \.unit,
      "What warm_up_steps, step_every, milestones, period, rise and fall are counted in, and decays are by: steps or epochs."
    )
  }

  /// A setting that was changed and that the kind does not use.
  public var conflict: String? {
    let own = ScheduleCatalogue.component(kind.rawValue)?.settings.map(\.name) ?? []
    let used = Set(own).union(["kind", "learning_rate", "warm_up_steps", "unit"])
    guard let stray = differenceFromDefaults.first(where: { !used.contains($0.key) }) else { return nil }
    let owners = ScheduleCatalogue.components.filter { $0.settings.contains { $0.name == stray.key } }.map(\.name)
    return "\(stray.key) is \(stray.value), which the kind \(kind.rawValue) does not use; it belongs to "
      + owners.joined(separator: ", ")
  }

  func conflict(steps: Int) -> String? {
    unit == .steps && warmUpSteps > steps
      ? "warm_up_steps is \(warmUpSteps), but there are only \(steps) steps" : nil
  }

  /// The rate of most methods, where none is given.
  public static let usualRate = 0.05

  /// The schedule over so many steps; where lengths are in epochs, each has `stepsPerEpoch`. Without a learning rate it is
  /// `automaticRate`.
  public func schedule(
    steps: Int, stepsPerEpoch: Int = 1, automaticRate: Double = ScheduleSettings.usualRate
  ) -> Schedule {
    let learningRate = self.learningRate ?? automaticRate
    let end = learningRate * finalShare
    let stretch = unit == .epochs ? stepsPerEpoch : 1
    let schedule: Schedule =
      switch kind {
      case .constant: .constant(learningRate)
      case .linear: .linear(from: learningRate, to: end, steps: steps)
      case .polynomial: .polynomial(from: learningRate, to: end, power: power, steps: steps)
      case .cosine: .cosine(from: learningRate, to: end, steps: steps)
      case .oneCycle:
        .oneCycle(
          peak: learningRate, startShare: startShare, endShare: finalShare, riseShare: riseShare, steps: steps)
      case .step: Schedule.step(from: learningRate, factor: stepFactor, every: stepEvery).stretched(by: stretch)
      case .milestones:
        Schedule.milestones(from: learningRate, factor: stepFactor, at: milestones).stretched(by: stretch)
      case .exponential: Schedule.exponential(from: learningRate, factor: decayFactor).stretched(by: stretch)
      case .inverseTime: Schedule.inverseTime(from: learningRate, decay: decay).stretched(by: stretch)
      case .cosineRestarts:
        Schedule.cosineRestarts(from: learningRate, to: end, period: period, growth: growth).stretched(by: stretch)
      case .triangular:
        Schedule.triangular(low: learningRate * lowShare, high: learningRate, rise: rise, fall: fall, shrink: shrink)
          .stretched(by: stretch)
      }
    return warmUpSteps > 0 ? schedule.warmedUp(over: warmUpSteps * stretch) : schedule
  }
}
