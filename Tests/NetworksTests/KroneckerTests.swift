import Differentiation
import Networks
import Tensors
import Testing

@Suite("Kronecker factors of dense layers")
struct KroneckerTests {
  private let own = OperatorCase(loss: .crossEntropy, count: 6, widths: [3, 4, 3])

  private func objective(_ parameterization: Parameterization, count: Int = 6, chunkSize: Int? = nil) throws
    -> NetworkObjective<Double>
  {
    let network = try Network(
      inputShape: [3],
      layers: [Dense(inputs: 3, outputs: 4), Activation.tanh, Dense(inputs: 4, outputs: 3, hasBias: false)],
      parameterization: parameterization)
    let features = Tensor(Array(own.features.elements[..<(3 * count)]), shape: [count, 3])
    return NetworkObjective(
      network, loss: .crossEntropy,
      examples: Examples(features: features, labels: Array(own.labels[..<count]), classes: 3), chunkSize: chunkSize)
  }

  @Test(
    "for one example the product of the factors is the layer's block of the sampled Fisher matrix",
    arguments: [Parameterization.standard, .neuralTangent])
  func singleExample(parameterization: Parameterization) throws {
    let objective = try objective(parameterization, count: 1)
    let point = Array(own.point[..<objective.dimension])
    let fisher = dense(objective.sampledFisher(at: point, key: Key(seed: 4)))
    let blocks = objective.kroneckerBlocks
    #expect(blocks.map(\.homogeneousInputs) == [4, 4] && blocks.map(\.outputs) == [4, 3])
    for (block, factors) in zip(blocks, objective.kroneckerFactors(at: point, examples: nil, key: Key(seed: 4))) {
      let places = Array(block.weight) + Array(block.bias ?? 0..<0)
      let (inputs, outputs) = (block.homogeneousInputs, block.outputs)
      for i in 0..<inputs * outputs {
        for j in 0..<inputs * outputs {
          let expected = fisher[places[i] * objective.dimension + places[j]]
          let product =
            factors.inputs[i / outputs * inputs + j / outputs] * factors.outputs[i % outputs * outputs + j % outputs]
          #expect(abs(product - expected) < 1e-14)
        }
      }
    }
  }

  @Test("factors are means over examples, whatever the chunks, of the whole set or of a batch")
  func means() throws {
    let chosen = [4, 1, 5]
    for chunkSize in [nil, 1, 4] {
      let objective = try objective(.standard, chunkSize: chunkSize)
      let point = Array(own.point[..<objective.dimension])
      let whole = objective.kroneckerFactors(at: point, examples: nil, key: Key(seed: 2))
      let reference = try self.objective(.standard).kroneckerFactors(at: point, examples: nil, key: Key(seed: 2))
      for (a, b) in zip(whole, reference) {
        #expect(largest(a.inputs, b.inputs) < 1e-14 && largest(a.outputs, b.outputs) < 1e-14)
      }
      let batch = objective.kroneckerFactors(at: point, examples: chosen[...], key: Key(seed: 2))
      var inputs = [Double](repeating: 0, count: 16)
      for example in chosen {
        let row = own.features.elements[3 * example..<3 * example + 3] + [1]
        inputs.add(1.0 / 3, times: secondMoment(Array(row), columns: 4, over: 1))
      }
      #expect(largest(batch[0].inputs, inputs) < 1e-14)
      #expect(largest(whole[0].inputs, inputs) > 1e-3)
    }
  }
}
