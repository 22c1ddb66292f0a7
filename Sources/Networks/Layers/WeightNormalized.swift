public import Components
public import Differentiation
public import Tensors

/// A layer whose weight is W = g v / |v|, the norm taken for each unit (Salimans & Kingma 2016).
///
/// v starts as the layer's weight would and g as its norms, so that the function at the start is the layer's own.
public struct WeightNormalized: Layer {
  /// The layer whose first parameter is the weight.
  public let base: any Layer

  /// Wraps a layer whose first parameter is its only weight.
  public init(_ base: any Layer) {
    precondition(
      base.parameters.first?.isWeight == true && base.parameters.count(where: \.isWeight) == 1,
      "weight normalization needs a layer with one weight, before its other parameters")
    self.base = base
  }

  /// `weight-normalization`.
  public static var component: Component {
    Component(
      .layer, "weight-normalization", "W = g v / |v| in a dense or convolution layer, unit by unit",
      references: [.salimans2016])
  }

  /// The layer's own.
  public var kind: String { base.kind }

  /// `weight` v, `scale` g, then the layer's others.
  public var parameters: [Parameter] {
    let own = base.parameters
    return [own[0], .scale(units: units)] + own.dropFirst()
  }

  private var units: Int { base.parameters[0].shape.dimensions.last ?? 1 }

  /// The layer's.
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { try base.outputShape(for: input) }

  /// The layer's, and g from v.
  public func initialValues(_ draw: (Parameter) -> [Double]) -> [[Double]] {
    let own = base.initialValues(draw)
    var norms = [Double](repeating: 0, count: units)
    for (index, value) in own[0].enumerated() { norms[index % units] += value * value }
    return [own[0], norms.map { $0.squareRoot() }] + own.dropFirst()
  }

  /// The layer with g v / |v|.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let v = parameters[0]
    let square = v.square().sum(over: Array(0..<v.shape.rank - 1))
    let factor = parameters[1] * square.squareRoot().reciprocal()
    return base(x, [v * factor.broadcastRows(to: v.shape)] + parameters.dropFirst(2), in: pass)
  }
}
