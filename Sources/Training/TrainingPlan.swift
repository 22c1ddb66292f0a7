public import Optimizers
public import Tensors

/// How long to train and with what rates.
public struct TrainingPlan: Hashable, Codable, Sendable {
  /// The number of updates after which training is complete.
  public var steps: Int
  /// The learning rates.
  public var schedule: Schedule
  /// The bound on gradients.
  public var clipping: GradientClipping
  /// What ends training before its last step.
  public var stopping: StoppingCriteria

  /// Creates a plan.
  public init(
    steps: Int, schedule: Schedule, clipping: GradientClipping = .none, stopping: StoppingCriteria = StoppingCriteria()
  ) {
    self.steps = steps
    self.schedule = schedule
    self.clipping = clipping
    self.stopping = stopping
  }
}

/// What ends training before its last step (`nil` where a criterion is not used), and what is called divergence.
///
/// Training has diverged when
/// - a step's loss is not finite, or
/// - a step's loss exceeds `divergenceFactor` times the first step's or, if that is larger, times `lossScale`, unless both
///   are zero: training ends there, or
/// - all steps were made and the loss is then above `finalFactor` times the same. In stochastic training the batch that would come next must say so, and the whole objective confirm it.
///
/// The third asks where training led and not how high it went on the way, so that a start with too large a rate may be
/// made up for; the scale keeps fine-tuning, which begins with next to no loss, from being called divergence.
public struct StoppingCriteria: Hashable, Codable, Sendable {
  /// Stop when the gradient's Euclidean norm is at most this.
  public var gradientNorm: Double?
  /// Stop when the loss is at most this.
  public var loss: Double?
  /// The multiple of the first step's loss, or of `lossScale`, at which training is ended as divergent.
  public var divergenceFactor: Double?
  /// The multiple of the same above which completed training is divergent.
  public var finalFactor: Double?
  /// A loss that is no sign of divergence, such as that of guessing.
  public var lossScale: Double

  /// Creates criteria; by default training ends early only when the loss is not finite.
  public init(
    gradientNorm: Double? = nil, loss: Double? = nil, divergenceFactor: Double? = nil, finalFactor: Double? = 10,
    lossScale: Double = 0
  ) {
    self.gradientNorm = gradientNorm
    self.loss = loss
    self.divergenceFactor = divergenceFactor
    self.finalFactor = finalFactor
    self.lossScale = lossScale
  }
}

/// How training ended. Divergence is a result, not an error.
public enum TrainingOutcome: Hashable, Codable, Sendable {
  /// All steps were made.
  case completed
  /// The loss fell to its target before this step's update.
  case reachedLoss(step: Int)
  /// The gradient's norm fell to its target before this step's update.
  case reachedGradientNorm(step: Int)
  /// The loss before this step's update was not finite or had grown too far; or it was too high after the last, and so at
  /// this step for the first time: see `StoppingCriteria`.
  case diverged(step: Int)
  /// It was told to stop before this step's update; the state goes on from there.
  case cancelled(step: Int)
}

/// What the caller does while training goes. None of it changes a number.
public struct TrainingHooks<Element: Scalar> {
  /// Asked before every step; `true` ends training with `cancelled`.
  public var isCancelled: () -> Bool = { false }
  /// The steps at which a checkpoint is due, besides `checkpointInterval`. Never at the step training starts from.
  public var checkpointOccasions = Occasions.never
  /// The time after which a checkpoint is due.
  public var checkpointInterval: Duration?
  /// Keeps a checkpoint; it is given the state before a step, and what it throws ends training.
  public var checkpoint: (TrainingState<Element>) throws -> Void = { _ in }
  /// Told after every evaluation: the step and its loss.
  public var progress: (_ step: Int, _ loss: Double) -> Void = { _, _ in }

  /// Creates hooks that do nothing.
  public init() {}
}

extension StoppingCriteria {
  func ending<Element>(
    at state: TrainingState<Element>, loss: Double, gradient: [Element]
  ) -> TrainingOutcome? {
    if !loss.isFinite { return .diverged(step: state.step) }
    if let factor = divergenceFactor, let initial = state.initialLoss {
      let scale = max(initial, lossScale)
      if scale > 0, loss > factor * scale { return .diverged(step: state.step) }
    }
    if let target = self.loss, loss <= target { return .reachedLoss(step: state.step) }
    if let target = gradientNorm, Double(gradient.norm) <= target { return .reachedGradientNorm(step: state.step) }
    return nil
  }

  /// Whether training that ends with such a loss has diverged.
  func isTooHighToEnd(_ loss: Double, initial: Double?) -> Bool {
    guard let finalFactor, let initial else { return false }
    let bound = finalFactor * max(initial, lossScale)
    return bound > 0 && !(loss <= bound)
  }
}
