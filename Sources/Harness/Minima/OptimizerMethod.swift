/// The methods of descent, by their names in `OptimizerCatalogue`.
public enum OptimizerMethod: String, CaseIterable, Sendable {
  /// p <- p - rate g.
  case gradientDescent = "gradient-descent"
  /// `MomentumSGD`.
  case momentum
  /// `HeavyBall`.
  case heavyBall = "heavy-ball"
  /// Nesterov's form of momentum.
  case nesterov
  /// `AcceleratedGradient`.
  case acceleratedGradient = "accelerated-gradient"
  /// `AdaGrad`.
  case adaGrad = "adagrad"
  /// `RMSProp`.
  case rmsProp = "rmsprop"
  /// `AdaDelta`.
  case adaDelta = "adadelta"
  /// `Adam`.
  case adam
  /// Adam with the largest mean of squares.
  case amsGrad = "amsgrad"
  /// Adam with decoupled decay.
  case adamW = "adamw"
  /// `NAdam`.
  case nAdam = "nadam"
  /// `LARS`.
  case lars
  /// `LAMB`.
  case lamb
  /// `EntropySGD`.
  case entropySGD = "entropy-sgd"
  /// `SharpnessAware`.
  case sam
  /// `SharpnessAware`, adaptive.
  case asam
  /// `VarianceReduced`.
  case svrg
  /// `GradientFlow`.
  case gradientFlow = "gradient-flow"
  /// `PolyakStep`.
  case polyak
  /// `BarzilaiBorwein`.
  case barzilaiBorwein = "barzilai-borwein"
  /// `LineSearchDescent`.
  case lineSearch = "line-search"
  /// `LBFGS`.
  case lBFGS = "l-bfgs"
  /// `Newton`.
  case newton
  /// `Newton` with absolute eigenvalues.
  case saddleFreeNewton = "saddle-free-newton"
  /// `HessianFree`.
  case hessianFree = "hessian-free"
  /// `KFAC`.
  case kFAC = "k-fac"
}

extension OptimizerMethod {
  /// Whether it asks for a Hessian, a Gauss-Newton matrix or factors of it.
  var usesCurvature: Bool {
    switch self {
    case .newton, .saddleFreeNewton, .hessianFree, .kFAC: true
    default: false
    }
  }

  /// The learning rate where none is given: 1 for methods that find the length of their steps themselves.
  var automaticRate: Double {
    switch self {
    case .polyak, .lineSearch, .lBFGS: 1
    default: usesCurvature ? 1 : ScheduleSettings.usualRate
    }
  }
}

/// The methods that need nothing but the gradient, of which others make use.
public enum BaseMethod: String, CaseIterable, Sendable {
  /// p <- p - rate g.
  case gradientDescent = "gradient-descent"
  /// `MomentumSGD`.
  case momentum
  /// `HeavyBall`.
  case heavyBall = "heavy-ball"
  /// Nesterov's form of momentum.
  case nesterov
  /// `AdaGrad`.
  case adaGrad = "adagrad"
  /// `RMSProp`.
  case rmsProp = "rmsprop"
  /// `AdaDelta`.
  case adaDelta = "adadelta"
  /// `Adam`.
  case adam
  /// Adam with the largest mean of squares.
  case amsGrad = "amsgrad"
  /// Adam with decoupled decay.
  case adamW = "adamw"
  /// `NAdam`.
  case nAdam = "nadam"
  /// `LARS`.
  case lars
  /// `LAMB`.
  case lamb
}

/// Whether parameters are averaged beside the method, and how.
public enum AveragingRule: String, CaseIterable, Sendable {
  /// None.
  case none
  /// The arithmetic mean.
  case swa
  /// The mean that forgets.
  case ema
}

/// The forms of Barzilai and Borwein's step.
public enum StepForm: String, CaseIterable, Sendable {
  /// s's / s'y.
  case long
  /// s'y / y'y.
  case short
}

/// The line searches; `automatic` is the method's own.
public enum SearchRule: String, CaseIterable, Sendable {
  /// The method's own.
  case automatic
  /// None.
  case none
  /// Armijo's rule.
  case armijo
  /// The strong Wolfe conditions.
  case strongWolfe = "strong-wolfe"
}
