internal import Harness
internal import Networks
internal import Pruning
internal import Storage
internal import Tensors

/// All trainings of a run as the arrays of its file.
///
/// Along `round`, 0 is the dense network, or the parent's ticket. What was not trained is NaN.
struct Report {
  let network: Network
  /// The trainings of round 0 and of the tickets.
  let tickets: [Course]
  /// Those of each control, by round.
  let controls: [(name: String, courses: [Int: Course])]
  /// The unit of losses.
  let unit: String

  init(network: Network, tickets: [Course], controls: [(name: String, courses: [Int: Course])], unit: String) {
    self.network = network
    self.tickets = tickets
    self.controls = controls
    self.unit = unit
    steps = Set((tickets + controls.flatMap(\.courses.values)).flatMap(\.steps)).sorted()
  }

  private var rounds: [Int] { Array(tickets.indices) }
  /// All steps at which one was evaluated: one that stopped early leaves out those of the others.
  private let steps: [Int]
  private var ticketsByRound: [Int: Course] { Dictionary(uniqueKeysWithValues: zip(rounds, tickets)) }

  /// `/measurements`.
  var measurements: Group {
    let blocks = network.weightBlocks
    let masks = tickets.map(\.mask)
    var group = Group(
      dimensions: [
        Dimension("round", coordinates: rounds, longName: "rounds of pruning"),
        Dimension("block", coordinates: blocks.map(\.name)),
        Dimension("step", coordinates: steps, longName: "updates made, those before rewinding included"),
      ],
      variables: [
        Variable(
          "density", along: ["round"], values: masks.map { network.weightDensity(of: $0) },
          longName: "share of the weights that is left"),
        Variable(
          "weights", along: ["round"],
          values: masks.map { mask in blocks.reduce(0) { $0 + mask.keptCount(in: $1.range) } },
          longName: "weights that are left"),
        Variable(
          "block_weights", along: ["block"], values: blocks.map { $0.range.count }, longName: "weights of each layer"),
      ] + sparsity(of: ticketsByRound))
    group.remarks = masks.last.flatMap(remarkOnDisconnectedUnits).map { [$0] } ?? []
    group.groups["ticket"] = self.group(of: ticketsByRound)
    for control in controls {
      group.groups[control.name] = self.group(of: control.courses)
      group.groups[control.name]?.variables += sparsity(of: control.courses)
    }
    return group
  }

  /// Pruning cuts off units as it goes on, which `disconnected_units` counts. Once they are most of the hidden ones, the ticket
  /// is another architecture.
  private func remarkOnDisconnectedUnits(under mask: Mask) -> String? {
    let cut = network.disconnectedUnits(under: mask)
    let all = network.disconnectedUnits(under: Mask([Bool](repeating: false, count: mask.count)))
    guard 2 * cut > all else { return nil }
    return "after round \(tickets.count - 1) no output depends on \(cut) of \(all) hidden units"
  }

  /// What masks leave of each layer, of layers and of units.
  private func sparsity(of courses: [Int: Course]) -> [Variable] {
    let blocks = network.weightBlocks
    let masks = rounds.map { courses[$0]?.mask }
    func ofMasks(_ name: String, _ longName: String, _ count: (Mask) -> Int) -> Variable {
      // Whole numbers have no NaN for rounds that were not trained, which only controls have.
      let counts = masks.compactMap { $0.map(count) }
      guard counts.count < masks.count else {
        return Variable(name, along: ["round"], values: counts, longName: longName)
      }
      return Variable(
        name, along: ["round"], values: masks.map { $0.map { Double(count($0)) } ?? .nan }, longName: longName)
    }
    return [
      Variable(
        "block_density", along: ["round", "block"], shape: [masks.count, blocks.count],
        values: masks.flatMap { mask in blocks.map { block in mask.map { $0.density(of: block) } ?? .nan } },
        longName: "share of each layer's weights that is left"),
      ofMasks("empty_layers", "layers without a weight") { emptyLayers(of: $0).count },
      ofMasks(
        "disconnected_units", "hidden units and channels on which no output depends", network.disconnectedUnits),
    ]
  }

  private func emptyLayers(of mask: Mask) -> [String] {
    network.weightBlocks.filter { mask.keptCount(in: $0.range) == 0 }.map(\.name)
  }

  /// Layers without a weight, and trainings that diverged beside that of round 0.
  private func remarks(on courses: [Int: Course]) -> [String] {
    let rounds = courses.keys.sorted()
    var remarks: [String] = []
    let empty = rounds.map { courses[$0].map { emptyLayers(of: $0.mask) } ?? [] }
    if let first = empty.firstIndex(where: { !$0.isEmpty }) {
      remarks.append("from round \(rounds[first]) on no weight is left in \(empty[first].joined(separator: ", "))")
    }
    let diverged = rounds.filter { $0 > 0 && courses[$0]?.divergedAt != nil }
    let lost = diverged.filter { courses[$0]?.isLostFromTheStart == true }
    let later = diverged.filter { !lost.contains($0) }
    func after(_ rounds: [Int]) -> String {
      "after \(rounds.count == 1 ? "round" : "rounds") \(rounds.map(String.init).joined(separator: ", "))"
    }
    if !lost.isEmpty { remarks.append("\(after(lost)) the loss was out of bounds from the start") }
    if !later.isEmpty { remarks.append("\(after(later)) the loss went out of bounds") }
    return remarks
  }

  private func group(of courses: [Int: Course]) -> Group {
    func ofRounds(
      _ name: String, _ longName: String, units: String = "1", _ value: (Course) -> Double
    ) -> Variable {
      Variable(
        name, along: ["round"], values: rounds.map { courses[$0].map(value) ?? .nan }, units: units, longName: longName)
    }
    func along(_ name: String, _ longName: String, units: String = "1", _ values: (Course) -> [Double]) -> Variable {
      Variable(
        name, along: ["round", "step"], shape: [rounds.count, steps.count],
        values: rounds.flatMap { round in
          courses[round].map { aligned(values($0), at: $0.steps, on: steps) }
            ?? steps.map { _ in Double.nan }
        }, units: units, longName: longName)
    }
    func atBest(_ values: @escaping (Course) -> [Double]) -> (Course) -> Double {
      { course in course.best.map { values(course)[$0] } ?? .nan }
    }
    var group = Group(variables: [
      along("validation_loss", "mean loss on held-out examples", units: unit, \.validationLoss),
      along("validation_error", "share of held-out examples classified wrongly", \.validationError),
      along("test_loss", "mean loss on test examples", units: unit, \.testLoss),
      along("test_error", "share of test examples classified wrongly", \.testError),
      ofRounds("train_loss", "mean loss on the training examples at the end", units: unit, \.trainLoss),
      ofRounds("train_error", "share of the training examples classified wrongly at the end", \.trainError),
      ofRounds("final_test_error", "share of test examples classified wrongly at the end") {
        $0.testError.last ?? .nan
      },
      ofRounds("early_stop_step", "step of the lowest held-out loss", atBest { $0.steps.map(Double.init) }),
      ofRounds("early_stop_test_error", "test error at the step of the lowest held-out loss", atBest(\.testError)),
      ofRounds(
        "early_stop_test_loss", "test loss at the step of the lowest held-out loss", units: unit, atBest(\.testLoss)),
      ofRounds("diverged", "1 where training went out of bounds, else 0") { $0.divergedAt == nil ? 0 : 1 },
    ])
    group.remarks = remarks(on: courses)
    return group
  }

  /// The start, what was rewound to, and of each training its mask and its weights at the end: `mask_3` and `ticket_3` of
  /// the tickets, `snip_mask_3` and `snip_3` of controls.
  func checkpoints(start: [Float], rewound: [Float]) -> Group {
    let blocks = network.layout.storedBlocks
    let pruned = network.weightBlocks.map { ParameterBlock($0.name, shape: $0.shape, offset: $0.offset) }
    var group = Group(groups: [
      "start": Group(parameters: start, in: blocks), "rewound": Group(parameters: rewound, in: blocks),
    ])
    func add(_ course: Course, weights: String, mask name: String) {
      group.groups[weights] = Group(parameters: course.mask.expanded(course.parameters), in: blocks)
      var stored = Group(parameters: course.isKept.map { UInt8($0 ? 1 : 0) }, in: pruned)
      stored.attributes["title"] = "1 where a weight is left"
      group.groups[name] = stored
    }
    for (round, ticket) in tickets.enumerated() { add(ticket, weights: "ticket_\(round)", mask: "mask_\(round)") }
    for control in controls {
      for (round, course) in control.courses.sorted(by: { $0.key < $1.key }) {
        add(course, weights: "\(control.name)_\(round)", mask: "\(control.name)_mask_\(round)")
      }
    }
    return group
  }
}
