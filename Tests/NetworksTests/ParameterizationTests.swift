import Differentiation
import Networks
import Tensors
import Testing

private func perceptron(
  _ width: Int, _ form: NetworkDesign.Form, _ initializer: Initializer = .lecunNormal
) throws -> Network {
  try NetworkDesign(
    .perceptron, hidden: [width, width, width], activation: .tanh, initialization: Initialization(initializer),
    parameterization: form, baseWidth: 32
  ).network(for: [20], outputs: 3)
}

/// How far three steps move the outputs, in the mean over some starts.
private func sizeOfChange(_ network: Network, steps rule: UpdateRule) -> Double {
  let features = wave(8 * 20, 0.83, 0.2)
  let objective = NetworkObjective<Double>(
    network, loss: .crossEntropy,
    examples: Examples(features: Tensor(features, shape: [8, 20]), labels: [0, 1, 2, 0, 1, 2, 0, 1], classes: 3))
  let factors: [Double] = network.learningRateFactors(for: rule) ?? [Double](repeating: 1, count: objective.dimension)
  var total = 0.0
  for seed in 0..<3 {
    let start: [Double] = network.initialParameters(key: Key(seed: UInt64(seed)))
    var point = start
    for _ in 0..<3 {
      let gradient = objective.gradient(at: point)
      for index in point.indices {
        let step = rule == .proportional ? 0.5 * gradient[index] : 0.02 * (gradient[index] > 0 ? 1 : -1)
        point[index] -= factors[index] * step
      }
    }
    total += zip(objective.outputs(at: point).elements, objective.outputs(at: start).elements).map { $0 - $1 }.norm
  }
  return total / 3
}

@Suite("Parameterizations")
struct ParameterizationTests {
  @Test(
    "the first function is the standard one under NTK, and under muP at the base width",
    arguments: Architecture.allCases)
  func sameFunction(_ architecture: Architecture) throws {
    var design = NetworkDesign(architecture, hidden: [6, 3], width: architecture.publishedWidth == nil ? nil : 6)
    design.depth = architecture == .resNet ? 8 : nil
    design.baseWidth = 6
    let shape: Shape = architecture.takesImages ? [13, 12] : [5, 2]
    let batch = wave(2 * shape.count, 0.4, 0.3)
    let forms = try NetworkDesign.Form.allCases.map { form in
      design.parameterization = form
      let network = try design.network(for: shape, outputs: 4)
      return outputs(network, network.initialParameters(key: Key(seed: 8)), batch, count: 2)
    }
    #expect(largest(forms[0], forms[1]) < 1e-12 && largest(forms[0], forms[2]) < 1e-12)
  }

  @Test("NTK weights start with variance 1 under LeCun's law and act divided by sqrt(fan-in)")
  func neuralTangent() throws {
    let network = try perceptron(200, .neuralTangent)
    let start: [Double] = network.initialParameters(key: Key(seed: 1))
    for (block, role) in zip(network.layout.blocks, network.roles) where role.isWeight {
      let count = Double(block.shape.count)
      #expect(abs(Array(start[block.range]).norm / count.squareRoot() - 1) < 3 / count.squareRoot())
    }
    #expect(network.parameterization.multiplier(.hidden, fanIn: 200) == 1 / 200.0.squareRoot())
    #expect(network.learningRateFactors(for: .proportional, as: Double.self) == nil)
  }

  @Test("muP's factors are those of the table")
  func factors() throws {
    let network = try perceptron(128, .maximalUpdate)
    let sgd = try #require(network.learningRateFactors(for: .proportional, as: Double.self))
    let adam = try #require(network.learningRateFactors(for: .normalized, as: Double.self))
    func first(_ factors: [Double]) -> [Double] { network.layout.blocks.map { factors[$0.offset] } }
    // Input weight and bias, two hidden weights with biases, output weight and bias; the width is 4 times the base's.
    #expect(first(sgd) == [4, 4, 1, 4, 1, 4, 4, 1])
    #expect(first(adam) == [1, 1, 0.25, 1, 0.25, 1, 1, 1])
    #expect(network.parameterization.multiplier(.output, fanIn: 128) == 0.25)
  }

  @Test("what three steps change in the outputs does not grow with the width under muP, and does in the standard form")
  func width() throws {
    for rule in UpdateRule.allCases {
      func growth(_ form: NetworkDesign.Form) throws -> Double {
        func mean(_ width: Int) throws -> Double { sizeOfChange(try perceptron(width, form), steps: rule) }
        return try mean(256) / mean(32)
      }
      let (mup, standard) = (try growth(.maximalUpdate), try growth(.standard))
      #expect(mup < 1.6 && mup > 0.6, "\(rule): \(mup)")
      #expect(standard > 1.8 * mup, "\(rule): \(standard)")
    }
  }
}
