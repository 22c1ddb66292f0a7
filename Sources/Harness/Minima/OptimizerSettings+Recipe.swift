public import Optimizers

extension OptimizerSettings {
  /// The method to be made.
  public var recipe: DescentRecipe {
    switch averaging {
    case .none: unaveraged
    case .swa: .averaged(unaveraged, .arithmetic(start: averageStart, every: averageEvery))
    case .ema: .averaged(unaveraged, .exponential(decay: averageDecay))
    }
  }

  private var unaveraged: DescentRecipe {
    switch method {
    case .acceleratedGradient: .optimizer(.acceleratedGradient(weightDecay: decay))
    case .entropySGD: .optimizer(.entropySGD(entropy))
    case .sam: .sharpnessAware(optimizer(base), radius: radius ?? 0.05)
    case .asam: .sharpnessAware(optimizer(base), radius: radius ?? 0.5, stabilizer: stabilizer)
    case .svrg: .varianceReduced(optimizer(base), interval: interval ?? 100)
    case .gradientFlow: .gradientFlow
    case .polyak: .polyak(target: target)
    case .barzilaiBorwein: .barzilaiBorwein(isShort: stepForm == .short)
    case .lineSearch: .lineSearch(lineSearch(automatic: .armijo()))
    case .lBFGS: .lBFGS(history: history, search: lineSearch(automatic: .strongWolfe()))
    case .newton: .newton(damping: damping ?? 0)
    case .saddleFreeNewton: .newton(damping: damping ?? 0, isSaddleFree: true)
    case .hessianFree: .hessianFree(hessianFreeConstants)
    case .kFAC: .kfac(kroneckerConstants)
    default: BaseMethod(rawValue: method.rawValue).map { .optimizer(optimizer($0)) } ?? .optimizer(.gradientDescent())
    }
  }

  private func optimizer(_ method: BaseMethod) -> OptimizerRecipe {
    switch method {
    case .gradientDescent: .gradientDescent(weightDecay: decay)
    case .momentum: .momentum(momentum, weightDecay: decay)
    case .heavyBall: .heavyBall(momentum, weightDecay: decay)
    case .nesterov: .momentum(momentum, isNesterov: true, weightDecay: decay)
    case .adaGrad: .adaGrad(epsilon: epsilon ?? 1e-10, initialSum: initialSum, weightDecay: decay)
    case .rmsProp:
      .rmsProp(
        decay: squareDecay ?? 0.99, epsilon: epsilon ?? 1e-8, momentum: rmsMomentum, isCentered: isCentered,
        weightDecay: decay)
    case .adaDelta: .adaDelta(decay: squareDecay ?? 0.9, epsilon: epsilon ?? 1e-6, weightDecay: decay)
    case .adam: .adam(beta1: beta1, beta2: beta2, epsilon: epsilon ?? 1e-8, weightDecay: decay)
    case .amsGrad: .adam(beta1: beta1, beta2: beta2, epsilon: epsilon ?? 1e-8, isAMSGrad: true, weightDecay: decay)
    case .adamW: .adamW(beta1: beta1, beta2: beta2, epsilon: epsilon ?? 1e-8, decay: weightDecay)
    case .nAdam:
      .nAdam(
        beta1: beta1, beta2: beta2, epsilon: epsilon ?? 1e-8, momentumDecay: momentumDecay, weightDecay: decay)
    case .lars: .lars(momentum: momentum, trust: trust, weightDecay: decay)
    case .lamb: .lamb(beta1: beta1, beta2: beta2, epsilon: epsilon ?? 1e-6, weightDecay: decay)
    }
  }

  private var decay: WeightDecay {
    weightDecay == 0 ? .none : isDecayDecoupled ? .decoupled(weightDecay) : .coupled(weightDecay)
  }

  private func lineSearch(automatic: LineSearch) -> LineSearch {
    switch search {
    case .automatic: automatic
    case .none: .none
    case .armijo: .armijo()
    case .strongWolfe: .strongWolfe()
    }
  }

  private var hessianFreeConstants: HessianFreeConstants {
    var constants = hessianFree
    if let damping { constants.damping = damping }
    return constants
  }

  private var kroneckerConstants: KroneckerConstants {
    var constants = KroneckerConstants()
    if let damping { constants.damping = damping }
    if let interval { constants.interval = interval }
    constants.decay = factorDecay
    return constants
  }
}
