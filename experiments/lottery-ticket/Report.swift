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
  let masks: [Mask]
  let dense: Course
  let families: [(name: String, courses: [Int: Course])]
  /// The unit of losses.
  let unit: String

  private var rounds: [Int] { Array(masks.indices) }

  /// `/measurements`.
  var measurements: Group {
    let blocks = network.weightBlocks
    var group = Group(
      dimensions: [
        Dimension("round", coordinates: rounds, longName: "rounds of pruning"),
        Dimension("block", coordinates: blocks.map(\.name)),
        Dimension("step", coordinates: dense.steps, longName: "updates made, those before rewinding included"),
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
          "block_density", along: ["round", "block"], shape: [masks.count, blocks.count],
          values: masks.flatMap { mask in blocks.map { mask.density(of: $0) } },
          longName: "share of each layer's weights that is left"),
        Variable(
          "block_weights", along: ["block"], values: blocks.map { $0.range.count }, longName: "weights of each layer"),
        Variable(
          "empty_layers", along: ["round"],
          values: masks.map { mask in blocks.count { mask.keptCount(in: $0.range) == 0 } },
          longName: "layers without a weight"),
        Variable(
          "disconnected_units", along: ["round"], values: masks.map(network.disconnectedUnits),
          longName: "hidden units and channels on which no output depends"),
      ])
    let cut = masks.last.map(network.disconnectedUnits) ?? 0
    if cut > 0 { group.remarks = ["after round \(masks.count - 1) no output depends on \(cut) of the hidden units"] }
    for family in families {
      group.groups[family.name] = self.group(of: family.courses)
      group.groups[family.name]?.remarks = remarks(on: family.courses)
    }
    return group
  }

  /// Layers without a weight, and trainings that diverged beside that of round 0.
  private func remarks(on courses: [Int: Course]) -> [String] {
    let rounds = courses.keys.sorted()
    var remarks: [String] = []
    if let first = rounds.first(where: { courses[$0]?.emptyLayers.isEmpty == false }) {
      let layers = courses[first]?.emptyLayers.joined(separator: ", ") ?? ""
      remarks.append("from round \(first) on no weight is left in \(layers)")
    }
    let diverged = rounds.filter { $0 > 0 && courses[$0]?.divergedAt != nil }
    let lost = diverged.filter { courses[$0]?.isLostFromTheStart == true }
    let later = diverged.filter { !lost.contains($0) }
    func after(_ rounds: [Int]) -> String {
      "after \(rounds.count == 1 ? "round" : "rounds") \(rounds.map(String.init).joined(separator: ", "))"
    }
    if !lost.isEmpty { remarks.append("\(after(lost)) the loss was out of bounds from the start") }
    if !later.isEmpty { remarks.append("the training \(after(later)) diverged") }
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
        name, along: ["round", "step"], shape: [rounds.count, dense.steps.count],
        values: rounds.flatMap { round in
          courses[round].map { aligned(values($0), at: $0.steps, on: dense.steps) }
            ?? dense.steps.map { _ in Double.nan }
        }, units: units, longName: longName)
    }
    func atBest(_ values: @escaping (Course) -> [Double]) -> (Course) -> Double {
      { course in course.best.map { values(course)[$0] } ?? .nan }
    }
    return Group(variables: [
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
  }

  /// The start, what was rewound to, and for each round of tickets its mask and its weights as trained.
  func checkpoints(start: [Float], rewound: [Float]) -> Group {
    let blocks = network.layout.storedBlocks
    var group = Group(groups: [
      "start": Group(parameters: start, in: blocks), "rewound": Group(parameters: rewound, in: blocks),
    ])
    for (round, course) in families[0].courses.sorted(by: { $0.key < $1.key }) {
      let mask = masks[round]
      group.groups["ticket_\(round)"] = Group(parameters: mask.expanded(course.parameters), in: blocks)
      let pruned = network.weightBlocks.map { ParameterBlock($0.name, shape: $0.shape, offset: $0.offset) }
      var stored = Group(parameters: mask.isKept.map { UInt8($0 ? 1 : 0) }, in: pruned)
      stored.attributes["title"] = "1 where a weight is left"
      group.groups["mask_\(round)"] = stored
    }
    return group
  }
}
