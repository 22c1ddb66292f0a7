public import Components

/// The networks that can be picked by name. ``NetworkDesign`` adds widths, depths and the rest.
public enum Architecture: String, CaseIterable, Codable, Sendable {
  /// Dense layers with a nonlinearity between.
  case perceptron = "mlp"
  /// Dense layers without biases and nonlinearities.
  case deepLinear = "deep-linear"
  /// The perceptron with 300 and 100 hidden units.
  case leNet300 = "lenet-300-100"
  /// From the inputs to a few units and back; its targets are its inputs.
  case autoencoder
  /// Elman's network: a recurrent layer over a sequence, then a dense one on its last state.
  case elman
}

extension Architecture {
  /// Its description.
  public var component: Component {
    switch self {
    case .perceptron:
      Component(
        .architecture, rawValue, "dense layers with a nonlinearity between: x W_1 + b_1, phi, ..., W_k + b_k",
        settings: [hidden("64, 64")])
    case .deepLinear:
      Component(
        .architecture, rawValue, "x W_1 W_2 ... W_k, without biases", settings: [hidden("64, 64")],
        references: [.saxe2014])
    case .leNet300:
      Component(
        .architecture, rawValue, "dense layers of 300, 100 and the classes' units",
        settings: [width("units of the first layer; the second has a third", "300")], references: [.lecun1998])
    case .autoencoder:
      Component(
        .architecture, rawValue, "dense layers through the hidden widths and back; targets are the inputs",
        settings: [hidden("64, 64")], references: [.hinton2006])
    case .elman:
      Component(
        .architecture, rawValue, "h_t = phi(x_t W + h_(t-1) U + b), then a dense layer on the last state",
        settings: [width("numbers of the state", "64")], references: [.elman1990])
    }
  }

  private func hidden(_ value: String) -> Component.Setting {
    .init("hidden", "units of each hidden layer", allowed: "a list of integers of at least 1", default: "[\(value)]")
  }

  private func width(_ meaning: String, _ value: String) -> Component.Setting {
    .init("width", meaning, allowed: "at least 1", default: value)
  }
}
