public import Components
public import Differentiation
public import Tensors

/// A layer whose weight is W / sigma(W), sigma an estimate of the largest singular value of W as a matrix [fanIn, units].
///
/// sigma(W) = |W v|, v = (W'W)^k v_0 of length 1, v_0 a fixed random direction: a function of W alone that is
/// differentiated as it stands, so that derivatives are exact to every order. It is at most the largest singular value, and
/// close to it when (sigma_2 / sigma_1)^(4k) is small. Miyato et al. 2018 keep one running step and hold its vectors fixed
/// in derivatives; at the fixed point both gradients agree.
public struct SpectrallyNormalized: Layer {
  /// The layer whose first parameter is the weight.
  public let base: any Layer
  /// k, the power iterations.
  public let steps: Int

  /// Wraps a layer whose first parameter is its only weight.
  public init(_ base: any Layer, steps: Int = 10) {
    precondition(
      base.parameters.first?.isWeight == true && base.parameters.count(where: \.isWeight) == 1,
      "spectral normalization needs a layer with one weight, before its other parameters")
    self.base = base
    self.steps = steps
  }

  /// `spectral-normalization`.
  public static var component: Component {
    Component(
      .layer, "spectral-normalization", "W / sigma(W) in a dense or convolution layer, sigma by power iteration",
      settings: [.init("steps", "k, the power iterations", allowed: "at least 1", default: "10")],
      references: [.miyato2018])
  }

  /// The layer's own.
  public var kind: String { base.kind }
  /// The layer's.
  public var parameters: [Parameter] { base.parameters }
  /// The layer's.
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { try base.outputShape(for: input) }
  /// The layer's.
  public func initialValues(_ draw: (Parameter) -> [Double]) -> [[Double]] { base.initialValues(draw) }

  /// The layer with W / sigma(W).
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let weight = parameters[0]
    let sigma = largestSingularValue(of: weight)
    return base(x, [weight * sigma.reciprocal()] + parameters.dropFirst(), in: pass)
  }

  private func largestSingularValue(of weight: Symbol) -> Symbol {
    let units = weight.shape[weight.shape.rank - 1]
    let matrix = weight.reshaped(to: [weight.shape.count / units, units])
    var v = weight.graph.apply(RandomDirection(count: units), to: []).reshaped(to: [units, 1])
    for _ in 0..<steps {
      v = matrix.matrixProduct(matrix.matrixProduct(v), transpose: true)
      v = v * v.square().sum().squareRoot().reciprocal()
    }
    return matrix.matrixProduct(v).square().sum().squareRoot()
  }
}

/// A fixed vector of length 1 in a random direction; it depends on nothing.
struct RandomDirection: Primitive {
  let count: Int
  func shape(of inputs: [Shape]) -> Shape { [count] }
  func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] { [] }
  func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { nil }
  func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    var generator = Key(seed: 0).child("spectral normalization").generator()
    let direction: [Double] = generator.normals(count)
    let length = direction.norm
    let values = direction.map { S($0 / length) }
    return { _, y in
      for index in values.indices { y[index] = values[index] }
    }
  }
}
