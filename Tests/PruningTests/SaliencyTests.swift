import Differentiation
import Networks
import Pruning
import Tensors
import Testing

private func made(_ architecture: Architecture, _ change: (inout NetworkDesign) -> Void) -> NetworkDesign {
  var design = NetworkDesign(architecture)
  change(&design)
  return design
}

/// A network with examples for it.
struct ScoredSample: Sendable, CustomTestStringConvertible {
  var testDescription: String
  let design: NetworkDesign
  let inputShape: Shape
  var loss = Loss.crossEntropy

  static let all = [
    ScoredSample(
      testDescription: "perceptron", design: made(.perceptron) { ($0.hidden, $0.activation) = ([5, 4], .tanh) },
      inputShape: [7]),
    ScoredSample(
      testDescription: "squared errors",
      design: made(.perceptron) { ($0.hidden, $0.activation) = ([5, 4], .softplus) }, inputShape: [7],
      loss: .meanSquaredError),
    ScoredSample(
      testDescription: "batch normalization",
      design: made(.perceptron) {
        ($0.hidden, $0.activation, $0.normalization) = ([5, 4], .tanh, .batch)
      }, inputShape: [7]),
    ScoredSample(
      testDescription: "convolutions",
      design: made(.conv) { ($0.depth, $0.width, $0.activation) = (2, 2, .tanh) }, inputShape: [7, 9, 2]),
  ]

  func network() throws -> Network { try design.network(for: inputShape, outputs: 3) }

  func objective(_ network: Network, penalty: Double? = nil) -> NetworkObjective<Double> {
    var generator = Key(seed: 3).generator()
    let count = 14
    let features = Tensor(
      generator.normals(count * inputShape.count, as: Double.self), shape: Shape([count] + inputShape.dimensions))
    let examples = Examples<Double>(features: features, labels: (0..<count).map { $0 * $0 % 3 }, classes: 3)
    return NetworkObjective(
      network, loss: loss, examples: examples, penalty: penalty.map { L2Penalty($0, of: network.layout) },
      moments: network.statisticsCount > 0 ? .ofBatches(7) : nil)
  }

  /// Random parameters, no bias 0 and no scale 1.
  func point(of network: Network) -> [Double] {
    var generator = Key(seed: 5).generator()
    return generator.normals(network.parameterCount, as: Double.self).map { 0.4 * $0 }
  }
}

/// Some parameters of each block.
private func someParameters(of network: Network) -> [Int] {
  network.layout.blocks.flatMap { block in
    stride(from: block.offset, to: block.range.upperBound, by: 1 + block.range.count / 5)
  }
}

/// The largest difference of chosen scores from other ones, as a share of the largest of these.
private func deviation(_ scores: [Double], _ expected: [(place: Int, score: Double)]) -> Double {
  let scale = expected.map { abs($0.score) }.max() ?? 0
  return (expected.map { abs(scores[$0.place] - $0.score) }.max() ?? .infinity) / scale
}

/// The derivative of a function by a factor of one parameter, at the factor 1.
private func derivative(by place: Int, at point: [Double], of function: ([Double]) -> Double) -> Double {
  let step = 1e-4
  func value(_ factor: Double) -> Double {
    var moved = point
    moved[place] *= factor
    return function(moved)
  }
  return (8 * (value(1 + step) - value(1 - step)) - (value(1 + 2 * step) - value(1 - 2 * step))) / (12 * step)
}

@Suite("Saliency by the loss") struct SaliencyTests {
  @Test("SNIP's score is the derivative of the loss by a factor of the weight, in size", arguments: ScoredSample.all)
  func connectionSensitivity(_ sample: ScoredSample) throws {
    let network = try sample.network()
    let (objective, point) = (sample.objective(network), sample.point(of: network))
    let scores = Saliency.connectionSensitivity(of: objective, at: point)
    let expected = someParameters(of: network).map { place in
      (place, abs(derivative(by: place, at: point) { objective.value(at: $0) }))
    }
    #expect(deviation(scores, expected) < 1e-8)
    #expect(scores.allSatisfy { $0 >= 0 })
  }

  /// The network with temperature T at theta is the network without at D theta, D dividing the last layer by T. Its
  /// gradient is D times that one's.
  private func halfSquaredGradient(
    of objective: NetworkObjective<Double>, temperature: Double
  ) -> ([Double]) -> Double {
    let blocks = objective.network.layout.blocks.suffix(2)
    let last = blocks[blocks.startIndex].offset..<objective.dimension
    func divided(_ vector: [Double]) -> [Double] {
      vector.indices.map { last.contains($0) ? vector[$0] / temperature : vector[$0] }
    }
    return { point in
      var gradient = point
      objective.gradient(at: divided(point), into: &gradient)
      return divided(gradient).reduce(0) { $0 + $1 * $1 } / 2
    }
  }

  @Test(
    "GraSP's score is the derivative of half the squared gradient by a factor of the weight, with sign and temperature",
    arguments: ScoredSample.all, [1.0, 3, 200])
  func gradientFlow(_ sample: ScoredSample, temperature: Double) throws {
    let network = try sample.network()
    let (objective, point) = (sample.objective(network), sample.point(of: network))
    let scores = Saliency.gradientFlow(of: objective, temperature: temperature, at: point)
    let flow = halfSquaredGradient(of: objective, temperature: temperature)
    let expected = someParameters(of: network).map { ($0, derivative(by: $0, at: point, of: flow)) }
    #expect(deviation(scores, expected) < 1e-7)
    #expect(scores.contains { $0 < 0 } && scores.contains { $0 > 0 })
  }

  @Test("GraSP divides by 200 unless told otherwise, and doesn't see the penalty")
  func defaults() throws {
    let sample = ScoredSample.all[0]
    let network = try sample.network()
    let point = sample.point(of: network)
    let scores = Saliency.gradientFlow(of: sample.objective(network), temperature: 200, at: point)
    #expect(Saliency.gradientFlow(of: sample.objective(network, penalty: 0.1), at: point) == scores)
  }

  @Test("GraSP's lowest score is of the weight whose shrinking raises the gradient most")
  func lowest() throws {
    let sample = ScoredSample.all[0]
    let network = try sample.network()
    let (objective, point) = (sample.objective(network), sample.point(of: network))
    let flow = halfSquaredGradient(of: objective, temperature: 200)
    let gains = point.indices.map { place in
      var shrunk = point
      shrunk[place] *= 0.99
      return flow(shrunk) - flow(point)
    }
    let scores = Saliency.gradientFlow(of: objective, at: point)
    let lowest = try #require(scores.indices.min { scores[$0] < scores[$1] })
    #expect(lowest == gains.indices.max { gains[$0] < gains[$1] } && gains[lowest] > 0)
  }
}
