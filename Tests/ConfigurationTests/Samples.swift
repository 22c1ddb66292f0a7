import Configuration

enum Activation: String, CaseIterable { case relu, tanh, softplus }

struct OptimizerSample: Configurable {
  var name = "sgd"
  var learningRate = 0.1
  var momentum = 0.0

  static let schema = Schema<Self> {
    Setting("name", \.name, "The method.", allowed: ["gd", "sgd"])
    Setting("learning_rate", \.learningRate, "The step's factor.", allowed: Above(0.0))
    Setting("momentum", \.momentum, "The share of the last step that is kept.", allowed: 0.0..<1.0)
  }

  var conflict: String? { name == "gd" && momentum > 0 ? "gd has no momentum, not \(momentum)" : nil }
}

struct Sample: Configurable {
  var width = 64
  var activation = Activation.relu
  var note = ""
  var positions: [Double] = [0, 0.5, 1]
  var depths: [Int] = [1]
  var limit: Double?
  var exact = false
  var optimizer = OptimizerSample()

  static let schema = Schema<Self> {
    Setting("width", \.width, "Units in each hidden layer.", allowed: 1...4096)
    Setting("activation", \.activation, "The nonlinearity.")
    Setting("note", \.note, "Anything.")
    Setting("positions", \.positions, "Where to look.", allowed: 0.0...1.0)
    Setting("depths", \.depths, "Numbers of layers.", allowed: 1...)
    Setting("limit", \.limit, "When to stop.", allowed: 0.0..., units: "s")
    Setting("exact", \.exact, "Whether rounding is avoided.")
    Section("optimizer", \.optimizer, "How it is trained.")
  }

  var conflict: String? { width > 1000 && exact ? "exact needs a width of at most 1000, not \(width)" : nil }
}

/// The sentence that reading `yaml` fails with, or "read" if it doesn't.
func failure(_ yaml: String) -> String {
  do {
    _ = try Sample(yaml: yaml, file: "a.yaml")
    return "read"
  } catch { return error.description }
}

func overrideFailure(_ text: String) -> String {
  do {
    _ = try Sample(overrides: [text])
    return "read"
  } catch { return error.description }
}
