import Commands
import GradientDescent
import Harness
import HessianSpectrum
import ModeConnectivity

/// The experiments that ship with the program, in the order in which they are listed.
enum Builtin: ExperimentRegistry {
  static let experiments: [any Experiment.Type] = [
    GradientDescentExperiment.self, HessianSpectrumExperiment.self, ModeConnectivityExperiment.self,
  ]
}

LandscapeCommand<Builtin>.launch()
