public import Tensors

/// A layer's parameters as Kronecker-factored curvature sees them: a weight matrix [inputs, outputs], row-major, and a bias
/// of `outputs` elements, which acts as the weights of one more input that is always 1. The inputs of a convolution are what
/// its window sees.
public struct KroneckerBlock: Hashable, Codable, Sendable {
  /// The places of the weights.
  public let weight: Range<Int>
  /// The places of the bias, if there is one.
  public let bias: Range<Int>?
  /// The layer's inputs.
  public let inputs: Int
  /// The layer's outputs.
  public let outputs: Int

  /// A block; the ranges hold inputs times outputs and `outputs` elements.
  public init(weight: Range<Int>, bias: Range<Int>?, inputs: Int, outputs: Int) {
    precondition(
      weight.count == inputs * outputs && (bias == nil || bias?.count == outputs),
      "\(weight.count) weights and \(bias?.count ?? 0) biases for \(inputs) inputs and \(outputs) outputs")
    self.weight = weight
    self.bias = bias
    self.inputs = inputs
    self.outputs = outputs
  }

  /// The places of weights and bias.
  public var ranges: [Range<Int>] { [weight] + (bias.map { [$0] } ?? []) }

  /// The inputs with the constant one, if there is a bias.
  public var homogeneousInputs: Int { inputs + (bias == nil ? 0 : 1) }
}

/// The two factors A, G of a block's Fisher matrix, approximated by the Kronecker product of A and G (Martens & Grosse
/// 2015; for a convolution, whose a and g stand at T places, Grosse & Martens 2016).
public struct KroneckerFactors<Element: Scalar>: Sendable {
  /// A = E[sum_t a_t a_t'], a_t being the layer's inputs followed by 1 where there is a bias; row-major.
  public let inputs: [Element]
  /// G = E[sum_t g_t g_t'] / T, g_t being the derivative of one example's loss by the layer's outputs before their
  /// nonlinearity, with labels drawn from the model's own distribution; row-major.
  public let outputs: [Element]

  /// A pair of factors.
  public init(inputs: [Element], outputs: [Element]) {
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// An objective that knows the Kronecker factors of its layers.
public protocol KroneckerFactoredObjective<Element>: Objective {
  /// The blocks that have factors.
  var kroneckerBlocks: [KroneckerBlock] { get }

  /// The factors of each block at `point`, over some terms of a finite sum or (`nil`) all of it. Labels are drawn with
  /// `key`.
  func kroneckerFactors(at point: [Element], examples: ArraySlice<Int>?, key: Key) -> [KroneckerFactors<Element>]
}
