import Differentiation
import Networks
import Tensors
import Testing

private func image(_ law: Initializer, normalization: NormalizationChoice = .none, depth: Int = 14) throws -> Network {
  var design = NetworkDesign(.resNet, width: 4, depth: depth, initialization: Initialization(law))
  design.normalization = normalization
  return try design.network(for: [9, 7, 2], outputs: 5)
}

/// The outputs of a network at its parameters, in Float64.
func outputs(_ network: Network, _ parameters: [Double], _ batch: [Double], count: Int) -> [Double] {
  let graph = Graph()
  let theta = graph.input("parameters", shape: [network.parameterCount])
  let x = graph.input("batch", shape: [count, network.inputShape.count])
  return Workspace(Plan<Double>(outputs: [network(theta, x)], inputs: [theta, x])).evaluate([parameters, batch])[0]
    .elements
}

@Suite("Starts")
struct StartTests {
  @Test(
    "Fixup zeroes each branch's last weight and the classifier, and scales the first weight of L branches by 1/sqrt(L)")
  func fixup() throws {
    let network = try image(.fixup, normalization: .fixup)
    let plain = try image(.kaimingNormal, normalization: .fixup)
    let start: [Double] = network.initialParameters(key: Key(seed: 4))
    let reference: [Double] = plain.initialParameters(key: Key(seed: 4))
    for (block, role) in zip(network.layout.blocks, network.roles) where role.isWeight {
      let (own, other) = (Array(start[block.range]), Array(reference[block.range]))
      if block.name.hasSuffix("convolution2/weight") || role == .output {
        #expect(own.allSatisfy { $0 == 0 }, "\(block.name)")
      } else {
        let factor = block.name.hasPrefix("stem") ? 1 : 1 / 6.0.squareRoot()
        #expect(largest(own, other.map { factor * $0 }) < 1e-15, "\(block.name)")
      }
    }
    #expect(outputs(network, start, wave(126, 0.4, 0), count: 1) == [0, 0, 0, 0, 0])
  }

  @Test("a delta-orthogonal convolution keeps the norm of each pixel away from the border")
  func deltaOrthogonal() throws {
    let network = try Network(
      inputShape: [5, 6, 3], layers: [Convolution(inputs: 3, outputs: 7, hasBias: false)],
      initialization: Initialization(.deltaOrthogonal))
    let start: [Double] = network.initialParameters(key: Key(seed: 4))
    let batch = wave(90, 0.4, 0)
    let result = outputs(network, start, batch, count: 1)
    for pixel in 0..<30 {
      let before = Array(batch[3 * pixel..<3 * pixel + 3]).norm
      #expect(abs(Array(result[7 * pixel..<7 * pixel + 7]).norm - before) < 1e-13)
    }
  }

  @Test("sparse weights have k entries for each unit")
  func sparse() {
    let w = matrix(Initialization(.sparse, nonZeros: 4), fanIn: 11, fanOut: 9, seed: 1)
    for unit in 0..<9 { #expect((0..<11).count { w[9 * $0 + unit] != 0 } == 4) }
  }

  @Test("mean-field biases have their deviation, and weights the gain's")
  func meanField() throws {
    let network = try Network(
      inputShape: [40], layers: [Dense(inputs: 40, outputs: 900)],
      initialization: Initialization(.meanField, gain: 1.5, biasDeviation: 0.3))
    let start: [Double] = network.initialParameters(key: Key(seed: 4))
    let bias = Array(start[36_000...])
    #expect(abs(bias.norm / 30 - 0.3) < 0.03)
    #expect(abs(Array(start[..<36_000]).norm / 36_000.0.squareRoot() - 1.5 / 40.0.squareRoot()) < 0.01)
  }

  @Test("LSUV gives every product of a residual network variance 1 on its batch", arguments: [true, false])
  func lsuv(isConvolutional: Bool) throws {
    let network =
      isConvolutional
      ? try image(.lsuv, depth: 8)
      : Network.multilayerPerceptron(widths: [126, 20, 30, 5], activation: .tanh, initializer: .lsuv)
    let batch = Tensor(wave(8 * 126, 0.71, 0.2, amplitude: 3), shape: [8, 126])
    let start = network.normalizedToUnitVariance(network.initialParameters(key: Key(seed: 4)), batch: batch)
    let graph = Graph()
    let theta = graph.input("parameters", shape: [network.parameterCount])
    let x = graph.input("batch", shape: batch.shape)
    let pass = ForwardPass()
    _ = network(theta, x, in: pass)
    #expect(pass.products.count == network.roles.count(where: \.isWeight))
    let products = Workspace(Plan<Double>(outputs: pass.products.map(\.output), inputs: [theta, x])).evaluate([
      start, batch.elements,
    ])
    for product in products {
      let mean = product.elements.reduce(0, +) / Double(product.elements.count)
      let variance = product.elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(product.elements.count)
      #expect(abs(variance - 1) < 1e-12)
    }
  }

  @Test("MetaInit's gradient of the quotient is its slope, and its norms lower the quotient")
  func metaInit() throws {
    let network = Network.multilayerPerceptron(
      widths: [6, 8, 8, 8, 4], activation: .tanh, initializer: .metaInit, gain: 2.5)
    let start: [Double] = network.initialParameters(key: Key(seed: 4))
    let quotient = GradientQuotient<Double>(network, loss: .crossEntropy, batchSize: 16)
    var generator = Key(seed: 9).generator()
    let features: [Double] = generator.normals(16 * 6)
    let labels = (0..<16).map { Double($0 % 4) }
    let direction = wave(start.count, 0.9, 0.3, amplitude: 1e-3)
    func at(_ step: Double) -> Double {
      quotient.evaluate(at: zip(start, direction).map { $0 + step * $1 }, features, labels).value
    }
    let slope = quotient.evaluate(at: start, features, labels).gradient.dot(direction)
    let difference = (at(-2e-3) - 8 * at(-1e-3) + 8 * at(1e-3) - at(2e-3)) / 12e-3
    #expect(abs(slope - difference) < 1e-6 * max(1, abs(slope)), "\(slope), \(difference)")

    let moved = network.metaInitialized(start, loss: .crossEntropy, key: Key(seed: 5), steps: 60)
    let (before, after) = (
      quotient.evaluate(at: start, features, labels).value, quotient.evaluate(at: moved, features, labels).value
    )
    #expect(after < 0.7 * before, "\(before) to \(after)")
    for (block, role) in zip(network.layout.blocks, network.roles) where role.isWeight {
      let (a, b) = (Array(start[block.range]), Array(moved[block.range]))
      #expect(abs(a.dot(b) / (a.norm * b.norm) - 1) < 1e-12, "only the norm moves")
    }
  }
}
