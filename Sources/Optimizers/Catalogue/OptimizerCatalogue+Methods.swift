import Components

extension OptimizerCatalogue {
  /// Methods made from others.
  static let compositions = [
    entry(
      "sam", "the base's step with g(p + rho g / ||g||)", .sharpnessAware(.momentum()),
      [base, number("radius", "rho", "rho >= 0", "0.05")], [.foret2021]),
    entry(
      "asam", "the base's step with g(p + rho T^2 g / ||T g||), T = |p| + eta",
      .sharpnessAware(.momentum(), radius: 0.5, stabilizer: 0.01),
      [base, number("radius", "rho", "rho >= 0", "0.5"), number("stabilizer", "eta", "eta >= 0", "0.01")],
      [.kwon2021]),
    entry(
      "svrg", "the base's step with g(p) - g(s) + u, u being the whole gradient at a snapshot s",
      .varianceReduced(.gradientDescent()),
      [base, number("interval", "steps from snapshot to snapshot", "m >= 1", "100")], [.johnson2013]),
    entry(
      "swa", "beside any method (averaging: swa): the arithmetic mean of its parameters is evaluated",
      .averaged(.optimizer(.momentum()), .arithmetic(start: 1, every: 1)),
      [
        number("average_start", "the first step after which parameters are averaged", "at least 1", "1"),
        number("average_every", "the steps from one to the next", "at least 1", "1"),
      ], [.izmailov2018]),
    entry(
      "ema", "beside any method (averaging: ema): a <- d a + (1 - d) p is evaluated",
      .averaged(.optimizer(.momentum()), .exponential(decay: 0.999)),
      [number("average_decay", "d", "0 <= d < 1", "0.999")], [.polyak1992]),
  ]

  /// Methods that choose how far to go.
  static let stepSizes = [
    entry(
      "gradient-flow", "dp/dt = -g, a step of the classical Runge-Kutta method over the time of the rate",
      .gradientFlow, [], [.cohen2021]),
    entry(
      "polyak", "p <- p - rate (f - f*) / ||g||^2 g", .polyak(),
      [number("target", "the least value f*", "any", "0")], [.polyak1969]),
    entry(
      "barzilai-borwein", "p <- p - s's / s'y g or p - s'y / y'y g, s and y being the last changes of p and g",
      .barzilaiBorwein(), [number("step_form", "which of the two", "long or short", "long")], [.barzilai1988]),
    entry(
      "line-search", "p <- p - t g, t by a line search that begins with the rate", .lineSearch(),
      [search("armijo")], [.armijo1966, .nocedal2006]),
    entry(
      "l-bfgs", "p <- p - t H g, H from the last pairs of changes, t by a line search that begins with the rate",
      .lBFGS(), [number("history", "pairs that are remembered", "at least 1", "10"), search("strong-wolfe")],
      [.liu1989, .nocedal2006]),
  ]

  /// Methods that use curvature.
  static let secondOrder = [
    entry(
      "newton", "p <- p - rate (H + delta I)^-1 g, H being the dense Hessian: for small networks", .newton(),
      [damping("0")], [.nocedal2006]),
    entry(
      "saddle-free-newton", "p <- p - rate (|H| + delta I)^-1 g, H being the dense Hessian: for small networks",
      .newton(isSaddleFree: true), [damping("0")], [.dauphin2014]),
    entry(
      "hessian-free", "p <- p + t d, (G + lambda I) d = -g by conjugate gradients, G being the Gauss-Newton matrix",
      .hessianFree(),
      [
        damping("1"), number("cg_iterations", "the most products with G in a step", "at least 1", "250"),
        number("cg_progress", "the gain, an iteration, below which they end", "at least 0", "0.0005"),
        number("curvature_share", "the share of a step's examples that G is taken over", "above 0, at most 1", "1"),
      ], [.martens2010]),
    entry(
      "k-fac",
      "p <- p + rate (a D + m d), a and m by the quadratic model, d the last step, D from the gradient V of each dense "
        + "layer and convolution as -(A + pi gamma I)^-1 V (G + gamma / pi I)^-1; lambda and gamma adapt",
      .kfac(),
      [
        damping("0.03"),
        number("interval", "steps from one estimate of A and G to the next", "at least 1", "5"),
        number("factor_decay", "the most that the past weighs in A and G", "0 <= decay < 1", "0.95"),
      ], [.martens2015, .grosse2016]),
  ]

  // Settings that several methods have.

  static func number(
    _ name: String, _ meaning: String, _ allowed: String, _ defaultValue: String
  ) -> Component.Setting {
    Component.Setting(name, meaning, allowed: allowed, default: defaultValue)
  }

  static let momentum = number("momentum", "the share mu of the last step that is kept", "0 <= mu < 1", "0.9")
  static let betas = [
    number("beta1", "the decay b1 of the mean gradient m", "0 <= b1 < 1", "0.9"),
    number("beta2", "the decay b2 of the mean square v", "0 <= b2 < 1", "0.999"),
  ]
  static let weightDecay = number("weight_decay", "lambda", "lambda >= 0", "0")
  static let clipNorm = number("clip_norm", "a bound on the gradient's norm", "above 0, or null", "null")
  static let common = [
    weightDecay,
    number(
      "decoupled_decay", "whether p <- (1 - rate lambda) p beside the step, not g <- g + lambda p", "true or false",
      "false"),
    clipNorm,
  ]
  static let base = number(
    "base", "whose step is made", "a method that needs nothing but the gradient", "gradient-descent")

  static func epsilon(_ value: String) -> Component.Setting {
    number("epsilon", "what keeps the quotient finite", "epsilon >= 0", value)
  }

  static func squareDecay(_ value: String) -> Component.Setting {
    number("square_decay", "the decay a of the mean square v", "0 <= a < 1", value)
  }

  static func damping(_ value: String) -> Component.Setting {
    number("damping", "what is added to the curvature", "at least 0", value)
  }

  static func search(_ value: String) -> Component.Setting {
    number("search", "the line search", "none, armijo or strong-wolfe", value)
  }
}
