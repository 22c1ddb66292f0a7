public import Components
public import Differentiation
public import Tensors

/// y = x * W + b over images [height, width, channels], W of shape [kh, kw, channels / groups, outputs].
public struct Convolution: Layer {
  /// Channels of the images.
  public let inputs: Int
  /// Channels of the result.
  public let outputs: Int
  /// Window, stride, padding and groups.
  public let geometry: ConvolutionGeometry
  /// Whether there is a b.
  public let hasBias: Bool

  /// Creates the layer; by default the padding keeps height and width under a stride of 1.
  public init(
    inputs: Int, outputs: Int, window: PlaneExtents = 3, stride: PlaneExtents = 1, padding: PlanePadding? = nil,
    groups: Int = 1, hasBias: Bool = true
  ) {
    precondition(
      groups > 0 && inputs > 0 && outputs > 0 && inputs % groups == 0 && outputs % groups == 0,
      "a convolution of \(inputs) to \(outputs) channels in \(groups) groups")
    self.inputs = inputs
    self.outputs = outputs
    geometry = ConvolutionGeometry(
      kernel: window, stride: stride, padding: padding ?? .same(for: window), groups: groups)
    self.hasBias = hasBias
  }

  /// `convolution`.
  public static var component: Component {
    Component(
      .layer, "convolution", "y = x * W + b, the same window of weights at every place of an image",
      settings: [
        .init("outputs", "channels of the result", allowed: "at least 1", default: "the next layer's inputs"),
        .init("window", "height and width of the window", allowed: "at least 1", default: "3"),
        .init("stride", "distance of neighbouring windows", allowed: "at least 1", default: "1"),
        .init("padding", "zeros around the image", allowed: "at least 0", default: "what keeps its size at stride 1"),
        .init("groups", "independent parts of the channels", allowed: "a divisor of both channels", default: "1"),
        .init("bias", "whether b is added", allowed: "true or false", default: "true"),
      ], references: [.lecun1998])
  }

  /// `weight` and `bias`.
  public var parameters: [Parameter] {
    let shape = geometry.weightsShape(inputChannels: inputs, outputChannels: outputs)
    let weight = Parameter.weight(
      shape: shape, fanIn: shape[0] * shape[1] * shape[2], fanOut: shape[0] * shape[1] * shape[3] / geometry.groups)
    return [weight] + (hasBias ? [.bias(units: outputs)] : [])
  }

  /// [height, width, outputs].
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard input.rank == 3, input[2] == inputs else {
      throw ShapeMismatch("a convolution takes images [height, width, \(inputs)], not examples of shape \(input)")
    }
    let batch = Shape([1] + input.dimensions)
    if let problem = geometry.problem(input: batch, outputChannels: outputs) { throw ShapeMismatch(problem) }
    return Shape(Array(geometry.outputShape(input: batch, outputChannels: outputs).dimensions.dropFirst()))
  }

  /// x * W + b.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let product = x.convolution(parameters[0], geometry)
    pass.note(product: product, of: parameters[0])
    return hasBias ? product + parameters[1].broadcastRows(to: product.shape) : product
  }
}
