import Differentiation
import Foundation
import Networks
import Tensors
import Testing

/// Numbers recorded from NumPy by `Fixtures/make_infinite_width.py`.
private struct InfiniteWidthFixture: Decodable {
  struct Case: Decodable {
    let nonlinearity: String
    let hiddenLayers: Int
    let weightDeviation: Double
    let biasDeviation: Double
    let process: [Double]
    let tangent: [Double]
  }

  let features: Int
  let inputs: [Double]
  let others: [Double]
  let cases: [Case]

  static func load() throws -> InfiniteWidthFixture {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/infinite-width", withExtension: "json"))
    return try JSONDecoder().decode(InfiniteWidthFixture.self, from: Data(contentsOf: url))
  }
}

private func relativeDeviation(_ a: [Double], _ b: [Double]) -> Double {
  var difference = a
  difference.add(-1, times: b)
  return difference.norm / b.norm
}

@Suite("Kernels of infinite width")
struct InfiniteWidthTests {
  @Test("orthogonal and equal unit inputs give the values worked out by hand, for one and two layers")
  func byHand() {
    let inputs = Tensor<Double>([1, 0, 0, 1], shape: [2, 2])
    func kernels(_ phi: KernelNonlinearity, _ depth: Int) -> ([Double], [Double]) {
      let kernel = InfiniteWidthKernel(
        phi, hiddenLayers: depth, weightDeviation: 2.0.squareRoot(), biasDeviation: 0, biasRate: 0)
      let both = kernel(inputs)
      return ([both.process[0, 0], both.process[0, 1]], [both.tangent[0, 0], both.tangent[0, 1]])
    }
    // sigma_w^2 = 2 keeps K(x, x) = 2 |x|^2 / d = 1 at every depth; t = pi/2 between the inputs.
    let (process, tangent) = kernels(.relu, 1)
    #expect(largest(process, [1, 1 / .pi]) < 1e-14)
    #expect(largest(tangent, [0.5 + 0.5, 1 / (2 * .pi)]) < 1e-14)
    // Second layer: cos t = 1/pi, so E[phi phi] = (sin t + (pi - t)/pi) / 2 pi and E[phi' phi'] = (pi - t) / 2 pi.
    let t = acos(1 / Double.pi)
    let mean = (sin(t) + (.pi - t) / .pi) / (2 * .pi)
    let (second, deeper) = kernels(.relu, 2)
    #expect(largest(second, [1, 2 * mean]) < 1e-14)
    #expect(largest(deeper, [0.5 + 1, mean + 2 / (2 * .pi) * (.pi - t) / (2 * .pi)]) < 1e-14)
    // erf: K^1 = 1 on the diagonal and 0 beside it; asin(2/3), and slopes 4 / (pi sqrt(9 - 4)) and 4 / (3 pi).
    let (smooth, slopes) = kernels(.erf, 1)
    #expect(largest(smooth, [4 / .pi * asin(2.0 / 3), 0]) < 1e-14)
    #expect(largest(slopes, [2 / .pi * asin(2.0 / 3) + 4 / (.pi * 5.0.squareRoot()), 0]) < 1e-14)
    // Linear, sigma_w^2 = 2: K doubles with each layer, and each of the three weights adds 2^2 x.x / d.
    let (linear, sum) = kernels(.identity, 2)
    #expect(largest(linear, [4, 0]) < 1e-14 && largest(sum, [6, 0]) < 1e-14)
  }

  @Test("both kernels agree with expectations by quadrature in NumPy, rows that are parallel among them")
  func quadrature() throws {
    let fixture = try InfiniteWidthFixture.load()
    let inputs = Tensor(fixture.inputs, shape: [fixture.inputs.count / fixture.features, fixture.features])
    let others = Tensor(fixture.others, shape: [fixture.others.count / fixture.features, fixture.features])
    #expect(fixture.cases.count == 6)
    for known in fixture.cases {
      let kernel = InfiniteWidthKernel(
        try #require(KernelNonlinearity(rawValue: known.nonlinearity)), hiddenLayers: known.hiddenLayers,
        weightDeviation: known.weightDeviation, biasDeviation: known.biasDeviation)
      let both = kernel(inputs, others)
      #expect(both.process.shape == [5, 4])
      #expect(largest(both.process.elements, known.process) < 1e-7, "\(known.nonlinearity) \(known.hiddenLayers)")
      #expect(largest(both.tangent.elements, known.tangent) < 1e-6, "\(known.nonlinearity) \(known.hiddenLayers)")
    }
  }

  @Test("kernels are symmetric and positive semi-definite, with equal and opposite rows too")
  func semiDefinite() throws {
    var inputs = wave(9 * 4, 0.83, 0.2)
    for column in 0..<4 {
      inputs[4 + column] = inputs[column]
      inputs[8 + column] = -3 * inputs[column]
    }
    for phi in KernelNonlinearity.allCases {
      for depth in [0, 1, 3] {
        let kernel = InfiniteWidthKernel(phi, hiddenLayers: depth, weightDeviation: 1.4, biasDeviation: 0.3)
        let both = kernel(Tensor(inputs, shape: [9, 4]))
        for matrix in [both.process, both.tangent] {
          for i in 0..<9 { for j in 0..<i { #expect(abs(matrix[i, j] - matrix[j, i]) < 1e-13) } }
          var copy = matrix.elements
          let values = try #require(Double.symmetricEigenvalues(order: 9, matrix: &copy))
          #expect(values[0] > -1e-12 * values[8])
        }
      }
    }
  }

  @Test(
    "a wide network has nearly the kernel of infinite width, and its outputs have none between them",
    arguments: [Activation.relu, .erf], [[4096], [1024, 1024]])
  func wide(_ activation: Activation, _ hidden: [Int]) throws {
    let inputs = Tensor<Float>(wave(6 * 5, 0.61, 0.4).map { Float(2 * $0) }, shape: [6, 5])
    let design = NetworkDesign(
      .perceptron, hidden: hidden, activation: activation,
      initialization: Initialization(.meanField, gain: 1.2, biasDeviation: 0.5), parameterization: .neuralTangent)
    let network = try design.network(for: [5], outputs: 2)
    let objective = NetworkObjective<Float>(
      network, loss: .meanSquaredError, examples: Examples(features: inputs, labels: [0, 1, 0, 1, 0, 1], classes: 2))
    let empirical = objective.neuralTangentKernel(at: network.initialParameters(key: Key(seed: 3)))
    let kernel = try #require(InfiniteWidthKernel(of: design))
    let limit = kernel(inputs).tangent
    var expected = [Double](repeating: 0, count: 144)
    for i in 0..<6 {
      for j in 0..<6 {
        for k in 0..<2 { expected[(i * 2 + k) * 12 + j * 2 + k] = limit[i, j] }
      }
    }
    let deviation = relativeDeviation(empirical.elements.map { Double($0) }, expected)
    #expect(deviation < 3.5 / Double(hidden[0]).squareRoot())
    #expect(deviation > 1e-4)
  }

  @Test("a deep linear network has no biases in its kernel, and designs without a known limit have none")
  func designs() throws {
    var design = NetworkDesign(.deepLinear, hidden: [3, 3], parameterization: .neuralTangent)
    #expect(InfiniteWidthKernel(of: design)?.biasRate == 0)
    #expect(InfiniteWidthKernel(of: design)?.nonlinearity == .identity)
    design = NetworkDesign(
      hidden: [3, 4], initialization: Initialization(.lecunNormal), parameterization: .neuralTangent)
    #expect(InfiniteWidthKernel(of: design)?.hiddenLayers == 2)
    design.activation = .tanh
    #expect(InfiniteWidthKernel(of: design) == nil)
    design.activation = .relu
    design.normalization = .batch
    #expect(InfiniteWidthKernel(of: design) == nil)
    #expect(InfiniteWidthKernel(of: NetworkDesign()) == nil)
  }
}

@Suite("Linearized training")
struct LinearizedTrainingTests {
  @Test("each eigenvector of the kernel shrinks by its own factor, and other outputs follow the training residuals")
  func closedForm() {
    // Theta = [[2, 1], [1, 2]]: eigenvalues 3 and 1; y = 0, f_0 = (1, 0) = ((1, 1) + (1, -1)) / 2.
    let kernel = Tensor<Double>([2, 1, 1, 2], shape: [2, 2])
    let other = Tensor<Double>([1, 0, 0.5, 0.5, 2, 1], shape: [3, 2])
    var training = LinearizedTraining(
      kernel: kernel, otherKernel: other, outputs: Tensor([3, 1], shape: [2, 1]),
      otherOutputs: Tensor([7, 8, 0], shape: [3, 1]), targets: [2, 1])
    #expect(training.loss == 0.5)
    let rate = 0.2
    for _ in 0..<6 { training.advance(rate: rate) }
    let (fast, slow) = (pow(1 - 3 * rate, 6), pow(1 - rate, 6))
    #expect(largest(training.outputs, [2 + (fast + slow) / 2, 1 + (fast - slow) / 2]) < 1e-14)
    // The third row is that of the first training output; the second is the mean of both.
    #expect(abs(training.otherOutputs[2] - (training.outputs[0] - 3)) < 1e-14)
    #expect(abs(training.otherOutputs[1] - 8 - (fast - 1) / 3 / 2) < 1e-14)
    #expect(training.step == 6)
  }

  @Test("a network that is linear in its parameters is its own linearization")
  func linear() throws {
    let network = try NetworkDesign(hidden: [], parameterization: .neuralTangent).network(for: [3], outputs: 2)
    let examples = Examples<Double>(
      features: Tensor(wave(5 * 3, 0.7, 0.1), shape: [5, 3]), labels: [0, 1, 1, 0, 1], classes: 2)
    let others = Examples<Double>(
      features: Tensor(wave(4 * 3, 0.4, 0.9), shape: [4, 3]), labels: [0, 1, 1, 0], classes: 2)
    let objective = NetworkObjective(network, loss: .meanSquaredError, examples: examples)
    let unseen = NetworkObjective(network, loss: .meanSquaredError, examples: others)
    var point: [Double] = network.initialParameters(key: Key(seed: 1))
    var training = LinearizedTraining(
      kernel: objective.neuralTangentKernel(at: point),
      otherKernel: unseen.neuralTangentKernel(at: point, with: examples), outputs: objective.outputs(at: point),
      otherOutputs: unseen.outputs(at: point), targets: [1, 0, 0, 1, 0, 1, 1, 0, 0, 1])
    for _ in 0..<7 {
      point.add(-0.3, times: objective.gradient(at: point))
      training.advance(rate: 0.3)
    }
    #expect(largest(objective.outputs(at: point).elements, training.outputs) < 1e-13)
    #expect(largest(unseen.outputs(at: point).elements, training.otherOutputs) < 1e-13)
    #expect(abs(objective.value(at: point) - training.loss) < 1e-13)
  }
}

@Suite("Hidden activations")
struct HiddenActivationTests {
  @Test("the layers' values are those of the network, output last, in every parameterization")
  func values() throws {
    let features = Tensor(wave(4 * 3, 0.7, 0.1), shape: [4, 3])
    for form in NetworkDesign.Form.allCases {
      let design = NetworkDesign(hidden: [5, 2], parameterization: form, baseWidth: 2)
      let network = try design.network(for: [3], outputs: 2)
      let point: [Double] = network.initialParameters(key: Key(seed: 5))
      let activations = HiddenActivations(of: network, on: features)
      let values = activations.values(at: point)
      #expect(activations.names == ["activation1", "activation2", "output"])
      #expect(values.map(\.shape) == [[4, 5], [4, 2], [4, 2]])
      #expect(largest(values[2].elements, outputs(network, point, features.elements, count: 4)) < 1e-14)
      // The first layer by hand.
      let factor = form == .neuralTangent ? 1 / 3.0.squareRoot() : 1
      for row in 0..<4 {
        for unit in 0..<5 {
          let sum = (0..<3).reduce(0) { $0 + features[row, $1] * factor * point[$1 * 5 + unit] }
          #expect(abs(values[0][row, unit] - max(0, sum)) < 1e-14)
        }
      }
    }
  }

  @Test("a unit is dead when it is zero for all examples, a channel when it is so at all places")
  func dead() throws {
    let features = Tensor(wave(4 * 3, 0.7, 0.1), shape: [4, 3])
    let network = try NetworkDesign(hidden: [5, 2]).network(for: [3], outputs: 2)
    var point = [Double](repeating: 0.1, count: network.parameterCount)
    let bias = try #require(network.layout["dense1/bias"])
    for unit in 0..<5 { point[bias.offset + unit] = unit == 3 ? -10 : 10 }
    let activations = HiddenActivations(of: network, on: features)
    #expect(activations.deadUnits(at: point).dead == 1 && activations.deadUnits(at: point).units == 7)
    point[0] = .nan
    #expect(activations.deadUnits(at: point).dead == nil && activations.deadUnits(at: point).units == 7)
    let convolutional = try NetworkDesign(.conv, width: 2).network(for: [4, 4], outputs: 3)
    let weights = [Double](repeating: 0, count: convolutional.parameterCount)
    let images = HiddenActivations(of: convolutional, on: Tensor(wave(2 * 16, 0.7, 0.1), shape: [2, 16]))
    let all = images.deadUnits(at: weights)
    #expect(all.dead == all.units && all.units == 2 + 2 + 8 + 8)
  }
}
