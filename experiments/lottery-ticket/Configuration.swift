public import Configuration
public import Harness
internal import Networks
internal import Optimizers
public import Pruning

/// What one run does: train, prune, rewind, again and again, with controls beside.
public struct LotteryTicketSettings: Configurable {
  /// How each network is trained.
  public var training = Recipe()
  /// The run whose ticket it begins with.
  public var parent = ParentSettings()
  /// What goes in a round.
  public var pruning = PruningSettings()
  /// Where training goes on from after a round.
  public var rewinding = RewindingSettings()
  /// What tickets are compared with.
  public var controls: [Control] = [.reinitialized]
  /// The rounds after which controls are trained; all if empty.
  public var controlRounds: [Int] = []
  /// The share of the training examples that is held out to find the step to stop at.
  public var validationShare = 0.1
  /// Evaluations in the course of a training.
  public var evaluations = 40
  /// Lines and planes through the dense network's end and the last ticket's.
  public var slices = SliceSettings()

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Section("training", \.training, "How each network is trained.")
    Section(
      "parent", \.parent,
      "The ticket of another run to begin with in place of the whole network: its mask, and the weights that it was rewound "
        + "to. Round 0 then trains this ticket by the settings of training, from rewinding.step on.")
    Section("pruning", \.pruning, "What goes in a round of pruning.")
    Section("rewinding", \.rewinding, "Where training goes on from after a round.")
    Setting("controls", \.controls, "What tickets are compared with, at the same number of weights.")
    Setting(
      "control_rounds", \.controlRounds, "The rounds after which controls are trained; [] for all.", allowed: 1...1000)
    Setting(
      "validation_share", \.validationShare,
      "The share of the training examples that is held out, and by whose loss the step to stop at is found afterwards.",
      allowed: 0.01...0.5)
    Setting(
      "evaluations", \.evaluations, "Evaluations on held-out and test examples in the course of a training.",
      allowed: 1...100_000)
    Section(
      "slices", \.slices,
      "Losses and errors along lines and on planes through the ends of the dense network and of the last ticket, whose "
        + "pruned weights stay zero.")
  }

  /// A method that sees layers or curvature, a step to rewind to that isn't there, rounds that aren't there, SynFlow through
  /// layers that take the flow away.
  public var conflict: String? {
    if training.optimizer.method == .kFAC {
      return "training.optimizer.method k-fac has no factors for pruned layers; choose another method"
    }
    if training.data.knownTrainCount == 1 {
      return "training.data gives a single example, but some are held out to stop by; take at least 2"
    }
    if let network = training.outlinedNetwork {
      let names = network.layout.blocks.map(\.name)
      if let unknown = pruning.excluded.first(where: { !names.contains($0) }) {
        return "pruning.excluded names \(unknown), but the network has \(names.joined(separator: ", "))"
      }
    }
    if rewinding.step > training.steps {
      return "rewinding.step is \(rewinding.step), but there are only \(training.steps) steps of training"
    }
    if rewinding.what == .fineTuning, rewinding.rate == nil, fineTuningRate < 1e-3 * highestRate {
      return "rewinding.what is fine-tuning at the schedule's last rate, but that is \(fineTuningRate), less than a "
        + "thousandth of its highest; set rewinding.rate, or training.schedule.final_share or kind"
    }
    if let round = controlRounds.first(where: { $0 > pruning.rounds }) {
      return "control_rounds names round \(round), but there are only \(pruning.rounds) rounds of pruning"
    }
    return controls.contains(.synflow) ? synapticFlowConflict : nil
  }

  /// Why SynFlow's scores would mean nothing, or `nil`.
  private var synapticFlowConflict: String? {
    let design = training.network.design
    switch design.normalization {
    case .layer, .group, .instance, .switchable:
      return "controls names synflow, but training.network.normalization is \(design.normalization.rawValue), which "
        + "divides every example by its own scale, so that the weights' scale does not change the flow; choose batch or "
        + "none, or leave synflow out"
    case .published, .none, .batch, .fixup: break
    }
    if design.weightNormalization == .none { return nil }
    return
      "controls names synflow, but training.network.weight_normalization is \(design.weightNormalization.rawValue), "
      + "which divides weights by their own scale, so that it does not change the flow; choose none, or leave synflow "
      + "out"
  }
}

extension LotteryTicketSettings {
  private var schedule: Schedule { training.schedule.schedule(steps: training.steps) }

  /// The rate that fine-tuning keeps.
  var fineTuningRate: Double { rewinding.rate ?? schedule.learningRate(at: max(0, training.steps - 1)) }

  private var highestRate: Double { (0..<max(1, training.steps)).lazy.map(schedule.learningRate).max() ?? 0 }
}

/// What goes in a round.
public struct PruningSettings: Configurable {
  /// Rounds of pruning.
  public var rounds = 12
  /// Where magnitudes are compared.
  public var scope = PruningRule.Scope.layerwise
  /// The share of the weights left that goes.
  public var rate = 0.2
  /// The same of the output layer; `nil` for the same rate.
  public var outputRate: Double?
  /// Blocks that are left whole.
  public var excluded: [String] = []
  /// What the control `grasp` divides outputs by.
  public var graspTemperature = 200.0

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("rounds", \.rounds, "Rounds of pruning.", allowed: 0...1000)
    Setting("scope", \.scope, "Whether magnitudes are compared within each layer or across all of them.")
    Setting("rate", \.rate, "The share of the weights left that goes in a round.", allowed: 0.0...1.0)
    Setting(
      "output_rate", \.outputRate, "The same of the output layer, ranked by itself; null to treat it as the others.",
      allowed: 0.0...1.0)
    Setting("excluded", \.excluded, "Blocks that are left whole, such as dense1/weight.")
    Setting(
      "grasp_temperature", \.graspTemperature,
      "What the control grasp divides the outputs by in its scores, whatever the loss: 200 in its paper, 1 for the loss "
        + "as it is trained.", allowed: 1e-3...1e6)
  }

  /// The rule of one round.
  var rule: PruningRule { PruningRule(scope, rate: rate, outputRate: outputRate, excluded: Set(excluded)) }

  /// The rule that does in one go what `rounds` rounds do one after the other.
  func rule(ofRounds rounds: Int) -> PruningRule {
    func gone(_ rate: Double) -> Double { 1 - (0..<rounds).reduce(1) { left, _ in left * (1 - rate) } }
    return PruningRule(scope, rate: gone(rate), outputRate: outputRate.map(gone), excluded: Set(excluded))
  }
}

/// How training goes on after a round.
public enum Rewinding: String, CaseIterable, Sendable {
  /// Weights and schedule of the dense training's step (Frankle & Carbin 2019, Frankle et al. 2020).
  case weights
  /// Weights as trained, the schedule of that step (Renda, Frankle & Carbin 2020).
  case learningRate = "learning-rate"
  /// Weights as trained, the schedule's last rate throughout.
  case fineTuning = "fine-tuning"
}

/// Where training goes on from.
public struct RewindingSettings: Configurable {
  /// What is rewound.
  public var what = Rewinding.weights
  /// To which step.
  public var step = 0
  /// The rate of fine-tuning; `nil` for the schedule's last.
  public var rate: Double?

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting(
      "what", \.what,
      "Whether weights and schedule go back to the step, the schedule alone, or neither: then a constant rate is kept.")
    Setting("step", \.step, "The step; 0 is the initialization. The updates after it are made again.", allowed: 0...)
    Setting(
      "rate", \.rate, "The learning rate of fine-tuning; null for the schedule's last one.", allowed: Above(0.0))
  }
}

/// What tickets are compared with.
public enum Control: String, CaseIterable, Sendable {
  /// The ticket's mask with a fresh initialization.
  case reinitialized
  /// The ticket's weights per layer, at places chosen by chance, from where a ticket of one round begins.
  case shuffledMask = "shuffled-mask"
  /// Weights that the same rule removes by random scores, from where a ticket of one round begins.
  case randomMask = "random-mask"
  /// The same share of each layer's weights, but for rounding, pruned in one go from the trained dense network, rewound as a ticket of one round.
  case oneShot = "one-shot"
  /// Pruned before training by the initial magnitudes, across all layers.
  case magnitudeAtStart = "magnitude-at-start"
  /// Pruned before training by SNIP's scores, across all layers.
  case snip
  /// Pruned before training by GraSP's.
  case grasp
  /// Pruned before training by SynFlow's, in a hundred rounds.
  case synflow

  /// As groups in files are called.
  var groupName: String { rawValue.replacing("-", with: "_") }
}
