import Datasets
import Flatness
import Foundation
import Harness
import HessianSpectrum
import LotteryTicket
import ModeConnectivity
import Networks
import Storage
import Tensors
import Testing
import WidthSweep

/// Runs in which something is wrong, each beside a sound one: the table must say what, and the sweep must go on.
@Suite("What goes wrong in a run stands in its table")
struct RemarkTests {
  /// The report of the first of two runs, of which both have results, as the table of `run` sees it.
  private func remarks<E: Experiment>(
    _ experiment: E.Type, _ settings: E.Settings, beside sound: E.Settings? = nil
  ) throws -> [String] {
    try inFolder { folder in
      let runs = [E.planned(settings, seed: 3), E.planned(sound ?? settings, seed: 4)]
      let reports = Batch(runs, folder: folder, jobs: 1).execute()
      let goesOn = reports.allSatisfy { $0.hasResult }
      #expect(goesOn, "\(reports.map(\.ending))")
      if sound != nil { #expect(reports[1].remarks.isEmpty, "\(reports[1].remarks)") }
      let header = try RunFile.header(of: runs[0].file(in: folder))
      #expect(header.remarks == reports[0].remarks)
      #expect(Batch([runs[0]], folder: folder).execute()[0].remarks == header.remarks)
      return header.remarks
    }
  }

  private func small(_ recipe: inout Recipe, hidden: [Int] = [6], steps: Int = 40) {
    recipe.network.hidden = hidden
    recipe.data.trainCount = 60
    recipe.data.testCount = 30
    recipe.steps = steps
  }

  /// Steps so long that they throw ReLU units out of reach of every example, on losses that stay finite.
  private func deadly(_ recipe: inout Recipe) {
    small(&recipe)
    recipe.optimizer.momentum = 0
    recipe.schedule.learningRate = 60
  }

  private func flatness(_ change: (inout FlatnessSettings) -> Void = { _ in }) -> FlatnessSettings {
    var settings = FlatnessSettings()
    small(&settings.minimum, steps: 1500)
    settings.minimum.l2 = 1e-2
    settings.minimum.batchSize = nil
    settings.minimum.network.design.activation = .tanh
    settings.slices.lines = 0
    change(&settings)
    return settings
  }

  @Test("flatness: an end that is no minimum, dead units, and a training that diverged")
  func flatness() throws {
    let short = try remarks(FlatnessExperiment.self, flatness { $0.minimum.steps = 2 }, beside: flatness())
    #expect(short.count == 1 && short[0].hasPrefix("the end of training is no minimum: the gradient's norm is"))
    let dead = try remarks(
      FlatnessExperiment.self,
      flatness {
        deadly(&$0.minimum)
        $0.minimum.network.design.activation = .relu
      })
    #expect(dead.last?.hasSuffix("of 6 ReLU units of activation1 are dead") == true)
    let lost = try remarks(
      FlatnessExperiment.self,
      flatness {
        $0.minimum.network.design.activation = .relu
        $0.minimum.schedule.learningRate = 1e30
      })
    #expect(lost.count == 1 && lost[0].hasPrefix("the loss went out of bounds at step"))
  }

  @Test("mode-connectivity: ends that are none or have dead units, curves and copies that diverged")
  func modeConnectivity() throws {
    func settings(_ change: (inout ModeConnectivitySettings) -> Void) -> ModeConnectivitySettings {
      var settings = ModeConnectivitySettings()
      settings.measure = [.line]
      small(&settings.minimum, steps: 400)
      settings.minimum.batchSize = nil
      settings.minimum.network.design.activation = .tanh
      settings.pathPoints = 3
      change(&settings)
      return settings
    }
    let short = try remarks(
      ModeConnectivityExperiment.self, settings { $0.minimum.steps = 1 }, beside: settings { _ in })
    #expect(short.count == 2 && short[1].hasPrefix("ends: end 1 is no minimum: the gradient's norm is"))
    let dead = try remarks(
      ModeConnectivityExperiment.self,
      settings {
        deadly(&$0.minimum)
        $0.minimum.network.design.activation = .relu
      })
    #expect(dead.contains { $0.hasPrefix("ends: at the ends 0, 1, up to ") && $0.hasSuffix("ReLU units are dead") })
    let lost = try remarks(
      ModeConnectivityExperiment.self,
      settings {
        $0.measure = [.line]
        $0.minimum.schedule.learningRate = 1e30
        $0.minimum.network.design.activation = .relu
      })
    #expect(lost.count == 2 && lost[0].hasPrefix("end 0: the loss went out of bounds at step "), "\(lost)")
    #expect(lost.last?.hasPrefix("ends: end 1: the loss went out of bounds at step ") == true)
    let curve = try remarks(
      ModeConnectivityExperiment.self,
      settings {
        $0.measure = [.chain]
        $0.curve.steps = 30
        $0.curve.learningRate = 1e20
      })
    #expect(
      curve.count == 1 && curve[0].hasPrefix("chain: the loss of the polygonal chain went out of bounds at step"))
    let copies = try remarks(
      ModeConnectivityExperiment.self,
      settings {
        $0.measure = [.instability]
        $0.minimum.batchSize = 20
        $0.minimum.schedule.learningRate = 1e30
        $0.minimum.network.design.activation = .relu
        $0.instability.forks = [0]
      })
    #expect(copies == ["instability: in 2 of 2 copies that part at step 0 the loss went out of bounds"])
  }

  @Test("lottery-ticket: layers without a weight, units cut off, dead units, controls and tickets that diverged")
  func lotteryTicket() throws {
    func settings(_ change: (inout LotteryTicketSettings) -> Void) -> LotteryTicketSettings {
      var settings = LotteryTicketSettings()
      small(&settings.training, hidden: [6, 5])
      settings.training.network.design.activation = .tanh
      settings.pruning.rounds = 1
      settings.controls = []
      change(&settings)
      return settings
    }
    let emptied = try remarks(
      LotteryTicketExperiment.self,
      settings {
        $0.pruning.rate = 0.99
        $0.controls = [.snip]
      }, beside: settings { $0.pruning.rate = 0 })
    #expect(emptied.contains { $0.hasPrefix("after round 1 no output depends on") })
    #expect(emptied.contains { $0.hasPrefix("ticket: from round 1 on no weight is left in dense2/weight") })
    #expect(emptied.contains { $0.hasPrefix("snip: from round 1 on no weight is left in ") })
    let lost = try remarks(
      LotteryTicketExperiment.self,
      settings {
        $0.training.schedule.learningRate = 1e30
        $0.training.network.design.activation = .relu
        $0.pruning.rate = 0.1
        $0.controls = [.randomMask]
      })
    #expect(lost.first?.hasPrefix("the dense network's loss went out of bounds at step") == true)
    #expect(lost.contains("random_mask: after round 1 the loss went out of bounds"))
    let nothing = try remarks(
      LotteryTicketExperiment.self,
      settings {
        // The squares of such weights are zero, and the weights by their length no numbers.
        $0.training.network.design.weightNormalization = .weight
        $0.training.network.design.initialization.gain = 1e-30
      })
    #expect(nothing.first == "the dense network's loss was out of bounds from the start")
    #expect(nothing.contains("ticket: after round 1 the loss was out of bounds from the start"))
    let dead = try remarks(
      LotteryTicketExperiment.self,
      settings {
        deadly(&$0.training)
        $0.training.network.design.activation = .relu
      })
    #expect(
      dead.contains { $0.hasPrefix("of the dense network, ") && $0.hasSuffix("ReLU units of activation1 are dead") })
  }

  @Test("width-sweep: dead units, an end that is no minimum, restarts that diverged")
  func widthSweep() throws {
    func settings(_ change: (inout WidthSweepSettings) -> Void) -> WidthSweepSettings {
      var settings = WidthSweepSettings()
      small(&settings.training, steps: 400)
      settings.training.batchSize = nil
      settings.training.network.design.activation = .tanh
      settings.barrierPoints = 3
      change(&settings)
      return settings
    }
    let short = try remarks(WidthSweepExperiment.self, settings { $0.training.steps = 1 }, beside: settings { _ in })
    #expect(
      short.count == 2 && short[0].hasPrefix("barrier: the end of the network's training is no minimum: the gradient's")
    )
    let lost = try remarks(
      WidthSweepExperiment.self,
      settings {
        $0.training.network.design.activation = .relu
        $0.training.schedule.learningRate = 1e30
        $0.barrierPoints = 0
        $0.restarts = 2
      })
    #expect(lost.count == 2 && lost[0].hasPrefix("the loss went out of bounds at step"))
    #expect(lost.last == "in 2 of 2 trainings from other starts the loss went out of bounds")
    let dead = try remarks(
      WidthSweepExperiment.self,
      settings {
        deadly(&$0.training)
        $0.training.network.design.activation = .relu
        $0.barrierPoints = 0
      })
    #expect(dead.count == 1 && dead[0].hasSuffix("of 6 ReLU units of activation1 are dead"))
  }

  @Test("hessian-spectrum: what is said of the end of training")
  func hessianSpectrum() throws {
    var settings = HessianSpectrumSettings()
    small(&settings.training, steps: 2)
    settings.spectrum.largest = 2
    settings.spectrum.smallest = 1
    let short = try remarks(HessianSpectrumExperiment.self, settings)
    #expect(
      short == short.filter { $0.hasPrefix("final: the end of training is no minimum: ") } && short.count == 1,
      "\(short)")
    deadly(&settings.training)
    let dead = try remarks(HessianSpectrumExperiment.self, settings)
    #expect(dead.contains { $0.hasPrefix("final: ") && $0.hasSuffix("ReLU units of activation1 are dead") })
  }
}
