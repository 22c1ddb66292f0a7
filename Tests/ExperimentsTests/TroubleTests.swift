import Flatness
import Harness
import HessianSpectrum
import LotteryTicket
import ModeConnectivity
import Storage
import Testing
import WidthSweep

private func shortRecipe(_ recipe: Recipe, rate: Double) -> Recipe {
  var recipe = recipe
  recipe.network.hidden = [4]
  recipe.data.trainCount = 40
  recipe.data.testCount = 20
  recipe.steps = 20
  recipe.schedule.learningRate = rate
  return recipe
}

@Suite("A run that diverges is a diverged one in its file and its report, and the sweep goes on")
struct TroubleTests {
  private let absurd = 1e8
  private let sound = 0.05

  @Test("flatness")
  func flatness() throws {
    func settings(_ rate: Double) -> FlatnessSettings {
      var settings = FlatnessSettings()
      settings.minimum = shortRecipe(settings.minimum, rate: rate)
      settings.slices.lines = 0
      return settings
    }
    try checkSweepGoesOn(FlatnessExperiment.self, diverging: settings(absurd), sound: settings(sound))
  }

  @Test("hessian-spectrum")
  func hessianSpectrum() throws {
    func settings(_ rate: Double) -> HessianSpectrumSettings {
      var settings = HessianSpectrumSettings()
      settings.training = shortRecipe(settings.training, rate: rate)
      settings.spectrum.largest = 12
      return settings
    }
    try checkSweepGoesOn(HessianSpectrumExperiment.self, diverging: settings(absurd), sound: settings(sound))
  }

  @Test("lottery-ticket")
  func lotteryTicket() throws {
    func settings(_ rate: Double) -> LotteryTicketSettings {
      var settings = LotteryTicketSettings()
      settings.training = shortRecipe(settings.training, rate: rate)
      settings.pruning.rounds = 2
      return settings
    }
    try checkSweepGoesOn(LotteryTicketExperiment.self, diverging: settings(absurd), sound: settings(sound))
  }

  @Test("mode-connectivity")
  func modeConnectivity() throws {
    func settings(_ rate: Double) -> ModeConnectivitySettings {
      var settings = ModeConnectivitySettings()
      settings.minimum = shortRecipe(settings.minimum, rate: rate)
      settings.measure = [.line]
      return settings
    }
    try checkSweepGoesOn(ModeConnectivityExperiment.self, diverging: settings(absurd), sound: settings(sound))
  }

  @Test("width-sweep")
  func widthSweep() throws {
    func settings(_ rate: Double) -> WidthSweepSettings {
      var settings = WidthSweepSettings()
      settings.training = shortRecipe(settings.training, rate: rate)
      settings.width = 4
      return settings
    }
    try checkSweepGoesOn(WidthSweepExperiment.self, diverging: settings(absurd), sound: settings(sound))
  }
}
