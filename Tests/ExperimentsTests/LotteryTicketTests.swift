import Configuration
import Datasets
import Foundation
import Harness
import LotteryTicket
import Networks
import Pruning
import Storage
import Tensors
import Testing

@Suite("lottery-ticket")
struct LotteryTicketTests {
  @Test("a single example, and blocks that the network does not have, are refused in a sentence")
  func conflicts() {
    var settings = LotteryTicketSettings()
    #expect(settings.conflict == nil)
    settings.pruning.excluded = ["dense1/weight", "dens2/weight"]
    #expect(
      settings.conflict?.hasPrefix("pruning.excluded names dens2/weight, but the network has dense1/weight") == true)
    settings.pruning.excluded = []
    settings.training.data.trainCount = 1
    #expect(settings.conflict?.contains("a single example") == true)
    settings.training.data.trainCount = 2
    #expect(settings.conflict == nil)
    settings.rewinding.what = .fineTuning
    #expect(settings.conflict?.contains("less than a thousandth of its highest; set rewinding.rate") == true)
    settings.rewinding.rate = 1e-3
    #expect(settings.conflict == nil)
    settings.rewinding.rate = nil
    settings.training.schedule.kind = .constant
    #expect(settings.conflict == nil)
  }

  @Test("SynFlow is refused where normalization takes the flow away, and not over the batch")
  func synapticFlow() {
    var settings = LotteryTicketSettings()
    settings.controls = [.snip, .synflow]
    for choice in NormalizationChoice.allCases where choice != .fixup {
      settings.training.network.design.normalization = choice
      let sentence = "controls names synflow, but training.network.normalization is \(choice.rawValue), "
      let isRefused = ![.published, .none, .batch].contains(choice)
      #expect(settings.conflict?.hasPrefix(sentence) ?? false == isRefused, "\(choice)")
      #expect(isRefused || settings.conflict == nil, "\(choice)")
    }
    settings.training.network.design.normalization = .none
    settings.training.network.design.weightNormalization = .spectral
    #expect(settings.conflict?.contains("training.network.weight_normalization is spectral") == true)
    settings.controls = [.snip, .grasp]
    #expect(settings.conflict == nil)
  }

  @Test("the step to stop at is the first of the lowest losses, and a NaN leaves none")
  func minimum() {
    #expect(earliestMinimum([3, 1, 2, 1]) == 1)
    #expect(earliestMinimum([]) == nil && earliestMinimum([1, .nan]) == nil)
  }

  @Test("values go to their steps on a common axis")
  func axis() {
    let values = aligned([5, 6], at: [2, 4], on: [0, 2, 4, 6])
    #expect(values[0].isNaN && values[1] == 5 && values[2] == 6 && values[3].isNaN)
    #expect(firstRound(atMost: 0.2, of: [1, 0.3, 0.19, 0.1]) == 2 && firstRound(atMost: 0.2, of: [1]) == nil)
  }

  /// A made-up run whose tickets err as given, dense first.
  private func run(
    seed: Int, ticket: [Double], reinitialized: Double = 0.1, oneShot: Double = 0.1, random: Double = 0.2,
    steps: [Double] = [100, 90, 80], densities: [Double] = [1, 0.18, 0.04]
  ) -> CollectedRun {
    func family(_ errors: [Double]) -> Group {
      Group(variables: [
        Variable("early_stop_test_error", along: ["round"], values: errors),
        Variable("early_stop_step", along: ["round"], values: steps),
      ])
    }
    func control(_ error: Double) -> Group { family([.nan, error, error]) }
    return CollectedRun(
      id: "run\(seed)", seed: seed,
      measurements: Group(
        dimensions: [Dimension("round", length: 3)],
        variables: [Variable("density", along: ["round"], values: densities)],
        groups: [
          "ticket": family(ticket), "reinitialized": control(reinitialized), "one_shot": control(oneShot),
          "random_mask": control(random),
        ]))
  }

  private func verdict(_ id: String, _ runs: [CollectedRun]) throws -> Verdict {
    let finding = try #require(LotteryTicketExperiment.findings.first { $0.id == id })
    return try finding.evaluate(Evidence(runs: runs)).verdict
  }

  @Test("a ticket may lose less than 1 % to its dense network; losses about that decide nothing, more refute")
  func winning() throws {
    func runs(_ error: (Int) -> Double) -> [CollectedRun] {
      (0..<6).map { run(seed: $0, ticket: [0.03, error($0), 0.1]) }
    }
    #expect(try verdict("lottery.winning-ticket", runs { 0.034 + 0.001 * Double($0 % 2) }) == .reproduced)
    #expect(try verdict("lottery.winning-ticket", runs { 0.03 + 0.02 * Double($0 % 2) }) == .inconclusive)
    #expect(try verdict("lottery.winning-ticket", runs { _ in 0.05 }) == .notReproduced)
    #expect(try verdict("lottery.winning-ticket", runs { $0 == 3 ? .nan : 0.03 }) == .inconclusive)
  }

  @Test("the controls must be worse in the stated order, and the ticket faster")
  func controls() throws {
    let good = (0..<6).map { run(seed: $0, ticket: [0.03, 0.03, 0.05]) }
    for id in ["lottery.reinit", "lottery.iterative", "lottery.faster"] {
      #expect(try verdict(id, good) == .reproduced, "\(id)")
    }
    let better = (0..<6).map { run(seed: $0, ticket: [0.03, 0.03, 0.05], reinitialized: 0.02, oneShot: 0.04) }
    #expect(try verdict("lottery.reinit", better) == .notReproduced)
    #expect(try verdict("lottery.iterative", better) == .notReproduced)
    let slow = (0..<6).map { run(seed: $0, ticket: [0.03, 0.03, 0.05], steps: [100, 120, 130]) }
    #expect(try verdict("lottery.faster", slow) == .notReproduced)
  }

  @Test("a run that never gets down to the density in question decides nothing")
  func tooDense() throws {
    for id in ["lottery.winning-ticket", "lottery.reinit", "lottery.iterative", "lottery.faster"] {
      let runs = (0..<6).map { seed in
        run(seed: seed, ticket: [0.03, 0.03, 0.05], densities: seed == 2 ? [1, 0.6, 0.5] : [1, 0.18, 0.04])
      }
      let finding = try #require(LotteryTicketExperiment.findings.first { $0.id == id })
      let outcome = try finding.evaluate(Evidence(runs: runs))
      #expect(outcome.verdict == .inconclusive && outcome.effect.isNaN, "\(id)")
      if id != "lottery.iterative" { #expect(outcome.details.hasPrefix("1 of 6 runs never"), "\(id)") }
    }
  }

  @Test("every finding has its sweep and its seeds in every profile")
  func profiles() throws { try checkProfiles(LotteryTicketExperiment.self) }

  @Test("the smoke runs end with masks that nest, weights that are zero outside them, and numbers for every control")
  func smoke() throws {
    try checkSmoke(LotteryTicketExperiment.self) { file in
      let measurements = try file.group("measurements")
      let rounds = try measurements.dimension("round").length
      var last: [UInt8]?
      for round in 0..<rounds {
        let mask: [UInt8] = try file.variable("checkpoints/mask_\(round)/dense1/weight").elements()
        let weights: [Float] = try file.variable("checkpoints/ticket_\(round)/dense1/weight").elements()
        #expect(zip(mask, weights).allSatisfy { $0 == 1 || $1 == 0 })
        if let last { #expect(zip(mask, last).allSatisfy { $0 <= $1 } && mask != last) }
        last = mask
      }
      for (name, group) in measurements.groups {
        let errors: [Double] = try group.variable("final_test_error").elements()
        #expect(errors.dropFirst().allSatisfy { $0.isFinite }, "\(name)")
      }
    }
  }

  @Test("pruning a linear model of a rule of few inputs leaves the inputs that matter, and no others")
  func plantedTeacher() throws {
    var settings = LotteryTicketSettings()
    settings.training.network.hidden = []
    settings.training.loss = .meanSquaredError
    settings.training.data.name = SparseFeatures.name
    settings.training.data.synthetic.dimension = 30
    settings.training.data.synthetic.relevant = 4
    settings.training.data.synthetic.target = .real
    settings.training.data.synthetic.noise = 0.3
    settings.training.steps = 300
    settings.controls = [.oneShot]
    // 30 weights, 0.8^9 of them: 4.
    settings.pruning.rounds = 9
    let law = SparseFeatures(
      dimension: 30, relevant: 4, noise: 0.3, target: .real, key: Key(seed: 0).child("synthetic"))
    try inRun(of: LotteryTicketExperiment.self, settings) { file in
      let mask: [UInt8] = try file.variable("checkpoints/mask_9/dense1/weight").elements()
      #expect(mask.indices.filter { mask[$0] == 1 } == law.support)
      let weights: [Float] = try file.variable("checkpoints/ticket_9/dense1/weight").elements()
      for (place, weight) in zip(law.support, law.weights) { #expect(abs(Double(weights[place]) - weight) < 0.05) }
    }
  }

  @Test("layers that lose their last weight, and units without a way out, are counted, and the run goes on")
  func emptied() throws {
    var settings = LotteryTicketSettings()
    settings.training.network.hidden = [6, 5]
    settings.training.steps = 30
    settings.pruning.rate = 0.97
    settings.pruning.rounds = 2
    settings.controls = []
    try inRun(of: LotteryTicketExperiment.self, settings) { file in
      let empty: [Int] = try file.variable("measurements/empty_layers").elements()
      let cut: [Int] = try file.variable("measurements/disconnected_units").elements()
      #expect(empty[0] == 0 && empty[2] >= 2 && cut[0] == 0)
      // Behind an empty layer nothing is seen of any unit.
      let last = try file.group("checkpoints/mask_2").variable("dense3/weight").elements(UInt8.self)
      #expect(cut[2] == (last.contains(1) ? 6 : 11), "\(cut)")
      #expect(file.remarks.contains { $0.contains("no weight is left in") })
      #expect(file.remarks.contains("after round 2 no output depends on \(cut[2]) of 11 hidden units"))
      let errors: [Double] = try file.variable("measurements/ticket/final_test_error").elements()
      #expect(errors[2] > 0.8)
    }
  }

  @Test("a dense network that diverges makes the run a diverged one, with its tickets still in the file")
  func diverged() throws {
    var settings = LotteryTicketSettings()
    settings.training.network.hidden = [10]
    settings.training.steps = 60
    settings.training.schedule.learningRate = 1e6
    settings.pruning.rounds = 1
    settings.controls = []
    try inRun(of: LotteryTicketExperiment.self, settings) { file in
      #expect(file.attributes["status"]?.text == "diverged")
      let flags: [Double] = try file.variable("measurements/ticket/diverged").elements()
      #expect(flags[0] == 1)
      let stops: [Double] = try file.variable("measurements/ticket/early_stop_step").elements()
      #expect(stops[0].isNaN)
    }
    // What stays within bounds after it keeps its whole course.
    settings.training.network.hidden = []
    settings.training.loss = .meanSquaredError
    settings.training.schedule.learningRate = 6
    settings.pruning.rate = 1
    settings.evaluations = 6
    try inRun(of: LotteryTicketExperiment.self, settings) { file in
      let flags: [Double] = try file.variable("measurements/ticket/diverged").elements()
      let steps = try file.group("measurements").dimension("step").coordinates.flatMap(Int.elements) ?? []
      let losses: [Double] = try file.variable("measurements/ticket/validation_loss").elements()
      #expect(flags == [1, 0] && Set(steps).isSuperset(of: stride(from: 0, through: 60, by: 10)))
      let ticket = zip(steps, losses.suffix(steps.count))
      #expect(ticket.allSatisfy { $0 % 10 != 0 || $1.isFinite }, "\(losses)")
    }
  }

  @Test("nothing pruned and rewound to step k is the dense training again from there, in the same batches")
  func rewindingIsExact() throws {
    var settings = LotteryTicketSettings()
    settings.training.network.hidden = [10]
    settings.training.optimizer.momentum = 0
    settings.training.steps = 80
    settings.pruning.rounds = 1
    settings.pruning.rate = 0
    settings.rewinding.step = 20
    settings.evaluations = 8
    settings.controls = []
    try inRun(of: LotteryTicketExperiment.self, settings) { file in
      let losses: [Double] = try file.variable("measurements/ticket/test_loss").elements()
      let count = losses.count / 2
      #expect(losses[count].isNaN && losses[count + 1].isNaN)
      #expect(Array(losses[2..<count]) == Array(losses[(count + 2)...]))
    }
  }
}
