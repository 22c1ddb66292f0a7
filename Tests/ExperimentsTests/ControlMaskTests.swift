import Foundation
import Harness
import LotteryTicket
import Pruning
import Storage
import Testing

@Suite("Masks and weights of controls")
struct ControlMaskTests {
  /// 64 inputs, units of the hidden layers, ten classes.
  private static let hidden = [7, 9, 6]
  private static let depth = hidden.count + 1

  private func settings(_ controls: [Control], rate: Double, rounds: Int) -> LotteryTicketSettings {
    var settings = LotteryTicketSettings()
    settings.training.network.hidden = Self.hidden
    settings.training.data.trainCount = 90
    settings.training.data.testCount = 40
    settings.training.steps = 20
    settings.pruning.scope = .global
    settings.pruning.rate = rate
    settings.pruning.rounds = rounds
    settings.controls = controls
    settings.controlRounds = [rounds]
    settings.evaluations = 2
    return settings
  }

  /// As files call it.
  private func name(_ control: Control) -> String {
    control.rawValue.split(separator: "-").joined(separator: "_")
  }

  private func layers<T: StoredElement>(_ checkpoint: String, _ file: Group) throws -> [[T]] {
    try (1...Self.depth).map { try file.variable("checkpoints/\(checkpoint)/dense\($0)/weight").elements() }
  }

  /// The weights that are left in each layer.
  private func kept(_ mask: [[UInt8]]) -> [Int] { mask.map { layer in layer.count { $0 == 1 } } }

  /// Hidden units from which no path of weights leads on to an output, found by walking back.
  private func disconnected(_ mask: [[UInt8]]) -> Int {
    let widths = Self.hidden + [10]
    var (count, seen) = (0, [Bool](repeating: true, count: 10))
    for layer in (1..<mask.count).reversed() {
      let width = widths[layer]
      seen = (0..<widths[layer - 1]).map { unit in
        (0..<width).contains { seen[$0] && mask[layer][unit * width + $0] == 1 }
      }
      count += seen.count { !$0 }
    }
    return count
  }

  @Test(
    "stand in the file for each round that was measured, as many weights as the ticket's, by the control's own rule")
  func stored() throws {
    try inRun(of: LotteryTicketExperiment.self, settings(Control.allCases, rate: 0.6, rounds: 2)) { file in
      let ticket: [[UInt8]] = try layers("mask_2", file)
      let wanted = kept(ticket)
      for control in Control.allCases {
        let name = self.name(control)
        let mask: [[UInt8]] = try layers("\(name)_mask_2", file)
        let weights: [[Float]] = try layers("\(name)_2", file)
        #expect(kept(mask).reduce(0, +) == wanted.reduce(0, +), "\(name)")
        #expect(zip(mask.joined(), weights.joined()).allSatisfy { ($0 == 1) == ($1 != 0) }, "\(name)")
        let names = try file.group("checkpoints").groups.map(\.name).filter { $0.hasPrefix(name) }
        #expect(names.sorted() == ["\(name)_2", "\(name)_mask_2"])
        switch control {
        case .reinitialized: #expect(mask == ticket)
        case .shuffledMask: #expect(kept(mask) == wanted && mask != ticket)
        default: #expect(mask != ticket, "\(name)")
        }
      }
      let start: [[Float]] = try layers("start", file)
      let chosen: [[UInt8]] = try layers("magnitude_at_start_mask_2", file)
      let pairs = zip(start.joined().map { abs($0) }, chosen.joined())
      let smallest = pairs.filter { $1 == 1 }.map(\.0).min() ?? 0
      #expect(pairs.allSatisfy { $1 == 1 || $0 <= smallest })
    }
  }

  @Test("say by layer what is left: magnitudes at the start empty a layer, and SynFlow leaves a path through all")
  func collapse() throws {
    let controls: [Control] = [.magnitudeAtStart, .snip, .synflow]
    try inRun(of: LotteryTicketExperiment.self, settings(controls, rate: 0.98, rounds: 1)) { file in
      var emptied: [String: Double] = [:]
      for name in controls.map(name) {
        let mask: [[UInt8]] = try layers("\(name)_mask_1", file)
        func numbers(_ variable: String) throws -> [Double] {
          try file.variable("measurements/\(name)/\(variable)").elements()
        }
        let densities = try numbers("block_density")
        #expect(densities.prefix(Self.depth).allSatisfy { $0.isNaN })
        let shares = zip(kept(mask), mask).map { Double($0) / Double($1.count) }
        #expect(Array(densities.suffix(Self.depth)) == shares, "\(name)")
        let empty = try numbers("empty_layers")
        #expect(empty[0].isNaN && empty[1] == Double(kept(mask).filter { $0 == 0 }.count), "\(name)")
        emptied[name] = empty[1]
        let cut = try numbers("disconnected_units")
        #expect(cut[0].isNaN && cut[1] == Double(disconnected(mask)) && cut[1] > 0, "\(name)")
      }
      // Weights of the first layer, with most inputs, start smallest.
      #expect(emptied["magnitude_at_start"] == 1 && emptied["synflow"] == 0, "\(emptied)")
    }
  }

  /// The distance of weights from others, where a mask leaves them.
  private func distance(_ weights: [[Float]], _ others: [[Float]], _ mask: [[UInt8]]) -> Double {
    zip(zip(weights.joined(), others.joined()), mask.joined()).reduce(0.0) {
      $1.1 == 1 ? $0 + pow(Double($1.0.0) - Double($1.0.1), 2) : $0
    }.squareRoot()
  }

  @Test(
    "begin where a ticket of one round begins, whatever is rewound",
    arguments: ["weights", "learning-rate", "fine-tuning"])
  func begin(what: String) throws {
    var settings = settings([.oneShot, .randomMask, .shuffledMask], rate: 0.6, rounds: 1)
    settings.rewinding.what = try #require(Rewinding(rawValue: what))
    settings.rewinding.step = 4
    settings.rewinding.rate = 1e-4
    try inRun(of: LotteryTicketExperiment.self, settings) { file in
      let (ticket, once): ([[Float]], [[Float]]) = (try layers("ticket_1", file), try layers("one_shot_1", file))
      #expect(ticket == once)
      // Such a rate moves nothing far.
      guard what == "fine-tuning" else { return }
      let (dense, rewound): ([[Float]], [[Float]]) = (try layers("ticket_0", file), try layers("rewound", file))
      for name in ["random_mask", "shuffled_mask", "one_shot"] {
        let (weights, mask): ([[Float]], [[UInt8]]) = (
          try layers("\(name)_1", file), try layers("\(name)_mask_1", file)
        )
        #expect(distance(weights, dense, mask) < 0.3 * distance(weights, rewound, mask), "\(name)")
      }
    }
  }
}
