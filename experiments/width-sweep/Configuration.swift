public import Configuration
public import Harness
internal import Networks

/// What one run measures: one network of one width from its start to its end.
public struct WidthSweepSettings: Configurable {
  /// How the network is trained.
  public var training = Recipe()
  /// The width; `nil` for what the network's own settings say.
  public var width: Int?
  /// The training loss at which the network counts as fitted.
  public var fitLoss = 0.1
  /// Measurements in each decade of steps.
  public var perDecade = 4
  /// Examples of the empirical kernel.
  public var kernelExamples = 0
  /// Whether the file keeps them with their kernels, and the weights.
  public var keepsKernel = false
  /// Test examples on which the linearization is followed.
  public var linearizedExamples = 0
  /// Examples on which the units' changes are followed.
  public var activationExamples = 0
  /// Whether dead units are counted.
  public var countsDead = true
  /// Whether the largest eigenvalue is computed.
  public var hasSharpness = false
  /// Points of the line to a second network.
  public var barrierPoints = 0
  /// Further trainings from other starts.
  public var restarts = 0
  /// Lines and planes through the end.
  public var slices = SliceSettings()

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Section("training", \.training, "The network and its training.")
    Setting(
      "width", \.width,
      "The width: each of training.network.hidden, or training.network.width, becomes this. null leaves them.",
      allowed: 1...1_000_000)
    Setting(
      "fit_loss", \.fitLoss, "The training loss at which a network counts as fitted, a restart as a success.",
      allowed: 0.0...)
    Setting("per_decade", \.perDecade, "Measurements in a decade of steps.", allowed: 1...1000)
    Setting(
      "kernel_examples", \.kernelExamples,
      "Training examples on which the empirical tangent kernel is followed; 0 for none.", allowed: 0...100_000)
    Setting(
      "keep_kernel", \.keepsKernel,
      "Whether the file keeps these examples, their kernels at start and end, and the weights there.")
    Setting(
      "linearized_examples", \.linearizedExamples,
      "Test examples on which the network is compared with its linearization; 0 for none. It takes gradient descent on all "
        + "examples, a constant rate and mean-squared-error.",
      allowed: 0...100_000)
    Setting(
      "activation_examples", \.activationExamples,
      "Training examples on which the changes of each layer's units are followed; 0 for none.", allowed: 0...1_000_000)
    Setting("dead_units", \.countsDead, "Whether ReLU units that no training example activates are counted.")
    Setting("sharpness", \.hasSharpness, "Whether the Hessian's largest eigenvalue is found at start and end.")
    Setting(
      "barrier_points", \.barrierPoints,
      "Points of the straight line to a network from another start; 0 for no such network.", allowed: 0...10_001)
    Setting(
      "restarts", \.restarts, "Further trainings from other starts, of which the final losses are kept.",
      allowed: 0...1_000_000)
    Section("slices", \.slices, "Losses and errors along lines and on planes through the end of training.")
  }

  /// The training at this width.
  public var recipe: Recipe {
    guard let width else { return training }
    var recipe = training
    if training.network.design.architecture.publishedWidth == nil {
      recipe.network.hidden = training.network.hidden.map { _ in width }
    } else {
      recipe.network.design.width = width
    }
    return recipe
  }

  /// What the width makes impossible, and a linearization of what is no gradient descent.
  public var conflict: String? {
    if let width, training.network.design.architecture.publishedWidth == nil, training.network.hidden.isEmpty {
      return "width is \(width), but training.network.hidden is [], and there is nothing to widen"
    }
    if barrierPoints == 1 || barrierPoints == 2 {
      return "barrier_points is \(barrierPoints), but a line has 3 points or more, or 0 for none"
    }
    if keepsKernel, kernelExamples == 0 { return "keep_kernel is true, but kernel_examples is 0" }
    return recipe.conflict ?? linearizedConflict ?? recipe.batchConflict("kernel_examples", kernelExamples)
      ?? recipe.batchConflict("activation_examples", activationExamples)
  }

  private var linearizedConflict: String? {
    guard linearizedExamples > 0 else { return nil }
    let mend = "set linearized_examples to 0 or change it"
    if training.loss != .meanSquaredError { return "training.loss is \(training.loss.rawValue), \(followed); \(mend)" }
    if training.optimizer.method != .gradientDescent || training.optimizer.weightDecay != 0
      || training.optimizer.clipNorm != nil || training.optimizer.averaging != .none || training.l2 != 0
    {
      return "training.optimizer or training.l2 is more than gradient-descent, \(followed); \(mend)"
    }
    if training.batchSize != nil { return "training.batch_size is set, \(followed); \(mend)" }
    if training.schedule.kind != .constant || training.schedule.warmUpSteps > 0 {
      return "training.schedule is not constant, \(followed); \(mend)"
    }
    return training.network.design.parameterization == .maximalUpdate
      ? "training.network.parameterization is mup, \(followed); \(mend)" : nil
  }

  private var followed: String {
    "but the linearization is followed by gradient descent on all examples with mean-squared-error and one constant rate"
  }
}
