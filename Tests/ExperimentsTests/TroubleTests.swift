import Flatness
import Harness
import HessianSpectrum
import LotteryTicket
import ModeConnectivity
import Storage
import Testing
import WidthSweep

@Suite("A run that diverges is a diverged one in its file and its report, and the sweep goes on")
struct TroubleTests {
  /// A sweep over an absurd learning rate and a sound one, of small trainings.
  private func check<E: Experiment>(
    _ experiment: E.Type, _ short: E.Settings, training recipe: WritableKeyPath<E.Settings, Recipe>
  ) throws {
    func settings(rate: Double) -> E.Settings {
      var settings = short
      settings[keyPath: recipe].network.hidden = [4]
      settings[keyPath: recipe].data.trainCount = 40
      settings[keyPath: recipe].data.testCount = 20
      settings[keyPath: recipe].steps = 20
      settings[keyPath: recipe].schedule.learningRate = rate
      return settings
    }
    try checkSweepGoesOn(experiment, diverging: settings(rate: 1e8), sound: settings(rate: 0.05))
  }

  @Test("flatness")
  func flatness() throws {
    var settings = FlatnessSettings()
    settings.slices.lines = 0
    try check(FlatnessExperiment.self, settings, training: \.minimum)
  }

  @Test("hessian-spectrum")
  func hessianSpectrum() throws {
    var settings = HessianSpectrumSettings()
    settings.spectrum.largest = 12
    try check(HessianSpectrumExperiment.self, settings, training: \.training)
  }

  @Test("lottery-ticket")
  func lotteryTicket() throws {
    var settings = LotteryTicketSettings()
    settings.pruning.rounds = 2
    try check(LotteryTicketExperiment.self, settings, training: \.training)
  }

  @Test("mode-connectivity")
  func modeConnectivity() throws {
    var settings = ModeConnectivitySettings()
    settings.measure = [.line]
    try check(ModeConnectivityExperiment.self, settings, training: \.minimum)
  }

  @Test("width-sweep")
  func widthSweep() throws {
    var settings = WidthSweepSettings()
    settings.width = 4
    try check(WidthSweepExperiment.self, settings, training: \.training)
  }
}
