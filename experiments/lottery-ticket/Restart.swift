internal import Harness

/// Where a training begins after weights were removed.
struct Restart {
  /// All parameters of the network.
  let parameters: [Float]
  /// The updates that count as made.
  var step = 0
  /// The rate of all further ones; `nil` for the schedule's.
  var rate: Double?
}

extension Session {
  /// Where a training goes on from by the settings of rewinding, given the parameters at the step that is rewound to, and
  /// those of the network that was pruned.
  func restart(rewound: [Float], trained: [Float]) -> Restart {
    let step = settings.rewinding.step
    return switch settings.rewinding.what {
    case .weights: Restart(parameters: rewound, step: step)
    case .learningRate: Restart(parameters: trained, step: step)
    case .fineTuning: Restart(parameters: trained, step: step, rate: settings.fineTuningRate)
    }
  }
}
