internal import Datasets
internal import Foundation
internal import Harness
internal import Networks
internal import Pruning
internal import Storage
internal import Tensors

/// Masks and starts of what a ticket is compared with.
struct Controls {
  let session: Session
  /// The parameters that round 0 has trained.
  let trained: [Float]
  /// Where a ticket of these, pruned in one go, goes on from.
  let restart: Restart
  private let scoresAtStart: [Control: [Float]]

  init(_ session: Session, dense: Course, rewound: [Float]) {
    self.session = session
    trained = session.mask.expanded(dense.parameters)
    restart = session.restart(rewound: rewound, trained: trained)
    // Scores are of the mean loss alone, as in the papers.
    var recipe = session.settings.training
    recipe.l2 = 0
    let objective = recipe.objective(of: session.network, on: session.parts.train)
    let start = session.start
    var scores: [Control: [Float]] = [:]
    for control in session.settings.controls {
      switch control {
      case .magnitudeAtStart: scores[control] = start.map { abs($0) }
      case .snip: scores[control] = Saliency.connectionSensitivity(of: objective, at: start)
      case .grasp:
        scores[control] = Saliency.gradientFlow(
          of: objective, temperature: session.settings.pruning.graspTemperature, at: start)
      default: break
      }
    }
    scoresAtStart = scores
  }

  /// The training beside the ticket of a round.
  func course(_ control: Control, round: Int, ticket: Mask) throws -> Course {
    let name = "\(control.rawValue)-\(round)"
    let key = session.context.key.child(control.rawValue).child(round)
    switch control {
    case .reinitialized:
      let fresh: [Float] = session.settings.training.initialParameters(
        of: session.network, on: session.data.train, key: key)
      return try session.pruned(name, ticket, from: Restart(parameters: fresh))
    case .shuffledMask:
      return try session.pruned(name, ticket.shuffled(within: session.network, key: key), from: restart)
    case .randomMask:
      var generator = key.generator()
      let scores: [Float] = generator.normals(session.network.parameterCount)
      return try session.pruned(
        name, mask(session.settings.pruning.rule(ofRounds: round), scores, of: session.mask), from: restart)
    case .oneShot:
      let magnitudes = trained.map { abs($0) }
      return try session.pruned(
        name, mask(session.settings.pruning.rule(ofRounds: round), magnitudes, of: session.mask), from: restart)
    case .synflow:
      return try session.pruned(name, synapticFlowMask(of: ticket), from: Restart(parameters: session.start))
    case .magnitudeAtStart, .snip, .grasp:
      let all = Mask.full(ticket.count)
      let mask = mask(globalRule(leaving: ticket, of: all), scoresAtStart[control] ?? [], of: all)
      return try session.pruned(name, mask, from: Restart(parameters: session.start))
    }
  }

  private func mask(_ rule: PruningRule, _ scores: [Float], of mask: Mask) -> Mask {
    rule.applied(to: mask, scores: scores, of: session.network)
  }

  /// The rule across all layers after which as many weights are left as a ticket has, or a power of that share.
  private func globalRule(leaving ticket: Mask, of mask: Mask, power: Double = 1) -> PruningRule {
    let excluded = Set(session.settings.pruning.excluded)
    let ranges = session.network.weightBlocks.filter { !excluded.contains($0.name) }.map(\.range)
    let (left, all) = (
      ranges.reduce(0) { $0 + ticket.keptCount(in: $1) }, ranges.reduce(0) { $0 + $1.count }
    )
    let present = ranges.reduce(0) { $0 + mask.keptCount(in: $1) }
    let wanted = Double(all) * pow(Double(left) / Double(max(1, all)), power)
    return PruningRule(.global, rate: max(0, 1 - wanted / Double(max(1, present))), excluded: excluded)
  }

  /// A hundred rounds down to the ticket's number of weights, the share left falling by the same factor in each.
  private func synapticFlowMask(of ticket: Mask) -> Mask {
    let mask = session.context.rounds(100) { count in
      var mask = Mask.full(ticket.count)
      for round in 1..<count + 1 {
        let point = mask.expanded(mask.compressed(session.start.map { Double($0) }))
        let scores = Saliency.synapticFlow(of: session.network, at: point)
        mask = globalRule(leaving: ticket, of: mask, power: Double(round) / 100)
          .applied(to: mask, scores: scores, of: session.network)
      }
      return mask
    }
    // A few rounds leave too much.
    return session.context.isRehearsal ? ticket : mask
  }
}
