public import Configuration
public import Networks

/// The parameters that an L2 term is about.
public enum PenalizedParameters: String, CaseIterable, Sendable {
  /// All of them.
  case all
  /// Neither biases nor the scales and shifts of normalization.
  case weights
}

/// All that a trained minimum depends on, besides its seed: network, data, loss, optimizer, schedule, and how long.
///
/// It is a section of an experiment's configuration. Two experiments that ask for the same recipe and seed share one
/// minimum.
public struct Recipe: Configurable {
  /// The network.
  public var network = NetworkSettings()
  /// The data.
  public var data = DataSettings()
  /// The loss of one example; the mean over the training set is what is minimized.
  public var loss = Loss.crossEntropy
  /// The share of a label's target that goes to all classes alike.
  public var labelSmoothing = 0.0
  /// lambda of (lambda/2) |theta|^2, which is added to the loss.
  public var l2 = 0.0
  /// The parameters whose squares it adds up.
  public var l2Range = PenalizedParameters.all
  /// The method.
  public var optimizer = OptimizerSettings()
  /// The learning rates.
  public var schedule = ScheduleSettings()
  /// The number of updates.
  public var steps = 2000
  /// Examples in a batch; `nil` for all of them in every step.
  public var batchSize: Int? = 64
  /// Training ends when the loss of a step falls to this.
  public var targetLoss: Double?
  /// Training ends when the gradient's norm falls to this.
  public var targetGradientNorm: Double?

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Section("network", \.network, "The network.")
    Section("data", \.data, "What it is trained and tested on.")
    Setting("loss", \.loss, "The loss of one example; landscape list losses describes them.")
    Setting(
      "label_smoothing", \.labelSmoothing, "The share of a label's target that goes to all classes alike.",
      allowed: 0.0..<1.0)
    Setting(
      "l2", \.l2, "The factor lambda of lambda/2 times the sum of squared parameters, a part of the loss.",
      allowed: 0.0...)
    Setting("l2_range", \.l2Range, "Which parameters: all, or weights, that is neither biases nor scales of norms.")
    Section("optimizer", \.optimizer, "The method.")
    Section("schedule", \.schedule, "The learning rates.")
    Setting("steps", \.steps, "Updates.", allowed: 0...100_000_000)
    Setting(
      "batch_size", \.batchSize, "Examples in a batch; null for all of them in every step.", allowed: 1...1_000_000_000)
    Setting("target_loss", \.targetLoss, "Training ends when the loss of a step falls to this.", allowed: 0.0...)
    Setting(
      "target_gradient_norm", \.targetGradientNorm, "Training ends when the norm of a step's gradient falls to this.",
      allowed: 0.0...)
  }

  /// A warm-up longer than training, a network that the data, the loss or the optimizer don't fit, or an augmentation
  /// without batches.
  public var conflict: String? {
    schedule.conflict(steps: steps) ?? networkConflict ?? optimizerConflict ?? augmentationConflict
  }
}
