public import Components
public import Differentiation
public import Tensors

/// The last state of h_t = phi(x_t W + h_(t-1) U + b), h_0 = 0, unrolled over all steps of a sequence [steps, features].
///
/// W is [features, units], U is [units, units]. Cost: one product for all x_t W, then one small product for each step.
public struct Recurrent: Layer {
  /// Features of one step.
  public let inputs: Int
  /// Numbers of the state.
  public let units: Int
  /// phi.
  public let activation: Activation

  /// Creates the layer.
  public init(inputs: Int, units: Int, activation: Activation = .tanh) {
    precondition(inputs > 0 && units > 0, "a recurrent layer of \(inputs) inputs and \(units) units")
    self.inputs = inputs
    self.units = units
    self.activation = activation
  }

  /// `recurrent`.
  public static var component: Component {
    Component(
      .layer, "recurrent", "h_t = phi(x_t W + h_(t-1) U + b), h_0 = 0; the result is the last state",
      settings: [
        .init("units", "numbers of the state", allowed: "at least 1", default: "64"),
        .init("activation", "phi", allowed: "any activation", default: "tanh"),
      ], references: [.elman1990])
  }

  /// `input` W, `recurrent` U, `bias` b.
  public var parameters: [Parameter] {
    [
      .weight("input", shape: [inputs, units], fanIn: inputs, fanOut: units),
      .weight("recurrent", shape: [units, units], fanIn: units, fanOut: units), .bias(units: units),
    ]
  }

  /// [units].
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard input.rank == 2, input[0] > 0, input[1] == inputs else {
      throw ShapeMismatch("a recurrent layer takes sequences [steps, \(inputs)], not examples of shape \(input)")
    }
    return [units]
  }

  /// The last state.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let (count, steps) = (x.shape[0], x.shape[1])
    let driven = x.transposed([1, 0, 2]).reshaped(to: [steps * count, inputs]).matrixProduct(parameters[0])
    pass.note(product: driven, of: parameters[0])
    let rows = driven.reshaped(to: [steps * count * units])
    let bias = parameters[2].broadcastRows(to: [count, units])
    var state: Symbol?
    for step in 0..<steps {
      let input = rows.block(step * count * units, shape: [count, units]) + bias
      state = activation(state.map { input + $0.matrixProduct(parameters[1]) } ?? input)
    }
    guard let state else { preconditionFailure("a sequence without steps: \(x.shape)") }
    return state
  }
}
