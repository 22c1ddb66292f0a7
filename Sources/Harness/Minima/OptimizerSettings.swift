internal import Components
public import Configuration
public import Networks
public import Optimizers

/// The method and its constants. A setting that the method does not use must be left at its default; `nil` is the method's
/// own default, which `OptimizerCatalogue` says.
public struct OptimizerSettings: Configurable {
  /// The method.
  public var method = OptimizerMethod.momentum
  /// The method whose step sam, asam and svrg make.
  public var base = BaseMethod.gradientDescent
  /// The share of the last step that is kept.
  public var momentum = 0.9
  /// The same for rmsprop.
  public var rmsMomentum = 0.0
  /// Adam's average of gradients.
  public var beta1 = 0.9
  /// Adam's average of squares.
  public var beta2 = 0.999
  /// The average of squares of rmsprop and adadelta.
  public var squareDecay: Double?
  /// What keeps quotients finite.
  public var epsilon: Double?
  /// Whether rmsprop takes squares about the mean.
  public var isCentered = false
  /// AdaGrad's first sum of squares.
  public var initialSum = 0.0
  /// How fast nadam's momentum grows.
  public var momentumDecay = 4e-3
  /// The factor of LARS's trust ratio.
  public var trust = 1e-3
  /// The constants of entropy-sgd.
  public var entropy = EntropyConstants()
  /// The radius of sam and asam.
  public var radius: Double?
  /// What asam adds to the parameters' magnitudes.
  public var stabilizer = 0.01
  /// Steps between svrg's snapshots or k-fac's estimates.
  public var interval: Int?
  /// The least value, for polyak.
  public var target = 0.0
  /// The form of Barzilai and Borwein's step.
  public var stepForm = StepForm.long
  /// The line search.
  public var search = SearchRule.automatic
  /// The pairs that l-bfgs remembers.
  public var history = 10
  /// What is added to curvature.
  public var damping: Double?
  /// The constants of hessian-free besides its damping.
  public var hessianFree = HessianFreeConstants()
  /// The past's weight in k-fac's factors.
  public var factorDecay = 0.95
  /// Weight decay lambda.
  public var weightDecay = 0.0
  /// Whether the decay acts beside the step instead of in the gradient.
  public var isDecayDecoupled = false
  /// A bound on the gradient's norm.
  public var clipNorm: Double?
  /// Whether an average of the parameters is what is evaluated.
  public var averaging = AveragingRule.none
  /// The first step after which swa averages.
  public var averageStart = 1
  /// The steps from one to the next.
  public var averageEvery = 1
  /// The decay of ema.
  public var averageDecay = 0.999

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting(
      "method", \.method, "The method; with batches, gradient-descent is SGD. landscape list optimizers describes all.")
    Setting("base", \.base, "The method whose step sam, asam and svrg make.")
    Setting("momentum", \.momentum, "The share of the last step that is kept.", allowed: 0.0..<1.0)
    Setting("rms_momentum", \.rmsMomentum, "The share of the last step that rmsprop keeps.", allowed: 0.0..<1.0)
    Setting("beta1", \.beta1, "Adam's average of gradients.", allowed: 0.0..<1.0)
    Setting("beta2", \.beta2, "Adam's average of squared gradients.", allowed: 0.0..<1.0)
    Setting(
      "square_decay", \.squareDecay,
      "The average of squared gradients in rmsprop (null: 0.99) and adadelta (null: 0.9).",
      allowed: 0.0..<1.0)
    Setting(
      "epsilon", \.epsilon, "What keeps quotients finite; null for the method's own default.", allowed: 0.0...)
    Setting("centered", \.isCentered, "Whether rmsprop takes squares about the mean gradient.")
    Setting("initial_sum", \.initialSum, "The sum of squares that adagrad begins with.", allowed: 0.0...)
    Setting("momentum_decay", \.momentumDecay, "How fast nadam's momentum grows.", allowed: 0.0...)
    Setting("trust", \.trust, "The factor of lars's trust ratio.", allowed: Above(0.0))
    Setting(
      "inner_steps", \.entropy.innerSteps, "Steps of entropy-sgd's dynamics before its centre moves.",
      allowed: 1...1_000_000_000)
    Setting("inner_rate", \.entropy.innerRate, "Their learning rate.", allowed: Above(0.0))
    Setting("gamma", \.entropy.gamma, "How strongly they are drawn to the centre.", allowed: 0.0...)
    Setting("gamma_growth", \.entropy.scoping, "By what share gamma grows when the centre moves.", allowed: 0.0...)
    Setting("noise", \.entropy.noise, "The scale of their noise.", allowed: 0.0...)
    Setting("inner_averaging", \.entropy.averaging, "The newest point's weight in their mean.", allowed: 0.0...1.0)
    Setting("radius", \.radius, "How far sam (null: 0.05) and asam (null: 0.5) ascend.", allowed: 0.0...)
    Setting("stabilizer", \.stabilizer, "What asam adds to the parameters' magnitudes.", allowed: 0.0...)
    Setting(
      "interval", \.interval, "Steps between svrg's snapshots (null: 100) or k-fac's estimates (null: 5).",
      allowed: 1...1_000_000_000)
    Setting("target", \.target, "The least value that polyak hopes for.")
    Setting("step_form", \.stepForm, "Which of barzilai-borwein's steps is made.")
    Setting("search", \.search, "The line search; automatic is armijo for line-search, strong-wolfe for l-bfgs.")
    Setting("history", \.history, "The pairs that l-bfgs remembers.", allowed: 1...1000)
    Setting(
      "damping", \.damping,
      "What is added to curvature; null: 0 for newton, 1 for hessian-free and 0.03 for k-fac, at first.",
      allowed: 0.0...)
    Setting(
      "cg_iterations", \.hessianFree.iterations, "The most products that hessian-free makes in a step.",
      allowed: 1...1_000_000_000)
    Setting(
      "cg_progress", \.hessianFree.progress, "The relative gain, an iteration, below which they end.", allowed: 0.0...)
    Setting(
      "curvature_share", \.hessianFree.curvatureShare,
      "The share of a step's examples that hessian-free takes the Gauss-Newton matrix over.", allowed: 0.001...1)
    Setting("factor_decay", \.factorDecay, "The most that the past weighs in k-fac's factors.", allowed: 0.0..<1.0)
    Setting("weight_decay", \.weightDecay, "The factor lambda of the decay.", allowed: 0.0...)
    Setting(
      "decoupled_decay", \.isDecayDecoupled, "Whether weights shrink beside the step (AdamW) and not by the gradient.")
    Setting("clip_norm", \.clipNorm, "A bound on the gradient's norm; null for none.", allowed: Above(0.0))
    Setting("averaging", \.averaging, "Which average of the parameters is evaluated; none for the last ones.")
    Setting("average_start", \.averageStart, "The first step after which swa averages.", allowed: 1...1_000_000_000)
    Setting("average_every", \.averageEvery, "The steps from one to the next.", allowed: 1...1_000_000_000)
    Setting("average_decay", \.averageDecay, "How much of its average ema keeps.", allowed: 0.0..<1.0)
  }

  /// The components that these settings pick.
  private var chosen: [Component] {
    let method = OptimizerCatalogue.component(method.rawValue)
    let usesBase = method?.settings.contains { $0.name == "base" } ?? false
    let names = (usesBase ? [base.rawValue] : []) + (averaging == .none ? [] : [averaging.rawValue])
    return [method].compactMap { $0 } + names.compactMap(OptimizerCatalogue.component)
  }

  /// A setting that was changed and that the method does not use.
  public var conflict: String? {
    let used = Set(chosen.flatMap(\.settings).map(\.name)).union(["method", "averaging"])
    guard let stray = differenceFromDefaults.first(where: { !used.contains($0.key) }) else { return nil }
    let owners = OptimizerCatalogue.components.filter { $0.settings.contains { $0.name == stray.key } }.map(\.name)
    return
      "\(stray.key) is \(stray.value), which \(chosen.map(\.name).joined(separator: " with ")) does not use; it belongs "
      + "to \(owners.joined(separator: ", "))"
  }

  /// How steps scale with the gradient, which single parameters' learning rates depend on; `nil` for methods that take none.
  public var updateRule: UpdateRule? {
    switch method {
    case .gradientDescent, .momentum, .heavyBall, .nesterov, .acceleratedGradient: .proportional
    case .adaGrad, .rmsProp, .adaDelta, .adam, .amsGrad, .adamW, .nAdam: .normalized
    case .sam, .asam, .svrg:
      switch base {
      case .gradientDescent, .momentum, .heavyBall, .nesterov: .proportional
      case .adaGrad, .rmsProp, .adaDelta, .adam, .amsGrad, .adamW, .nAdam: .normalized
      case .lars, .lamb: nil
      }
    default: nil
    }
  }
}
