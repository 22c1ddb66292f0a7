public import Datasets
internal import Foundation
public import Networks
internal import Optimizers
public import Tensors
public import Training

extension Recipe {
  /// How long to train and with what rates; without batches an epoch is a step. Divergence is measured by the first loss,
  /// or by that of guessing if it is larger.
  public func plan(for data: SplitDataset, sampler: BatchSampler?) -> TrainingPlan {
    TrainingPlan(
      steps: steps,
      schedule: schedule.schedule(
        steps: steps, stepsPerEpoch: sampler?.batchesPerEpoch ?? 1, automaticRate: optimizer.method.automaticRate),
      clipping: optimizer.clipNorm.map { .globalNorm($0) } ?? .none,
      stopping: StoppingCriteria(
        gradientNorm: targetGradientNorm, loss: targetLoss, lossScale: guessingLoss(classes: data.train.classCount)))
  }

  /// The state before the first step: the optimizer knows the network's layers and the learning rates of its
  /// parameterization.
  ///
  /// - Parameters:
  ///   - start: the parameters
  ///   - sampler: the batches; `nil` for full-batch training
  ///   - key: what the method's own noise is drawn with
  public func trainingState<Element: Scalar>(
    from start: [Element], of network: Network, sampler: BatchSampler?, key: Key
  ) -> TrainingState<Element> {
    TrainingState(
      parameters: start, recipe: optimizer.recipe, sampler: sampler, blocks: network.layout.blocks.map(\.range),
      learningRateFactors: optimizer.updateRule.flatMap { network.learningRateFactors(for: $0) },
      key: key.child("optimizer"))
  }

  /// The loss of outputs that are all zero.
  public func guessingLoss(classes: Int) -> Double {
    let count = Double(max(1, classes))
    return switch loss {
    case .crossEntropy: log(count)
    case .meanSquaredError: 1 / count
    case .logistic: count * log(2)
    case .hinge: 1
    }
  }

  /// Why the method does not go with the network or the loss, or `nil`.
  var optimizerConflict: String? {
    if optimizer.method == .kFAC, !loss.hasLikelihood {
      return "optimizer.method k-fac draws labels from the model, and the loss \(loss.rawValue) is no likelihood"
    }
    if optimizer.method == .kFAC, network.design.weightNormalization != .none {
      return "optimizer.method k-fac has no factors for weights that network.weight_normalization "
        + "\(network.design.weightNormalization.rawValue) computes from others; choose another method"
    }
    if network.design.dropout > 0, optimizer.method.usesCurvature {
      return "network.dropout is \(network.design.dropout), but optimizer.method \(optimizer.method.rawValue) takes "
        + "curvature with all units; set it to 0 or choose another method"
    }
    if network.design.parameterization == .maximalUpdate, optimizer.updateRule == nil {
      return "network.parameterization mup gives single parameters their own learning rates, which the optimizer "
        + "\(optimizer.method.rawValue) does not take"
    }
    return nil
  }
}
