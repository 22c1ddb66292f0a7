import Differentiation
public import Tensors

/// The constants of K-FAC.
public struct KroneckerConstants: Hashable, Codable, Sendable {
  /// The damping lambda.
  public var damping = 1e-3
  /// The weight of the past in the factors.
  public var decay = 0.95
  /// The steps from one estimate of the factors to the next.
  public var interval = 10

  /// The usual constants.
  public init() {}
}

/// Kronecker-factored approximate curvature (K-FAC, Martens & Grosse 2015): the base method's step along the gradient
/// preconditioned, in each dense layer with gradient V [inputs, outputs], by the inverse of the Fisher matrix's Kronecker
/// approximation: (A + pi sqrt(lambda) I)^-1 V (G + sqrt(lambda) / pi I)^-1.
///
/// pi^2 is the mean eigenvalue of A over that of G. The factors are estimated anew every `interval` steps, on the step's
/// batch and at its parameters, and averaged with the weight min(1 - 1/k, decay) on the past at the k-th estimate. Parameters
/// outside the objective's blocks keep their gradient.
/// Cost of a step: the products with both inverses; of an estimate, O(inputs^3 + outputs^3) for each layer besides.
public struct KFAC<Base: Optimizer>: DescentMethod, Composition {
  /// The number type of the parameters.
  public typealias Element = Base.Element

  /// The constants.
  public let constants: KroneckerConstants
  var base: Base
  private let key: Key
  private var inputs: [Element] = []
  private var outputs: [Element] = []
  private var count = 0
  private var inverses: [KroneckerInverse<Element>] = []
  private var direction: Scratch<Element>

  /// Preconditions the gradients of `base`; labels are drawn with `key`.
  public init(_ base: Base, constants: KroneckerConstants = KroneckerConstants(), key: Key) {
    precondition(constants.interval > 0, "factors are estimated every 1 step or more, not every \(constants.interval)")
    precondition(constants.damping >= 0, "damping is not negative: \(constants.damping)")
    self.base = base
    self.constants = constants
    self.key = key
    direction = Scratch(dimension: base.dimension)
  }

  /// "k-fac".
  public var name: String { "k-fac" }
  /// The number of parameters.
  public var dimension: Int { base.dimension }
  /// The steps made; the factors, whose sizes the objective says, are beside it.
  public var memory: MethodMemory<Self> { MethodMemory(counters: ["count": \.count]) }

  /// The base's.
  public var learningRateFactors: [Element]? {
    get { base.learningRateFactors }
    set { base.learningRateFactors = newValue }
  }

  /// The base's step along the preconditioned gradient.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    if count % constants.interval == 0 {
      let blocks = oracle.kroneckerFactored.kroneckerBlocks
      average(oracle.kroneckerFactors(at: parameters, key: key.child(count)), of: blocks)
      invert(blocks)
    } else if inverses.isEmpty {
      invert(oracle.kroneckerFactored.kroneckerBlocks)
    }
    count += 1
    assign(oracle.gradient, to: &direction.vector)
    for inverse in inverses { inverse.apply(to: &direction.vector) }
    oracle.clipping.apply(to: &direction.vector)
    base.step(parameters: &parameters, gradient: direction.vector, learningRate: learningRate)
  }

  private mutating func average(_ factors: [KroneckerFactors<Element>], of blocks: [KroneckerBlock]) {
    precondition(factors.count == blocks.count, "\(factors.count) pairs of factors for \(blocks.count) blocks")
    for (factor, block) in zip(factors, blocks) {
      let (rows, columns) = (block.homogeneousInputs, block.outputs)
      precondition(
        factor.inputs.count == rows * rows && factor.outputs.count == columns * columns,
        "factors of \(factor.inputs.count) and \(factor.outputs.count) elements for \(rows) inputs, \(columns) outputs")
    }
    let estimate = count / constants.interval + 1
    let past = estimate == 1 ? 0 : Element(min(1 - 1 / Double(estimate), constants.decay))
    let (newInputs, newOutputs) = (factors.flatMap(\.inputs), factors.flatMap(\.outputs))
    if estimate == 1 {
      (inputs, outputs) = (newInputs, newOutputs)
    } else {
      scale(&inputs, by: past)
      inputs.add(1 - past, times: newInputs)
      scale(&outputs, by: past)
      outputs.add(1 - past, times: newOutputs)
    }
  }

  private mutating func invert(_ blocks: [KroneckerBlock]) {
    let sizes = blocks.map { ($0.homogeneousInputs * $0.homogeneousInputs, $0.outputs * $0.outputs) }
    precondition(
      sizes.map(\.0).reduce(0, +) == inputs.count && sizes.map(\.1).reduce(0, +) == outputs.count,
      "factors of \(inputs.count) and \(outputs.count) elements for the blocks \(blocks)")
    inverses = []
    var (input, output) = (0, 0)
    for block in blocks {
      let (rows, columns) = (block.homogeneousInputs, block.outputs)
      inverses.append(
        KroneckerInverse(
          block, inputs: Array(inputs[input..<input + rows * rows]),
          outputs: Array(outputs[output..<output + columns * columns]), damping: constants.damping))
      input += rows * rows
      output += columns * columns
    }
  }

  /// Its own, with the factors of all blocks one after the other, and the base's.
  public var state: OptimizerState<Element> {
    var state = composedState()
    state.tensors["inputs"] = inputs
    state.tensors["outputs"] = outputs
    return state
  }

  /// Restores both.
  public mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError) {
    guard state.method == name else { throw .method(expected: name, found: state.method) }
    guard let inputs = state.tensors["inputs"], let outputs = state.tensors["outputs"] else {
      throw .entries(expected: self.state.tensors.keys.sorted(), found: state.tensors.keys.sorted())
    }
    for (name, own, found) in [("inputs", self.inputs, inputs), ("outputs", self.outputs, outputs)] {
      // A method that has made no step does not know how many there will be.
      guard own.isEmpty || found.isEmpty || own.count == found.count else {
        throw .length(name: name, expected: own.count, found: found.count)
      }
    }
    var rest = state
    rest.tensors["inputs"] = nil
    rest.tensors["outputs"] = nil
    try restoreComposed(rest)
    self.inputs = inputs
    self.outputs = outputs
    inverses = []
  }
}

/// The damped inverses of a block's factors.
struct KroneckerInverse<Element: Scalar>: Codable, Sendable {
  private let weight: Range<Int>
  private let bias: Range<Int>?
  private let rows: Int
  private let columns: Int
  private let left: [Element]
  private let right: [Element]

  init(_ block: KroneckerBlock, inputs: [Element], outputs: [Element], damping: Double) {
    weight = block.weight
    bias = block.bias
    rows = block.homogeneousInputs
    columns = block.outputs
    let a = meanEigenvalue(inputs, order: rows)
    let g = meanEigenvalue(outputs, order: columns)
    let pi = a > 0 && g > 0 ? (a / g).squareRoot() : 1
    left = dampedInverse(inputs, order: rows, damping: pi * damping.squareRoot())
    right = dampedInverse(outputs, order: columns, damping: damping.squareRoot() / pi)
  }

  /// V <- left V right for the block's rows of weights, the bias being the last row.
  func apply(to vector: inout [Element]) {
    var matrix = Array(vector[weight])
    if let bias { matrix += vector[bias] }
    var half = matrix
    Element.matrixProduct(
      transposeA: false, transposeB: false, rows: rows, columns: columns, inner: rows, alpha: 1, left, strideA: rows,
      matrix, strideB: columns, beta: 0, &half, strideC: columns)
    Element.matrixProduct(
      transposeA: false, transposeB: false, rows: rows, columns: columns, inner: columns, alpha: 1, half,
      strideA: columns, right, strideB: columns, beta: 0, &matrix, strideC: columns)
    vector.replaceSubrange(weight, with: matrix[0..<weight.count])
    if let bias { vector.replaceSubrange(bias, with: matrix[weight.count...]) }
  }
}

private func meanEigenvalue<Element: Scalar>(_ matrix: [Element], order: Int) -> Double {
  (0..<order).reduce(0.0) { $0 + Double(matrix[$1 * (order + 1)]) } / Double(order)
}

/// (M + damping I)^-1 in Float64 by eigenvalues; those at which it is singular to working precision are passed over.
private func dampedInverse<Element: Scalar>(_ matrix: [Element], order: Int, damping: Double) -> [Element] {
  var vectors = matrix.map { Double($0) }
  guard vectors.allSatisfy(\.isFinite), let values = Double.symmetricEigenvalues(order: order, matrix: &vectors) else {
    return [Element](repeating: .nan, count: matrix.count)
  }
  let smallest = (values.reduce(0) { max($0, abs($1)) } + damping) * Double(order) * 0x1p-52
  var scaled = vectors
  for row in 0..<order {
    let value = values[row] + damping
    let inverse = abs(value) <= smallest ? 0 : 1 / value
    for column in 0..<order { scaled[row * order + column] *= inverse }
  }
  var product = vectors
  Double.matrixProduct(
    transposeA: true, transposeB: false, rows: order, columns: order, inner: order, alpha: 1, vectors, strideA: order,
    scaled, strideB: order, beta: 0, &product, strideC: order)
  return product.map { Element($0) }
}
