public import Tensors

/// An optimizer to be made: its kind and its constants, without the number type and the number of parameters.
public enum OptimizerRecipe: Hashable, Codable, Sendable {
  /// `GradientDescent`.
  case gradientDescent(weightDecay: WeightDecay = .none)
  /// `MomentumSGD`.
  case momentum(Double = 0.9, isNesterov: Bool = false, weightDecay: WeightDecay = .none)
  /// `HeavyBall`.
  case heavyBall(Double = 0.9, weightDecay: WeightDecay = .none)
  /// `AcceleratedGradient`.
  case acceleratedGradient(weightDecay: WeightDecay = .none)
  /// `AdaGrad`.
  case adaGrad(epsilon: Double = 1e-10, initialSum: Double = 0, weightDecay: WeightDecay = .none)
  /// `RMSProp`.
  case rmsProp(
    decay: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, isCentered: Bool = false,
    weightDecay: WeightDecay = .none)
  /// `AdaDelta`.
  case adaDelta(decay: Double = 0.9, epsilon: Double = 1e-6, weightDecay: WeightDecay = .none)
  /// `Adam`.
  case adam(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, isAMSGrad: Bool = false,
    weightDecay: WeightDecay = .none)
  /// `NAdam`.
  case nAdam(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, momentumDecay: Double = 4e-3,
    weightDecay: WeightDecay = .none)
  /// `LARS`.
  case lars(momentum: Double = 0.9, trust: Double = 1e-3, weightDecay: WeightDecay = .none)
  /// `LAMB`.
  case lamb(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6, weightDecay: WeightDecay = .none)
  /// `EntropySGD`.
  case entropySGD(EntropyConstants = .init())

  /// Adam with decoupled weight decay; the default is PyTorch's.
  public static func adamW(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double = 0.01
  ) -> OptimizerRecipe {
    .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: .decoupled(decay))
  }

  /// A fresh optimizer for `dimension` parameters.
  ///
  /// `blocks` are the layers' places in order, for methods that scale each layer by itself (by default all parameters are
  /// one); `key` is what methods with noise of their own draw it with.
  public func make<Element: Scalar>(
    dimension: Int, blocks: [Range<Int>]? = nil, key: Key = Key(seed: 0), as type: Element.Type = Element.self
  ) -> any Optimizer<Element> {
    switch self {
    case .gradientDescent(let decay): GradientDescent<Element>(dimension: dimension, weightDecay: decay)
    case .momentum(let momentum, let isNesterov, let decay):
      MomentumSGD<Element>(dimension: dimension, momentum: momentum, isNesterov: isNesterov, weightDecay: decay)
    case .heavyBall(let momentum, let decay):
      HeavyBall<Element>(dimension: dimension, momentum: momentum, weightDecay: decay)
    case .acceleratedGradient(let decay): AcceleratedGradient<Element>(dimension: dimension, weightDecay: decay)
    case .adaGrad(let epsilon, let sum, let decay):
      AdaGrad<Element>(dimension: dimension, epsilon: epsilon, initialSum: sum, weightDecay: decay)
    case .rmsProp(let decay, let epsilon, let momentum, let isCentered, let weightDecay):
      RMSProp<Element>(
        dimension: dimension, decay: decay, epsilon: epsilon, momentum: momentum, isCentered: isCentered,
        weightDecay: weightDecay)
    case .adaDelta(let decay, let epsilon, let weightDecay):
      AdaDelta<Element>(dimension: dimension, decay: decay, epsilon: epsilon, weightDecay: weightDecay)
    case .adam(let beta1, let beta2, let epsilon, let isAMSGrad, let decay):
      Adam<Element>(
        dimension: dimension, beta1: beta1, beta2: beta2, epsilon: epsilon, isAMSGrad: isAMSGrad, weightDecay: decay)
    case .nAdam(let beta1, let beta2, let epsilon, let momentumDecay, let decay):
      NAdam<Element>(
        dimension: dimension, beta1: beta1, beta2: beta2, epsilon: epsilon, momentumDecay: momentumDecay,
        weightDecay: decay)
    case .lars(let momentum, let trust, let decay):
      LARS<Element>(dimension: dimension, blocks: blocks, momentum: momentum, trust: trust, weightDecay: decay)
    case .lamb(let beta1, let beta2, let epsilon, let decay):
      LAMB<Element>(
        dimension: dimension, blocks: blocks, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
    case .entropySGD(let constants):
      EntropySGD<Element>(
        dimension: dimension, constants: constants, key: key)
    }
  }
}
