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

/// What ends training before its last step; `nil` where a criterion is not used.
public struct StoppingCriteria: Hashable, Codable, Sendable {
  /// Stop when the gradient's Euclidean norm is at most this.
  public var gradientNorm: Double?
  /// Stop when the loss is at most this.
  public var loss: Double?
  /// Call it divergence when the loss exceeds this multiple of the first step's loss, if that was above zero. A loss
  /// that is not finite is always divergence.
  public var divergenceFactor: Double?

  /// Creates criteria; by default only a loss that is not finite ends training.
  public init(gradientNorm: Double? = nil, loss: Double? = nil, divergenceFactor: Double? = nil) {
    self.gradientNorm = gradientNorm
    self.loss = loss
    self.divergenceFactor = divergenceFactor
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
  /// The loss before this step's update was not finite or had grown too far.
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
    if let factor = divergenceFactor, let initial = state.initialLoss, initial > 0, loss > factor * initial {
      return .diverged(step: state.step)
    }
    if let target = self.loss, loss <= target { return .reachedLoss(step: state.step) }
    if let target = gradientNorm, Double(gradient.norm) <= target { return .reachedGradientNorm(step: state.step) }
    return nil
  }
}
