public import Differentiation

/// The nonlinearity after a layer.
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

  /// Applies it to every element.
  public func callAsFunction(_ x: Symbol) -> Symbol {
    switch self {
    case .identity: x
    case .relu: x.relu()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .gelu: x.gelu()
    case .softplus: x.softplus()
    }
  }
}
