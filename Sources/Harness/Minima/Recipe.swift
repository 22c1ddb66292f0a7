public import Configuration
public import Datasets
public import Networks
public import Optimizers
public import Training

/// How a minimum is made: data, network, loss, and the way down. With a seed it determines the minimum.
public struct Recipe: Configurable {
  /// What is fitted.
  public var data = DataSettings()
  /// What it is fitted with.
  public var network = NetworkSettings()
  /// What is minimized.
  public var loss = Loss.crossEntropy
  /// The method of descent.
  public var optimizer = OptimizerSettings()
  /// The learning rates.
  public var schedule = ScheduleSettings()
  /// Updates.
  public var steps = 3600
  /// Examples in a batch, or `nil` for all of them.
  public var batchSize: Int? = 64
  /// The bound on the gradient's norm, or `nil`.
  public var clipNorm: Double?

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Section("data", \.data, "What is fitted.")
    Section("network", \.network, "What it is fitted with.")
    Setting("loss", \.loss, "What is minimized, as a mean over the examples.")
    Section("optimizer", \.optimizer, "The method of descent.")
    Section("schedule", \.schedule, "The learning rate at each step.")
    Setting("steps", \.steps, "Updates of the parameters.", allowed: 0...100_000_000)
    Setting("batch_size", \.batchSize, "Examples in a batch; null for all of them at once.", allowed: 1...10_000_000)
    Setting(
      "clip_norm", \.clipNorm, "Gradients longer than this are shortened to it; null for none.", allowed: Above(0.0))
  }

  /// How long to train and with what rates.
  public var plan: TrainingPlan {
    TrainingPlan(
      steps: steps, schedule: schedule.schedule(steps: steps), clipping: clipNorm.map { .globalNorm($0) } ?? .none,
      stopping: StoppingCriteria(divergenceFactor: 1e3))
  }
}

/// Which examples are fitted.
public struct DataSettings: Configurable {
  /// The set's name.
  public var name = "digits"
  /// How its inputs are scaled.
  public var scaling = DatasetScaling.standardized
  /// How many of the training examples are used, a sample with the classes' shares; `nil` for all.
  public var trainCount: Int?

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("name", \.name, "The data set.", allowed: DatasetCatalogue.names)
    Setting("scaling", \.scaling, "How inputs are scaled.")
    Setting(
      "train_count", \.trainCount,
      "Training examples, sampled with the classes' shares by the fixed key of seed 0; "
        + "null for all of them.", allowed: 1...100_000_000)
  }
}

/// A multilayer perceptron.
public struct NetworkSettings: Configurable {
  /// Units of each hidden layer.
  public var hidden = [64, 64]
  /// The nonlinearity of the hidden units.
  public var activation = Activation.relu
  /// How weights start; biases start at zero.
  public var initializer = Initializer.kaimingNormal
  /// A factor on the weights at the start.
  public var gain = 1.0

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("hidden", \.hidden, "Units of each hidden layer, first to last.", allowed: 1...65_536)
    Setting("activation", \.activation, "The nonlinearity of the hidden units.")
    Setting("initializer", \.initializer, "How weights are drawn; biases start at zero.")
    Setting("gain", \.gain, "A factor on the weights at the start.", allowed: 0.0...1e6)
  }

  /// The network for a data set.
  public func network(features: Int, classes: Int) -> Network {
    .multilayerPerceptron(
      widths: [features] + hidden + [classes], activation: activation, initializer: initializer, gain: gain)
  }
}

/// The methods of descent by name.
public enum OptimizerMethod: String, CaseIterable, Sendable {
  /// Gradient descent; stochastic with batches.
  case gradientDescent = "gradient-descent"
  /// With momentum.
  case momentum
  /// With Nesterov's momentum.
  case nesterov
  /// Adam.
  case adam
}

/// A method of descent with its constants.
public struct OptimizerSettings: Configurable {
  /// The method.
  public var method = OptimizerMethod.momentum
  /// The factor by which momentum decays.
  public var momentum = 0.9
  /// Adam's decay of the mean.
  public var beta1 = 0.9
  /// Adam's decay of the mean square.
  public var beta2 = 0.999
  /// What Adam adds to the root mean square.
  public var epsilon = 1e-8
  /// The strength of weight decay.
  public var weightDecay = 0.0
  /// Whether the decay bypasses the gradient.
  public var decoupled = false

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("method", \.method, "The method of descent.")
    Setting("momentum", \.momentum, "How momentum decays, for momentum and nesterov.", allowed: 0.0..<1.0)
    Setting("beta1", \.beta1, "Adam's decay of the mean of gradients.", allowed: 0.0..<1.0)
    Setting("beta2", \.beta2, "Adam's decay of the mean of squared gradients.", allowed: 0.0..<1.0)
    Setting("epsilon", \.epsilon, "What Adam adds to the root of the mean square.", allowed: Above(0.0))
    Setting("weight_decay", \.weightDecay, "The strength of weight decay.", allowed: 0.0...1e6)
    Setting(
      "decoupled", \.decoupled, "Whether weight decay shrinks parameters directly instead of adding to the gradient.")
  }

  /// The optimizer to be made.
  public var recipe: OptimizerRecipe {
    let decay: WeightDecay = weightDecay == 0 ? .none : decoupled ? .decoupled(weightDecay) : .coupled(weightDecay)
    return switch method {
    case .gradientDescent: .gradientDescent(weightDecay: decay)
    case .momentum: .momentum(momentum, weightDecay: decay)
    case .nesterov: .momentum(momentum, isNesterov: true, weightDecay: decay)
    case .adam: .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
    }
  }
}

/// The forms of a schedule by name.
public enum ScheduleForm: String, CaseIterable, Sendable {
  /// The same rate always.
  case constant
  /// A factor every so many steps.
  case step
  /// Half a cosine down to the final rate.
  case cosine
}

/// The learning rate at each step.
public struct ScheduleSettings: Configurable {
  /// The form.
  public var form = ScheduleForm.cosine
  /// The first rate after warm-up.
  public var learningRate = 0.05
  /// The last rate of a cosine.
  public var finalLearningRate = 0.0
  /// The factor of a step schedule.
  public var factor = 0.1
  /// The steps between a step schedule's factors.
  public var every = 1000
  /// The steps of a linear warm-up.
  public var warmUp = 0

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("form", \.form, "How the rate goes on.")
    Setting("learning_rate", \.learningRate, "The first rate, after any warm-up.", allowed: Above(0.0))
    Setting("final_learning_rate", \.finalLearningRate, "Where a cosine ends.", allowed: 0.0...1e6)
    Setting("factor", \.factor, "What a step schedule multiplies the rate by.", allowed: Above(0.0))
    Setting("every", \.every, "Steps between a step schedule's factors.", allowed: 1...100_000_000)
    Setting("warm_up", \.warmUp, "Steps over which the rate rises linearly from 0.", allowed: 0...100_000_000)
  }

  /// The schedule of a training of so many steps.
  public func schedule(steps: Int) -> Schedule {
    let base: Schedule =
      switch form {
      case .constant: .constant(learningRate)
      case .step: .step(from: learningRate, factor: factor, every: every)
      case .cosine: .cosine(from: learningRate, to: finalLearningRate, steps: steps)
      }
    return warmUp == 0 ? base : base.warmedUp(over: warmUp)
  }
}
