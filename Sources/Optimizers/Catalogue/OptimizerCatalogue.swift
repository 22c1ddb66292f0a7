public import Components

/// The methods of descent that a configuration can name, each with what it is called there, its settings and its source.
///
/// This is the visible list: help prints it, configurations take their names from it, and a checker goes through all of it.
public enum OptimizerCatalogue {
  /// One method.
  public struct Entry: Sendable {
    /// Its description. Settings are named as in configurations.
    public let component: Component
    /// The method with its defaults.
    public let recipe: DescentRecipe
  }

  /// Every method.
  public static let entries = firstOrder + compositions + stepSizes + secondOrder

  /// The descriptions of every method.
  public static var components: [Component] { entries.map(\.component) }

  /// The description of a name.
  public static func component(_ name: String) -> Component? { components.first { $0.name == name } }

  static func entry(
    _ name: String, _ summary: String, _ recipe: DescentRecipe, _ settings: [Component.Setting],
    _ references: [Reference]
  ) -> Entry {
    Entry(component: Component(.optimizer, name, summary, settings: settings, references: references), recipe: recipe)
  }

  static func entry(
    _ name: String, _ summary: String, _ recipe: OptimizerRecipe, _ settings: [Component.Setting],
    _ references: [Reference]
  ) -> Entry {
    entry(name, summary, .optimizer(recipe), settings, references)
  }

  /// Methods that need nothing but the gradient.
  static let firstOrder = [
    entry(
      "gradient-descent", "p <- p - rate g; with batches, stochastic gradient descent", .gradientDescent(), common,
      [.robbins1951]),
    entry(
      "momentum", "v <- mu v + g; p <- p - rate v", .momentum(), [momentum] + common, [.polyak1964, .sutskever2013]),
    entry(
      "heavy-ball", "v <- mu v - rate g; p <- p + v", .heavyBall(), [momentum] + common, [.polyak1964]),
    entry(
      "nesterov", "v <- mu v + g; p <- p - rate (g + mu v)", .momentum(isNesterov: true), [momentum] + common,
      [.nesterov1983, .sutskever2013]),
    entry(
      "accelerated-gradient",
      "x(k) = y - rate g(y); y <- x(k) + (k - 1) / (k + 2) (x(k) - x(k-1)); x is evaluated", .acceleratedGradient(),
      common, [.nesterov1983, .su2016]),
    entry(
      "adagrad", "s <- s + g^2; p <- p - rate g / (sqrt(s) + epsilon)", .adaGrad(),
      [epsilon("1e-10"), number("initial_sum", "the first s", "s >= 0", "0")] + common, [.duchi2011]),
    entry(
      "rmsprop",
      "v <- a v + (1 - a) g^2; p <- p - rate g / (sqrt(v) + epsilon), with momentum and about the mean if told",
      .rmsProp(),
      [
        squareDecay("0.99"), epsilon("1e-8"),
        number("rms_momentum", "the share of the last step that is kept", "0 <= mu < 1", "0"),
        number("centered", "whether squares are taken about the mean gradient", "true or false", "false"),
      ] + common, [.tieleman2012, .graves2013]),
    entry(
      "adadelta",
      "v <- a v + (1 - a) g^2; d = sqrt(u + epsilon) / sqrt(v + epsilon) g; p <- p - rate d; u of d as v of g",
      .adaDelta(), [squareDecay("0.9"), epsilon("1e-6")] + common, [.zeiler2012]),
    entry(
      "adam", "m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; p <- p - rate m' / (sqrt(v') + epsilon)", .adam(),
      betas + [epsilon("1e-8")] + common, [.kingma2015]),
    entry(
      "amsgrad", "Adam with the largest v so far", .adam(isAMSGrad: true), betas + [epsilon("1e-8")] + common,
      [.reddi2018]),
    entry(
      "adamw", "Adam with p <- (1 - rate lambda) p beside the step", .adamW(),
      betas + [epsilon("1e-8"), weightDecay, clipNorm], [.loshchilov2019]),
    entry(
      "nadam", "Adam with Nesterov's look-ahead and a momentum that grows to b1", .nAdam(),
      betas + [epsilon("1e-8"), number("momentum_decay", "how fast the momentum grows, psi", "psi >= 0", "0.004")]
        + common, [.dozat2016]),
    entry(
      "lars", "in each layer v <- mu v + rate r (g + lambda p); p <- p - v; r = eta ||p|| / (||g|| + lambda ||p||)",
      .lars(), [momentum, number("trust", "eta in the trust ratio", "eta > 0", "0.001"), weightDecay, clipNorm],
      [.you2017]),
    entry(
      "lamb", "in each layer p <- p - rate ||p|| / ||d|| d; d = m' / (sqrt(v') + epsilon) + lambda p", .lamb(),
      betas + [epsilon("1e-6"), weightDecay, clipNorm], [.you2020]),
    entry(
      "entropy-sgd",
      "x <- x - rate gamma (x - <y>), <y> by Langevin dynamics in f(y) + gamma / 2 ||x - y||^2; x is evaluated",
      .entropySGD(),
      [
        number("inner_steps", "steps of the dynamics before x moves", "L >= 1", "20"),
        number("inner_rate", "their rate", "a > 0", "0.1"), number("gamma", "the stiffness", "gamma >= 0", "0.03"),
        number("gamma_growth", "by what share gamma grows when x moves", "at least 0", "0.001"),
        number("noise", "the noise's scale epsilon", "epsilon >= 0", "0.0001"),
        number("inner_averaging", "the newest point's weight in <y>", "0 < alpha <= 1", "0.75"), clipNorm,
      ], [.chaudhari2017]),
  ]
}
