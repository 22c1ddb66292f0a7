import Components
import Differentiation
import Networks
import Tensors
import Testing

/// y = h W^2 tanh(s) + h, h = tanh(tanh(x W) W): a weight used twice as it is, and in another form.
private struct Tied: Layer {
  static var component: Component { Component(.layer, "tied", "y = h W^2 tanh(s) + h, h = tanh(tanh(x W) W)") }
  let units: Int
  var parameters: [Parameter] {
    [.weight(shape: [units, units], fanIn: units, fanOut: units), .bias("s", units: units)]
  }
  func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { input }
  func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let hidden = x.matrixProduct(parameters[0]).tanh().matrixProduct(parameters[0]).tanh()
    let scale = parameters[1].broadcastRows(to: x.shape).tanh()
    return hidden.matrixProduct(parameters[0].square()) * scale + hidden
  }
}

/// y = tanh(tanh(x W) W), a weight used twice as it is.
private struct Repeated: Layer {
  static var component: Component { Component(.layer, "repeated", "y = tanh(tanh(x W) W)") }
  var parameters: [Parameter] { [.weight(shape: [4, 4], fanIn: 4, fanOut: 4)] }
  func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { input }
  func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    x.matrixProduct(parameters[0]).tanh().matrixProduct(parameters[0]).tanh()
  }
}

/// y = x W', which has no rule for rows.
private struct Transposing: Layer {
  static var component: Component { Component(.layer, "transposing", "y = x W'") }
  var parameters: [Parameter] { [.weight(shape: [3, 4], fanIn: 4, fanOut: 3)] }
  func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { [3] }
  func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    x.matrixProduct(parameters[0], transposeOther: true)
  }
}

/// Networks with an axis of extent 4 almost everywhere, as long as a batch of 4 examples, and whether their rows can be
/// composed.
private struct RowCase: CustomStringConvertible, Sendable {
  let description: String
  let network: Network
  let isComposed: Bool
  let hasGivenMoments: Bool

  init(
    _ name: String, _ shape: Shape, _ layers: [any Layer], _ parameterization: Parameterization = .standard,
    isComposed: Bool = true
  ) throws {
    description = name
    network = try Network(inputShape: shape, layers: layers, parameterization: parameterization)
    self.isComposed = isComposed
    hasGivenMoments = network.statisticsCount > 0
  }

  static func all() throws -> [RowCase] {
    let dense: [any Layer] = [Dense(inputs: 4, outputs: 4), Activation.tanh, Dense(inputs: 4, outputs: 3)]
    let image: Shape = [4, 3, 4]
    return [
      try RowCase("dense", [4], dense),
      try RowCase("dense, neural tangent parameterization", [4], dense, .neuralTangent),
      try RowCase("dense, maximal update", [4], dense, .maximalUpdate(widthRatio: 3)),
      try RowCase(
        "convolutions", image,
        [
          Convolution(inputs: 4, outputs: 4, window: PlaneExtents(height: 3, width: 2)), Activation.tanh,
          Pooling(.maximum, window: 2), Convolution(inputs: 4, outputs: 3, window: 1, hasBias: false), GlobalPooling(),
        ]),
      try RowCase(
        "groups", image,
        [
          Convolution(inputs: 4, outputs: 6, stride: 2, groups: 2), Activation.softplus,
          Convolution(inputs: 6, outputs: 6, groups: 6), Flatten(), Dense(inputs: 24, outputs: 3),
        ]),
      try RowCase(
        "normalized", image,
        [
          Convolution(inputs: 4, outputs: 4), Normalization(channels: 4, over: .group(2)), ScalarScale(),
          Normalization(channels: 4, over: .instance), ScalarBias(), GlobalPooling(), Dense(inputs: 4, outputs: 3),
        ]),
      try RowCase(
        "batch normalization by given moments", image,
        [
          Convolution(inputs: 4, outputs: 4), Normalization(channels: 4, over: .batch), Activation.tanh,
          GlobalPooling(),
        ]
      ),
      try RowCase(
        "switchable normalization by given moments", image, [SwitchableNormalization(channels: 4), GlobalPooling()]),
      try RowCase(
        "weights that are normalized", image,
        [
          WeightNormalized(Convolution(inputs: 4, outputs: 4)), Activation.tanh, GlobalPooling(),
          SpectrallyNormalized(Dense(inputs: 4, outputs: 4), steps: 2), Activation.tanh,
          WeightNormalized(Dense(inputs: 4, outputs: 3)),
        ]),
      try RowCase(
        "residual", image,
        [
          Residual(
            Sequential([Convolution(inputs: 4, outputs: 8, stride: 2), Activation.tanh]),
            shortcut: Sequential([PaddedShortcut(inputs: 4, outputs: 8, stride: 2)]), activation: .softplus),
          Dropout(rate: 0.5), GlobalPooling(), Dense(inputs: 8, outputs: 3),
        ]),
      try RowCase("tied weights", [4], [Tied(units: 4), Dense(inputs: 4, outputs: 4)]),
      try RowCase("a weight used twice", [4], [Repeated(), Dense(inputs: 4, outputs: 3)], .neuralTangent),
      try RowCase("a transposed weight", [4], [Transposing()], isComposed: false),
      try RowCase(
        "recurrent", [4, 4], [Recurrent(inputs: 4, units: 4), Dense(inputs: 4, outputs: 3)], isComposed: false),
    ]
  }

  func objective(loss: Loss = .crossEntropy, count: Int = 11, chunkSize: Int? = nil, memoryBudget: Int = 1 << 30)
    -> NetworkObjective<Double>
  {
    let width = network.inputShape.count
    let statistics = wave(network.statisticsCount, 0.9, 0.3).map { $0 * $0 + 0.2 }
    return NetworkObjective(
      network, loss: loss,
      examples: Examples(
        features: Tensor(wave(count * width, 0.83, 0.4), shape: [count, width]), labels: (0..<count).map { $0 * 5 % 3 },
        classes: network.outputShape.count),
      moments: hasGivenMoments ? .given(statistics) : nil, chunkSize: chunkSize, memoryBudget: memoryBudget)
  }

  var point: [Double] { wave(network.parameterCount, 1.7, 0.3, amplitude: 0.5, offset: 0.1) }
}

@Suite("Rows of Jacobians, composed layer by layer")
struct RowTests {
  private let cases: [RowCase]

  init() throws { cases = try RowCase.all() }

  @Test("are those that are computed one by one, for chunks of any size", arguments: 0..<14)
  func rows(index: Int) {
    let own = cases[index]
    let (reference, point) = (own.objective(), own.point)
    #expect(reference.composesRows == own.isComposed, "\(own)")
    reference.composesRows = false
    let outputs = reference.jacobian(at: own.point).rows(of: 0..<11)
    let losses = reference.exampleGradients(at: own.point)
    // Chunks of 4, as long as other axes are; of 1; of all 11 examples.
    for chunkSize in [4, 1, nil] {
      let objective = own.objective(chunkSize: chunkSize)
      let jacobian = objective.jacobian(at: own.point)
      #expect(relativeDistance(jacobian.rows(of: 0..<11).elements, outputs.elements) < 1e-13, "\(own)")
      let length = own.network.outputShape.count * objective.dimension
      #expect(
        relativeDistance(jacobian.rows(of: 3..<8).elements, Array(outputs.elements[3 * length..<8 * length])) < 1e-13)
      let gradients = objective.exampleGradients(at: own.point)
      #expect(relativeDistance(gradients.elements, losses.elements) < 1e-13, "\(own)")
      var again = Tensor<Double>(repeating: .nan, shape: [5, objective.dimension])
      objective.exampleGradients(at: own.point, examples: 4..<9, into: &again)
      #expect(relativeDistance(again.elements, Array(losses.elements[4 * point.count..<9 * point.count])) < 1e-13)
      var mean = [Double](repeating: 0, count: objective.dimension)
      for start in stride(from: 0, to: gradients.elements.count, by: mean.count) {
        mean.add(1.0 / 11, times: Array(gradients.elements[start..<start + mean.count]))
      }
      #expect(relativeDistance(mean, objective.gradient(at: own.point)) < 1e-12, "\(own)")
    }
  }

  @Test("give the kernel J J', whole, by output and traced, within any budget", arguments: 0..<14)
  func kernels(index: Int) {
    let own = cases[index]
    let reference = own.objective()
    reference.composesRows = false
    let (n, outputs, order) = (11, own.network.outputShape.count, reference.dimension)
    let rows = reference.jacobian(at: own.point).rows(of: 0..<n).elements
    let expected = gram(rows, rows, length: order)
    for budget in [1 << 30, 60_000, 0] {
      let objective = own.objective(memoryBudget: budget)
      let kernel = objective.neuralTangentKernel(at: own.point)
      #expect(relativeDistance(kernel.elements, expected) < 1e-13, "\(own) within \(budget)")
      let cross = objective.neuralTangentKernel(at: own.point, with: own.objective(count: 5).examples)
      let width = n * outputs
      let part = (0..<width).flatMap { (row: Int) -> [Double] in
        Array(expected[row * width..<row * width + 5 * outputs])
      }
      #expect(relativeDistance(cross.elements, part) < 1e-13, "\(own) within \(budget)")
      let single = objective.outputNeuralTangentKernels(at: own.point)
      let traced = objective.tracedNeuralTangentKernel(at: own.point)
      #expect(single.shape == [outputs, n, n] && traced.shape == [n, n])
      for (i, j) in [(0, 0), (2, 9), (9, 2), (10, 10), (7, 3)] {
        let diagonal = (0..<outputs).map { (k: Int) -> Double in
          expected[(i * outputs + k) * width + j * outputs + k]
        }
        for (output, value) in diagonal.enumerated() {
          #expect(abs(single[output, i, j] - value) < 1e-12 * expected.norm)
        }
        #expect(abs(traced[i, j] - diagonal.reduce(0, +)) < 1e-12 * expected.norm)
      }
    }
  }

  @Test("of every loss are its examples' gradients", arguments: Loss.allCases)
  func losses(loss: Loss) {
    for own in cases where own.isComposed {
      let objective = own.objective(loss: loss)
      let composed = objective.exampleGradients(at: own.point, examples: 2..<9).elements
      objective.composesRows = false
      #expect(
        relativeDistance(composed, objective.exampleGradients(at: own.point, examples: 2..<9).elements) < 1e-13,
        "\(own)")
    }
  }
}
