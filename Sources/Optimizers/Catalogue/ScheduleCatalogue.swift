public import Components

/// The schedules that a configuration can name, each with what it is called there, its settings and its source.
public enum ScheduleCatalogue {
  /// One schedule.
  public struct Entry: Sendable {
    /// Its description. Settings are named as in configurations.
    public let component: Component
    /// An example whose largest rate is the one given, over a training of so many steps.
    public let example: @Sendable (_ learningRate: Double, _ steps: Int) -> Schedule
  }

  /// Every schedule.
  public static let entries = [
    entry("constant", "the rate itself", [], []) { rate, _ in .constant(rate) },
    entry("step", "rate factor^floor(t / every)", [factor, count("step_every", "steps between falls", "1000")], []) {
      .step(from: $0, factor: 0.1, every: max(1, $1 / 3))
    },
    entry(
      "milestones", "multiplied by the factor at each milestone",
      [factor, setting("milestones", "the steps at which it falls", "a list of steps", "[]")], []
    ) { .milestones(from: $0, factor: 0.1, at: [$1 / 2, 3 * $1 / 4]) },
    entry(
      "exponential", "rate factor^t", [setting("decay_factor", "the factor", "0 < factor <= 1", "0.999")], []
    ) { rate, _ in .exponential(from: rate, factor: 0.999) },
    entry(
      "inverse-time", "rate / (1 + decay t)", [setting("decay", "the decay", "at least 0", "0.001")], [.robbins1951]
    ) { rate, _ in .inverseTime(from: rate, decay: 0.001) },
    entry("linear", "a straight line to the end's rate", [finalShare], []) { .linear(from: $0, to: 0, steps: $1) },
    entry(
      "polynomial", "end + (rate - end) (1 - t / T)^power",
      [finalShare, setting("power", "the power", "above 0", "2")], []
    ) { .polynomial(from: $0, to: 0, power: 2, steps: $1) },
    entry("cosine", "end + (rate - end) (1 + cos(pi t / T)) / 2", [finalShare], [.loshchilov2017]) {
      .cosine(from: $0, to: 0, steps: $1)
    },
    entry(
      "cosine-restarts", "half cosines, each longer than the one before by the growth",
      [finalShare, count("period", "steps of the first", "1000"), count("growth", "the growth", "1")],
      [.loshchilov2017]
    ) { .cosineRestarts(from: $0, to: 0, period: max(1, $1 / 7), growth: 2) },
    entry(
      "triangular", "up from the low rate and down again, the height shrinking with every cycle",
      [
        setting("low_share", "the low rate as a share of the high one", "0 to 1", "0.1"),
        count("rise", "steps up", "1000"), count("fall", "steps down", "1000"),
        setting("shrink", "the factor of the height from cycle to cycle", "above 0, at most 1", "1"),
      ], [.smith2017]
    ) { .triangular(low: $0 / 10, high: $0, rise: max(1, $1 / 4), fall: max(1, $1 / 4), shrink: 0.5) },
    entry(
      "one-cycle", "half a cosine up to the rate and half a cosine down to the end's",
      [
        finalShare, setting("start_share", "the first rate as a share of the highest", "0 to 1", "0.04"),
        setting("rise_share", "the rise's share of training", "0 to 1", "0.3"),
      ], [.smith2018]
    ) { .oneCycle(peak: $0, startShare: 0.04, endShare: 0, riseShare: 0.3, steps: $1) },
    entry(
      "warm-up", "before any other (warm_up_steps above 0): times a factor that rises linearly from 0 to 1",
      [setting("warm_up_steps", "its steps", "at least 0", "0")], [.goyal2017]
    ) { Schedule.constant($0).warmedUp(over: $1 / 10) },
  ]

  /// The descriptions of every schedule.
  public static var components: [Component] { entries.map(\.component) }

  /// The description of a name.
  public static func component(_ name: String) -> Component? { components.first { $0.name == name } }

  private static func entry(
    _ name: String, _ summary: String, _ settings: [Component.Setting], _ references: [Reference],
    _ example: @escaping @Sendable (Double, Int) -> Schedule
  ) -> Entry {
    Entry(component: Component(.schedule, name, summary, settings: settings, references: references), example: example)
  }

  private static func setting(
    _ name: String, _ meaning: String, _ allowed: String, _ defaultValue: String
  ) -> Component.Setting {
    Component.Setting(name, meaning, allowed: allowed, default: defaultValue)
  }

  private static func count(_ name: String, _ meaning: String, _ defaultValue: String) -> Component.Setting {
    setting(name, meaning, "at least 1", defaultValue)
  }

  private static let factor = setting("step_factor", "what the rate is multiplied by", "0 to 1", "0.1")
  private static let finalShare = setting("final_share", "the end's rate as a share of the first", "0 to 1", "0")
}
