import Configuration
import Flatness
import Foundation
import Harness
import HessianSpectrum
import LotteryTicket
import ModeConnectivity
import Networks
import Storage
import Testing
import WidthSweep

/// Whether a variable is a loss, a mean or extremum of losses, or a difference of losses, by its name alone.
private func isOfLosses(_ path: String) -> Bool {
  let name = (path.split(separator: "/").last.map(String.init) ?? path).replacing("_standard_error", with: "")
  // Keskar's is in percent, and an eigenvalue may be called a sharpness.
  if name.contains("error") || ["box_sharpness", "subspace_sharpness", "initial_sharpness"].contains(name) {
    return false
  }
  let ofPaths = ["maximum", "mean", "arc_length_mean", "lowest_pass", "edge_maximum"]
  let endings = ["loss", "loss_gap", "objective", "barrier", "rise", "_sharpness"]
  return ofPaths.contains(name.replacing("test_", with: "")) || endings.contains { name.hasSuffix($0) }
}

@Suite("A loss and every difference of losses bear the loss's unit, and nothing else does")
struct UnitTests {
  private static let recipe =
    "{network: {hidden: [4]}, data: {train_count: 40, test_count: 20}, batch_size: 10, steps: 8, loss: LOSS}"
  private static let slices =
    "slices: {lines: 2, points: 3, plane_points: 3, direction: principal-component, trajectory_points: 2}"

  /// Makes a run for each loss and looks at all variables of its file and of the minima behind it.
  private func check<E: Experiment>(
    _ experiment: E.Type, _ yaml: String, among wanted: [String], losses: [Loss] = [.crossEntropy, .meanSquaredError]
  ) throws {
    for loss in losses {
      try inFolder { folder in
        let run = E.planned(
          try E.Settings(yaml: "{\(yaml.replacing("LOSS", with: loss.rawValue)), \(Self.slices)}"), seed: 1)
        let reports = Batch([run], folder: folder).execute()
        #expect(reports[0].ending == .finished, "\(reports[0].ending)")
        var files = [run.file(in: folder)]
        let minima = folder.path + "/minima"
        if FileManager.default.fileExists(atPath: minima) {
          files += try FileManager.default.contentsOfDirectory(atPath: minima).map { "\(minima)/\($0)" }
        }
        var seen: Set<String> = []
        for file in files where file.hasSuffix(".h5") {
          let content = try GroupFile(file).read()
          for part in ["measurements", "trajectory"] {
            for (path, variable) in try content.group(part).variablePaths {
              let isLoss = isOfLosses(path)
              if isLoss { seen.insert("\(part)/\(path)") }
              let isRight = isLoss ? variable.units == loss.unit : variable.units != "nat"
              #expect(isRight, "\(E.name), \(loss.rawValue): \(part)/\(path) is in \(variable.units)")
            }
          }
        }
        #expect(seen.isSuperset(of: wanted), "\(Set(wanted).subtracting(seen)) of \(seen.sorted())")
      }
    }
  }

  @Test("in flatness, and along the training of its minimum")
  func flatness() throws {
    let measures = "measures: {subspace: 5, ascent_steps: 2, noise_pairs: 2, trace_probes: 2, flatness_probes: 2}"
    try check(
      FlatnessExperiment.self, "minimum: \(Self.recipe), \(measures), rescaling: 2",
      among: [
        "measurements/loss_gap", "measurements/rescaling/original/sam_sharpness", "measurements/slices/train_rise",
        "measurements/slices/planes/test_loss", "trajectory/batch_loss", "trajectory/train_loss",
      ], losses: [.crossEntropy, .meanSquaredError, .logistic, .hinge])
  }

  @Test("in mode-connectivity")
  func modeConnectivity() throws {
    let less = """
      path_points: 3, initialization_points: 3, measure: [initialization, line, bezier, chain, plane, elastic-band, matching,
      tree, instability], curve: {steps: 3, batch_size: 10}, elastic_band: {cycles: 1, steps: 2, batch_size: 10},
      instability: {forks: [0, 4]}, plane: {alpha_count: 3, beta_count: 2}, matching: {methods: [weights]}
      """
    try check(
      ModeConnectivityExperiment.self, "minimum: \(Self.recipe), \(less)",
      among: [
        "measurements/ends/objective", "measurements/line/train_barrier", "measurements/tree/lowest_pass",
        "measurements/initialization/first/largest_rise", "measurements/instability/test_loss_barrier",
        "measurements/plane/bezier/train_loss", "measurements/slices/second/train_loss",
      ])
  }

  @Test("in lottery-ticket")
  func lotteryTicket() throws {
    try check(
      LotteryTicketExperiment.self,
      "training: \(Self.recipe), pruning: {rounds: 1}, evaluations: 2, controls: [random-mask]",
      among: [
        "measurements/ticket/validation_loss", "measurements/random_mask/early_stop_test_loss",
        "measurements/ticket/train_loss", "measurements/slices/dense/train_loss",
      ])
  }

  @Test("in width-sweep, its trajectory among it")
  func widthSweep() throws {
    try check(
      WidthSweepExperiment.self,
      "training: \(Self.recipe), width: 4, barrier_points: 3, restarts: 1, sharpness: true",
      among: [
        "measurements/initial_train_loss", "measurements/restart_loss", "measurements/barrier/train_barrier",
        "measurements/test_loss", "trajectory/train_loss",
      ])
  }

  @Test("in hessian-spectrum, its trajectory among it")
  func hessianSpectrum() throws {
    let less = """
      along: {largest: 1, trace_probes: 0}, spectrum: {largest: 1, power_count: 0, trace_probes: 0, density_probes: 0},
      saddles: {points: 1, noise: [0], descent_steps: 1, newton_steps: 1, kicks: 0}
      """
    try check(
      HessianSpectrumExperiment.self, "training: \(Self.recipe), precision: float64, \(less)",
      among: [
        "measurements/final/objective", "measurements/final/test_loss", "measurements/saddles/loss",
        "trajectory/loss", "trajectory/objective",
      ])
  }
}
