public import Configuration
public import Optimizers
public import Training

/// The methods of training, by name.
public enum OptimizerMethod: String, CaseIterable, Sendable {
  /// Gradient descent, or SGD where there are batches.
  case gradientDescent = "gradient-descent"
  /// With momentum.
  case momentum
  /// Nesterov's form of momentum.
  case nesterov
  /// Adam.
  case adam
}

/// The method and its constants.
public struct OptimizerSettings: Configurable {
  /// The method.
  public var method = OptimizerMethod.momentum
  /// The share of the last step that is kept, for momentum and nesterov.
  public var momentum = 0.9
  /// Adam's average of gradients.
  public var beta1 = 0.9
  /// Adam's average of squares.
  public var beta2 = 0.999
  /// Weight decay lambda.
  public var weightDecay = 0.0
  /// Whether the decay acts beside the step instead of in the gradient.
  public var isDecayDecoupled = false
  /// A bound on the gradient's norm.
  public var clipNorm: Double?

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("method", \.method, "The method; with batches, gradient-descent is SGD.")
    Setting("momentum", \.momentum, "The share of the last step that is kept.", allowed: 0.0..<1.0)
    Setting("beta1", \.beta1, "Adam's average of gradients.", allowed: 0.0..<1.0)
    Setting("beta2", \.beta2, "Adam's average of squared gradients.", allowed: 0.0..<1.0)
    Setting("weight_decay", \.weightDecay, "The factor lambda of the decay.", allowed: 0.0...)
    Setting(
      "decoupled_decay", \.isDecayDecoupled, "Whether weights shrink beside the step (AdamW) and not by the gradient.")
    Setting("clip_norm", \.clipNorm, "A bound on the gradient's norm; null for none.", allowed: Above(0.0))
  }

  /// The optimizer to be made.
  public var recipe: OptimizerRecipe {
    let decay: WeightDecay =
      weightDecay == 0 ? .none : isDecayDecoupled ? .decoupled(weightDecay) : .coupled(weightDecay)
    return switch method {
    case .gradientDescent: .gradientDescent(weightDecay: decay)
    case .momentum: .momentum(momentum, weightDecay: decay)
    case .nesterov: .momentum(momentum, isNesterov: true, weightDecay: decay)
    case .adam: .adam(beta1: beta1, beta2: beta2, weightDecay: decay)
    }
  }
}

/// The shapes of learning rates over training.
public enum ScheduleKind: String, CaseIterable, Sendable {
  /// The same always.
  case constant
  /// A straight line to the final rate.
  case linear
  /// Half a cosine to the final rate.
  case cosine
  /// Multiplied by a factor every so many steps.
  case step
}

/// The learning rates.
public struct ScheduleSettings: Configurable {
  /// The shape.
  public var kind = ScheduleKind.cosine
  /// The first rate after the warm-up.
  public var learningRate = 0.05
  /// The last rate as a share of the first.
  public var finalShare = 0.0
  /// Steps over which the rate rises from zero.
  public var warmUpSteps = 0
  /// The factor of `step`.
  public var stepFactor = 0.1
  /// The steps between its falls.
  public var stepEvery = 1000

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("kind", \.kind, "How the rate changes over training.")
    Setting("learning_rate", \.learningRate, "The first rate, after the warm-up.", allowed: Above(0.0))
    Setting(
      "final_share", \.finalShare, "The last rate of linear and cosine, as a share of the first.", allowed: 0.0...1.0)
    Setting("warm_up_steps", \.warmUpSteps, "Steps over which the rate rises linearly from zero.", allowed: 0...)
    Setting("step_factor", \.stepFactor, "What the rate of step is multiplied by.", allowed: 0.0...1.0)
    Setting("step_every", \.stepEvery, "The steps between the falls of step.", allowed: 1...)
  }

  func conflict(steps: Int) -> String? {
    warmUpSteps > steps ? "warm_up_steps is \(warmUpSteps), but there are only \(steps) steps" : nil
  }

  /// The schedule over so many steps.
  public func schedule(steps: Int) -> Schedule {
    let end = learningRate * finalShare
    let schedule: Schedule =
      switch kind {
      case .constant: .constant(learningRate)
      case .linear: .linear(from: learningRate, to: end, steps: steps)
      case .cosine: .cosine(from: learningRate, to: end, steps: steps)
      case .step: .step(from: learningRate, factor: stepFactor, every: stepEvery)
      }
    return warmUpSteps > 0 ? schedule.warmedUp(over: warmUpSteps) : schedule
  }
}

extension Recipe {
  /// How long to train and with what rates.
  public var plan: TrainingPlan {
    TrainingPlan(
      steps: steps, schedule: schedule.schedule(steps: steps),
      clipping: optimizer.clipNorm.map { .globalNorm($0) } ?? .none,
      stopping: StoppingCriteria(gradientNorm: targetGradientNorm, loss: targetLoss))
  }
}
