public import Components
public import Differentiation
public import Tensors

/// Sets each element to 0 with probability `rate` and divides the others by 1 - rate, where a pass has random words; else
/// the identity.
public struct Dropout: Layer {
  /// The probability of 0.
  public let rate: Double

  /// Creates the layer.
  public init(rate: Double) {
    precondition(rate >= 0 && rate < 1, "a dropout rate of \(rate) is not in 0 ..< 1")
    self.rate = rate
  }

  /// `dropout`.
  public static var component: Component {
    Component(
      .layer, "dropout", "y = x m / (1 - p), m = 0 with probability p and else 1, by the step's key",
      settings: [.init("dropout", "p, the probability of 0", allowed: "0 <= p < 1", default: "0")],
      references: [.srivastava2014])
  }

  /// Whether the rate is above 0.
  public var dropsOut: Bool { rate > 0 }

  /// The input's.
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { input }

  /// Multiplies by the mask.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    guard let words = pass.words, rate > 0 else { return x }
    return x * Symbol.dropoutMask(words: words, layer: pass.nextDropout(), shape: x.shape, rate: rate)
  }
}

/// y = x + b with one number b for everything (Zhang et al. 2019).
public struct ScalarBias: Layer {
  /// Creates the layer.
  public init() {}
  /// `scalar-bias`.
  public static var component: Component {
    Component(.layer, "scalar-bias", "y = x + b, one number b", references: [.zhang2019])
  }
  /// `bias`.
  public var parameters: [Parameter] { [.bias(units: 1)] }
  /// The input's.
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { input }
  /// Adds.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    x + parameters[0].reshaped(to: [])
  }
}

/// y = a x with one number a for everything, 1 at the start (Zhang et al. 2019).
public struct ScalarScale: Layer {
  /// Creates the layer.
  public init() {}
  /// `scalar-scale`.
  public static var component: Component {
    Component(.layer, "scalar-scale", "y = a x, one number a", references: [.zhang2019])
  }
  /// `scale`.
  public var parameters: [Parameter] { [.scale(units: 1)] }
  /// The input's.
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { input }
  /// Multiplies.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    parameters[0].reshaped(to: []) * x
  }
}
