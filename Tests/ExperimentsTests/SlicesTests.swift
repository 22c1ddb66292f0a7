import Configuration
import Flatness
import Harness
import HessianSpectrum
import LotteryTicket
import ModeConnectivity
import Storage
import Tensors
import Testing
import WidthSweep

/// The section `slices` does in every experiment what it says.
@Suite("Slices in the experiments")
struct ExperimentSlicesTests {
  private static let recipe =
    "{network: {hidden: [4]}, data: {train_count: 40, test_count: 20}, batch_size: 10, steps: 12}"
  private static let slices =
    "slices: {lines: 2, points: 3, plane_points: 3, direction: principal-component, trajectory_points: 4}"

  /// Slices along a trajectory that was trained anew: they are there only if the new training has the run's own bits.
  private func check(_ slices: Group, loss: Double?) throws {
    #expect(!slices.remarks.contains { $0.hasPrefix("there are no") })
    let steps = try slices.dimension("step").coordinates.flatMap(Int.elements)
    #expect(steps == [0, 3, 6, 9, 12])
    let losses: [Double] = try slices.variable("train_loss").elements()
    #expect(losses.count == 6 && losses.allSatisfy(\.isFinite) && losses[1] == losses[4])
    if let loss { #expect(abs(losses[1] - loss) < 1e-6 * loss) }
    #expect(try slices.variable("planes/train_loss").shape == [1, 3, 3])
  }

  @Test("go through the minimum of flatness")
  func flatness() throws {
    let measures = "measures: {subspace: 5, ascent_steps: 2, noise_pairs: 2, trace_probes: 2, flatness_probes: 2}"
    let settings = try FlatnessSettings(yaml: "{minimum: \(Self.recipe), \(measures), \(Self.slices)}")
    try inRun(of: FlatnessExperiment.self, settings) { file in
      try check(
        try file.group("measurements/slices"), loss: try file.variable("measurements/train_loss").value())
    }
  }

  @Test("go through the end of a width sweep's network")
  func widthSweep() throws {
    let settings = try WidthSweepSettings(yaml: "{training: \(Self.recipe), width: 5, \(Self.slices)}")
    try inRun(of: WidthSweepExperiment.self, settings) { file in
      try check(
        try file.group("measurements/slices"), loss: try file.variable("measurements/train_loss").value())
    }
  }

  @Test(
    "go through the end of a network whose spectrum is measured, in both precisions", arguments: ["float32", "float64"])
  func hessianSpectrum(_ precision: String) throws {
    let less =
      "along: {largest: 1, trace_probes: 0}, spectrum: {largest: 1, power_count: 0, trace_probes: 0, density_probes: 0}"
    let settings = try HessianSpectrumSettings(
      yaml: "{training: \(Self.recipe), precision: \(precision), \(less), \(Self.slices)}")
    try inRun(of: HessianSpectrumExperiment.self, settings) { file in
      try check(
        try file.group("measurements/slices"), loss: try file.variable("measurements/final/train_loss").value())
    }
  }

  @Test("go through both minima of mode connectivity, and need one")
  func modeConnectivity() throws {
    let settings = try ModeConnectivitySettings(yaml: "{minimum: \(Self.recipe), measure: [line], \(Self.slices)}")
    try inRun(of: ModeConnectivityExperiment.self, settings) { file in
      let losses: [Double] = try file.variable("measurements/line/train_loss").elements()
      try check(try file.group("measurements/slices/first"), loss: losses.first)
      try check(try file.group("measurements/slices/second"), loss: losses.last)
    }
    var none = settings
    none.measure = [.instability]
    #expect(none.conflict?.contains("nothing that has minima") == true)
  }

  @Test("go through the dense network and the last ticket of a lottery, whose pruned weights stay zero")
  func lotteryTicket() throws {
    let yaml = "training: \(Self.recipe), pruning: {rounds: 2, rate: 0.5}, controls: []"
    try inRun(of: LotteryTicketExperiment.self, LotteryTicketSettings(yaml: "{\(yaml), \(Self.slices)}")) { file in
      let own: [Double] = try file.variable("measurements/ticket/train_loss").elements()
      try check(try file.group("measurements/slices/dense"), loss: own[0])
      try check(try file.group("measurements/slices/ticket"), loss: own[2])
    }
    // From a step of its own on, and from the weights that the round before has trained.
    for what in ["learning-rate", "fine-tuning"] {
      let later = "\(yaml), rewinding: {step: 2, what: \(what), rate: 0.01}"
      try inRun(of: LotteryTicketExperiment.self, LotteryTicketSettings(yaml: "{\(later), \(Self.slices)}")) { file in
        let ticket = try file.group("measurements/slices/ticket")
        #expect(try ticket.dimension("step").coordinates.flatMap(Int.elements) == [2, 4, 6, 8, 10, 12])
        let losses: [Double] = try ticket.variable("train_loss").elements()
        let own: [Double] = try file.variable("measurements/ticket/train_loss").elements()
        #expect(abs(losses[1] - own[2]) < 1e-5 * own[2])
      }
    }
    let random = "slices: {lines: 2, points: 3, direction: weight}"
    try inRun(of: LotteryTicketExperiment.self, LotteryTicketSettings(yaml: "{\(yaml), \(random)}")) { file in
      let ticket = try file.group("measurements/slices/ticket")
      let losses: [Double] = try ticket.variable("train_loss").elements()
      let own: [Double] = try file.variable("measurements/ticket/train_loss").elements()
      #expect(abs(losses[1] - own[2]) < 1e-5 * own[2])
      // Signs of the point's own size: the length is that of the ticket, which pruned weights are no part of.
      let weights = try file.group("checkpoints/ticket_2").variablePaths.flatMap {
        try $0.variable.elements(Float.self)
      }
      let lengths: [Double] = try ticket.variable("length").elements()
      let norm = weights.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(abs(lengths[0] - norm) < 1e-5 * norm)
      let share: [Double] = try ticket.variable("curvature_share").elements()
      #expect(share.allSatisfy { abs($0) > 0 && $0 < 1 })
    }
  }
}
