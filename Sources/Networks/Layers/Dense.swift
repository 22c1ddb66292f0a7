public import Components
public import Differentiation
public import Tensors

/// y = x W + b, W of shape [inputs, outputs]. Inputs of any shape are flattened.
public struct Dense: Layer {
  /// Features of an example.
  public let inputs: Int
  /// Units.
  public let outputs: Int
  /// Whether there is a b.
  public let hasBias: Bool

  /// Creates the layer.
  public init(inputs: Int, outputs: Int, hasBias: Bool = true) {
    precondition(inputs > 0 && outputs > 0, "a dense layer of \(inputs) inputs and \(outputs) outputs")
    self.inputs = inputs
    self.outputs = outputs
    self.hasBias = hasBias
  }

  /// `dense`.
  public static var component: Component {
    Component(
      .layer, "dense", "y = x W + b, every unit sees every input",
      settings: [
        .init("outputs", "units", allowed: "at least 1", default: "the next layer's inputs"),
        .init("bias", "whether b is added", allowed: "true or false", default: "true"),
      ])
  }

  /// `weight` and `bias`.
  public var parameters: [Parameter] {
    [.weight(shape: [inputs, outputs], fanIn: inputs, fanOut: outputs)] + (hasBias ? [.bias(units: outputs)] : [])
  }

  /// [outputs].
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard input.count == inputs else {
      throw ShapeMismatch("a dense layer of \(inputs) inputs can't take examples of shape \(input)")
    }
    return [outputs]
  }

  /// x W + b.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let product = x.reshaped(to: [x.shape[0], inputs]).matrixProduct(parameters[0])
    pass.note(product: product, of: parameters[0])
    return hasBias ? product + parameters[1].broadcastRows(to: product.shape) : product
  }
}

/// All features of an example in one row.
public struct Flatten: Layer {
  /// Creates the layer.
  public init() {}

  /// `flatten`.
  public static var component: Component {
    Component(.layer, "flatten", "all features of an example in one row, last axis fastest")
  }

  /// [count].
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { [input.count] }

  /// Reshapes.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    x.reshaped(to: [x.shape[0], x.shape.count / x.shape[0]])
  }
}
