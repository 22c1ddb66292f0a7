public import Tensors

/// What a network is made from: an architecture with its sizes and parts.
public struct NetworkDesign: Hashable, Sendable {
  /// The architecture.
  public var architecture: Architecture
  /// Units of each hidden layer, where the architecture leaves them open.
  public var hidden: [Int]
  /// The width where the architecture has one number for it; `nil` for its own. Other widths keep their proportions.
  public var width: Int?
  /// The nonlinearity.
  public var activation: Activation
  /// How parameters start.
  public var initialization: Initialization
  /// How they enter the function, and how fast they learn.
  public var parameterization: Form
  /// The width at which `maximalUpdate` is the standard form.
  public var baseWidth: Int

  /// The kinds of parameterization.
  public enum Form: String, CaseIterable, Codable, Sendable {
    /// ``Parameterization/standard``.
    case standard
    /// ``Parameterization/neuralTangent``.
    case neuralTangent = "ntk"
    /// ``Parameterization/maximalUpdate(widthRatio:)``.
    case maximalUpdate = "mup"
  }

  /// A design; by default a perceptron with two hidden layers of 64 units.
  public init(
    _ architecture: Architecture = .perceptron, hidden: [Int] = [64, 64], width: Int? = nil,
    activation: Activation = .relu, initialization: Initialization = Initialization(.kaimingNormal),
    parameterization: Form = .standard, baseWidth: Int = 64
  ) {
    self.architecture = architecture
    self.hidden = hidden
    self.width = width
    self.activation = activation
    self.initialization = initialization
    self.parameterization = parameterization
    self.baseWidth = baseWidth
  }

  /// The network for examples of a shape and so many outputs. Throws when the examples don't fit.
  public func network(for input: Shape, outputs: Int) throws(ShapeMismatch) -> Network {
    try Network(
      inputShape: try inputShape(for: input), try layers(for: input, outputs: outputs), initialization: initialization,
      parameterization: form)
  }

  /// The width that stands for all others.
  public var ownWidth: Int {
    switch architecture {
    case .perceptron, .deepLinear, .autoencoder: hidden.first ?? baseWidth
    case .leNet300: width ?? 300
    case .elman: width ?? 64
    }
  }

  private var form: Parameterization {
    switch parameterization {
    case .standard: .standard
    case .neuralTangent: .neuralTangent
    case .maximalUpdate: .maximalUpdate(widthRatio: Double(ownWidth) / Double(baseWidth))
    }
  }

  /// How the architecture sees an example.
  private func inputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    switch architecture {
    case .perceptron, .deepLinear, .leNet300, .autoencoder: return [input.count]
    case .elman: return input.rank == 0 ? [1, 1] : [input[0], input.count / max(1, input[0])]
    }
  }

  private func layers(for input: Shape, outputs: Int) throws(ShapeMismatch) -> Sequential {
    switch architecture {
    case .perceptron: return dense([input.count] + hidden + [outputs])
    case .deepLinear: return linear([input.count] + hidden + [outputs])
    case .leNet300: return dense([input.count, ownWidth, scaled(100, of: 300), outputs])
    case .autoencoder: return dense([input.count] + hidden + hidden.dropLast().reversed() + [input.count])
    case .elman:
      let features = input.rank == 0 ? 1 : input.count / max(1, input[0])
      return Sequential([
        Recurrent(inputs: features, units: ownWidth, activation: activation), Dense(inputs: ownWidth, outputs: outputs),
      ])
    }
  }

  /// A width of the original in proportion to this one's.
  func scaled(_ original: Int, of whole: Int) -> Int { max(1, (original * ownWidth + whole / 2) / whole) }
}
