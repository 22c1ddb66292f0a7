public import Tensors

/// What a network is made from: an architecture with its sizes and parts.
public struct NetworkDesign: Hashable, Sendable {
  /// The architecture.
  public var architecture: Architecture
  /// Units of each hidden layer, where the architecture leaves them open.
  public var hidden: [Int]
  /// The width where the architecture has one number for it; `nil` for the published. Other widths keep their proportions.
  public var width: Int?
  /// The depth where the architecture has one to choose; `nil` for its default.
  public var depth: Int?
  /// The nonlinearity.
  public var activation: Activation
  /// What stands before each nonlinearity.
  public var normalization = NormalizationChoice.published
  /// Groups of channels, for group normalization.
  public var groups = 8
  /// Whether residual blocks have shortcuts.
  public var hasSkips = true
  /// How shortcuts change shapes.
  public var shortcut = ShortcutChoice.padded
  /// What weights are computed from.
  public var weightNormalization = WeightNormalizationChoice.none
  /// The share of units dropped before each dense layer that does not see the inputs.
  public var dropout = 0.0
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
    _ architecture: Architecture = .perceptron, hidden: [Int] = [64, 64], width: Int? = nil, depth: Int? = nil,
    activation: Activation = .relu, initialization: Initialization = Initialization(.kaimingNormal),
    parameterization: Form = .standard, baseWidth: Int = 64
  ) {
    self.architecture = architecture
    self.hidden = hidden
    self.width = width
    self.depth = depth
    self.activation = activation
    self.initialization = initialization
    self.parameterization = parameterization
    self.baseWidth = baseWidth
  }

  /// The network for examples of a shape and so many outputs. Throws when the examples don't fit.
  ///
  /// The design must have no ``conflict``.
  public func network(for input: Shape, outputs: Int) throws(ShapeMismatch) -> Network {
    if let conflict { preconditionFailure(conflict) }
    let shape = try inputShape(for: input)
    return try Network(
      inputShape: shape, try layers(for: shape, outputs: outputs), initialization: initialization,
      parameterization: form)
  }

  /// The width that stands for all others.
  public var ownWidth: Int { width ?? architecture.publishedWidth ?? hidden.first ?? baseWidth }
  /// The depth, 0 where the architecture has none to choose.
  var ownDepth: Int { depth ?? architecture.depths.first ?? 0 }

  private var form: Parameterization {
    switch parameterization {
    case .standard: .standard
    case .neuralTangent: .neuralTangent
    case .maximalUpdate: .maximalUpdate(widthRatio: Double(ownWidth) / Double(baseWidth))
    }
  }

  /// How the architecture sees an example: flat, as a sequence [steps, features], or as an image with channels.
  private func inputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    if architecture == .elman {
      guard input.count > 0, let steps = input.dimensions.first else {
        throw ShapeMismatch("a sequence needs steps, and examples of shape \(input) have none")
      }
      return [steps, input.count / steps]
    }
    guard architecture.takesImages else { return [input.count] }
    switch input.rank {
    case 2: return [input[0], input[1], 1]
    case 3: return input
    default:
      throw ShapeMismatch("it takes images [height, width] or [height, width, channels]")
    }
  }

  private func layers(for input: Shape, outputs: Int) throws(ShapeMismatch) -> Sequential {
    switch architecture {
    case .perceptron: return dense([input.count] + hidden + [outputs])
    case .deepLinear: return linear([input.count] + hidden + [outputs])
    case .leNet300: return dense([input.count, ownWidth, scaled(100, of: 300), outputs])
    case .autoencoder: return dense([input.count] + hidden + hidden.dropLast().reversed() + [input.count])
    case .elman:
      return Sequential([
        Recurrent(inputs: input[1], units: ownWidth, activation: activation), reparametrized(ownWidth, outputs),
      ])
    case .leNet5: return try leNet5(for: input, outputs: outputs)
    case .conv: return try conv(for: input, outputs: outputs)
    case .vggSmall: return vggSmall(for: input, outputs: outputs)
    case .resNet: return resNet(for: input, outputs: outputs)
    }
  }

  private func reparametrized(_ inputs: Int, _ outputs: Int) -> any Layer {
    reparametrized(Dense(inputs: inputs, outputs: outputs))
  }

  /// A width of the original in proportion to this one's.
  func scaled(_ original: Int, of whole: Int) -> Int { max(1, (original * ownWidth + whole / 2) / whole) }
}
