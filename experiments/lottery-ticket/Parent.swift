internal import Harness
internal import Networks
internal import Pruning
internal import Storage

/// A ticket of another run: its mask, and the weights that its training may begin with.
struct Parent {
  /// What is left of the weights.
  let mask: Mask
  /// All parameters before the first training.
  let start: [Float]
  /// All parameters at the step that was rewound to.
  let rewound: [Float]
  /// All parameters as the round before has trained them; for the dense network, those that were rewound to.
  let trained: [Float]

  /// The ticket that settings name, of this network; `nil` if they name none.
  ///
  /// Throws `StorageError` for a file that can't be read, has another digest, is no run of this experiment, lacks the round,
  /// or is of another network.
  init?(_ settings: ParentSettings, of network: Network, _ recipe: Recipe) throws(StorageError) {
    guard let file = settings.file else { return nil }
    let run = try RunWeights(file)
    let rounds = run.names.compactMap { $0.hasPrefix("mask_") ? Int($0.dropFirst(5)) : nil }
    guard let last = rounds.max() else {
      throw StorageError(
        .absent, "take a ticket from", file, detail: "it is a run of \(run.header.experiment) and holds none",
        mend: "Name a run file of lottery-ticket.")
    }
    guard rounds.contains(settings.round) else {
      throw StorageError(
        .absent, "take a ticket from", file, detail: "it has no round \(settings.round)",
        mend: "Set parent.round to a number from 0 to \(last).")
    }
    func parameters(_ checkpoint: String) throws(StorageError) -> [Float] {
      try settings.weights(checkpoint).parameters(of: network, recipe.network)
    }
    start = try parameters("start")
    rewound = try parameters("rewound")
    trained = settings.round == 0 ? rewound : try parameters("ticket_\(settings.round - 1)")
    mask = try Self.mask(of: try run.entries(of: "mask_\(settings.round)"), network, file)
  }

  private static func mask(
    of entries: [SafetensorsFile.Entry], _ network: Network, _ file: String
  ) throws(StorageError) -> Mask {
    var isKept = [Bool](repeating: true, count: network.parameterCount)
    for block in network.weightBlocks {
      guard let entry = entries.first(where: { $0.name == block.name }), entry.shape == block.shape,
        case .uint8(let kept) = entry.values
      else {
        throw StorageError(
          .foreign, "take a ticket from", file, detail: "its mask has no \(block.name) of shape \(block.shape)",
          mend: "Name a run of the same network, or change the network's settings.")
      }
      isKept.replaceSubrange(block.range, with: kept.map { $0 != 0 })
    }
    return Mask(isKept)
  }
}
