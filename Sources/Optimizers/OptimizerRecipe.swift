public import Tensors

/// An optimizer to be made: its kind and its constants, without the number type and the number of parameters.
public enum OptimizerRecipe: Hashable, Codable, Sendable {
  /// `GradientDescent`.
  case gradientDescent(weightDecay: WeightDecay = .none)
  /// `MomentumSGD`.
  case momentum(Double = 0.9, isNesterov: Bool = false, weightDecay: WeightDecay = .none)
  /// `Adam`.
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: WeightDecay = .none)

  /// Adam with decoupled weight decay; the default is PyTorch's.
  public static func adamW(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double = 0.01
  ) -> OptimizerRecipe {
    .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: .decoupled(decay))
  }

  /// A fresh optimizer for `dimension` parameters.
  public func make<Element: Scalar>(dimension: Int, as type: Element.Type = Element.self) -> any Optimizer<Element> {
    switch self {
    case .gradientDescent(let weightDecay):
      GradientDescent<Element>(dimension: dimension, weightDecay: weightDecay)
    case .momentum(let momentum, let isNesterov, let weightDecay):
      MomentumSGD<Element>(dimension: dimension, momentum: momentum, isNesterov: isNesterov, weightDecay: weightDecay)
    case .adam(let beta1, let beta2, let epsilon, let weightDecay):
      Adam<Element>(dimension: dimension, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
    }
  }
}
