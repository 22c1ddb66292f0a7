public import Components
public import Differentiation
public import Tensors

/// An elementwise nonlinearity; it is a layer of its own.
public enum Activation: String, CaseIterable, Codable, Sendable {
  /// x.
  case identity
  /// max(x, 0).
  case relu
  /// tanh(x).
  case tanh
  /// 1 / (1 + exp(-x)).
  case sigmoid
  /// x Phi(x), Phi the normal distribution function (Hendrycks & Gimpel 2016), in its exact form.
  case gelu
  /// log(1 + exp(x)).
  case softplus
  /// erf(x) = 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x, whose kernels of infinite width have closed forms.
  case erf

  /// Applies it to every element.
  public func callAsFunction(_ x: Symbol) -> Symbol {
    switch self {
    case .identity: x
    case .relu: x.relu()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .gelu: x.gelu()
    case .softplus: x.softplus()
    case .erf: x.erf()
    }
  }
}

extension Activation: Layer {
  /// `activation`.
  public static var component: Component {
    Component(
      .layer, "activation", "y = phi(x), element by element",
      settings: [
        .init(
          "activation", "phi", allowed: "one of \(allCases.map(\.rawValue).joined(separator: ", "))", default: "relu")
      ], references: [.hendrycks2016])
  }

  /// The input's.
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { input }

  /// phi(x).
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol { self(x) }
}
