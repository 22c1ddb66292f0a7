import Commands
import Harness

/// The experiments that ship with the program, in the order in which they are listed.
enum Builtin: ExperimentRegistry {
  static let experiments: [any Experiment.Type] = []
}

LandscapeCommand<Builtin>.launch()
