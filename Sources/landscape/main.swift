import Commands
import Flatness
import GradientDescent
import Harness
import HessianSpectrum
import LotteryTicket
import ModeConnectivity
import WidthSweep

/// The experiments that ship with the program, in the order in which they are listed.
enum Builtin: ExperimentRegistry {
  static let experiments: [any Experiment.Type] = [
    FlatnessExperiment.self, GradientDescentExperiment.self, HessianSpectrumExperiment.self,
    LotteryTicketExperiment.self, ModeConnectivityExperiment.self, WidthSweepExperiment.self,
  ]
}

LandscapeCommand<Builtin>.launch()
