import Differentiation
import Networks
import Pruning
import Tensors
import Testing

/// Paths through dense layers with or without normalization: each goes from an input or a bias to an output, and adds
/// the product of the sizes along it to the score of every parameter that it passes.
private struct Paths {
  let network: Network
  let sizes: [Double]
  var scores: [Double]

  init(_ network: Network, _ point: [Double]) {
    self.network = network
    sizes = point.map { abs($0) }
    scores = [Double](repeating: 0, count: point.count)
    var passed: [Int] = []
    for input in 0..<network.inputShape.count { walk(from: input, layer: 1, value: 1, &passed) }
    for (name, layer) in network.body.elements {
      let number = Int(name.drop { !$0.isNumber }) ?? 0
      guard layer is Dense || layer is Normalization, let bias = block("\(name)/bias") else { continue }
      for unit in 0..<bias.shape.count {
        passed = [bias.offset + unit]
        walk(from: unit, layer: number + 1, value: sizes[bias.offset + unit], &passed)
      }
    }
  }

  private func block(_ name: String) -> ParameterLayout.Block? { network.layout.blocks.first { $0.name == name } }

  private mutating func walk(from unit: Int, layer: Int, value: Double, _ passed: inout [Int]) {
    guard let weight = block("dense\(layer)/weight") else {
      for place in passed { scores[place] += value }
      return
    }
    for next in 0..<weight.shape[1] {
      let place = weight.offset + unit * weight.shape[1] + next
      passed.append(place)
      var product = value * sizes[place]
      let scale = block("normalization\(layer)/scale").map { $0.offset + next }
      if let scale {
        passed.append(scale)
        product *= sizes[scale] / (1 + 1e-5).squareRoot()
      }
      walk(from: next, layer: layer + 1, value: product, &passed)
      passed.removeLast(scale == nil ? 1 : 2)
    }
  }
}

@Suite("Synaptic flow") struct SynapticFlowTests {
  private func design(_ architecture: Architecture, _ normalization: NormalizationChoice) -> NetworkDesign {
    var design = NetworkDesign(architecture, hidden: [4, 5, 3])
    design.normalization = normalization
    return design
  }

  private func point(of network: Network, seed: UInt64 = 5) -> [Double] {
    var generator = Key(seed: seed).generator()
    return generator.normals(network.parameterCount)
  }

  /// The same with biases of 0, as they start.
  private func pointWithoutBiases(of network: Network) -> [Double] {
    var point = point(of: network)
    for block in network.layout.blocks where block.name.hasSuffix("bias") {
      for place in block.range { point[place] = 0 }
    }
    return point
  }

  private func sum(_ scores: [Double], _ block: ParameterLayout.Block) -> Double { scores[block.range].reduce(0, +) }

  @Test(
    "is, of each parameter, the sum over paths through it of the product of sizes",
    arguments: [NormalizationChoice.none, .batch])
  func paths(_ normalization: NormalizationChoice) throws {
    let network = try design(.perceptron, normalization).network(for: [6], outputs: 2)
    let point = point(of: network)
    let expected = Paths(network, point).scores
    let scores = Saliency.synapticFlow(of: network, at: point)
    #expect(zip(scores, expected).allSatisfy { abs($0 - $1) < 1e-12 * $1 } && expected.allSatisfy { $0 > 0 })
  }

  @Test("of a convolution goes through every place of its window")
  func convolution() throws {
    let (height, width, channels, outputs, units) = (5, 6, 2, 3, 4)
    let network = try Network(
      inputShape: [height, width, channels],
      layers: [
        Convolution(
          inputs: channels, outputs: outputs, window: PlaneExtents(height: 2, width: 3), padding: 0, hasBias: false),
        Normalization(channels: outputs, over: .batch), Activation.relu, Flatten(),
        Dense(inputs: 4 * 4 * outputs, outputs: units, hasBias: false),
      ])
    let point = pointWithoutBiases(of: network)
    let sizes = point.map { abs($0) }
    let blocks = network.layout.blocks
    let (kernel, scale, dense) = (blocks[0], blocks[1], blocks[3])
    var expected = [Double](repeating: 0, count: point.count)
    for place in 0..<16 {
      for output in 0..<outputs {
        for unit in 0..<units {
          let weight = dense.offset + (place * outputs + output) * units + unit
          // Ones under the window, wherever it is.
          for tap in 0..<2 * 3 * channels {
            let value = sizes[kernel.offset + tap * outputs + output] * sizes[scale.offset + output] * sizes[weight]
            for passed in [kernel.offset + tap * outputs + output, scale.offset + output, weight] {
              expected[passed] += value / (1 + 1e-5).squareRoot()
            }
          }
        }
      }
    }
    let scores = Saliency.synapticFlow(of: network, at: point)
    #expect(zip(scores, expected).allSatisfy { abs($0 - $1) <= 1e-12 * $1 })
  }

  @Test(
    "has the same sum in every layer of a chain without biases, with pooling and normalization over the batch too",
    arguments: [Architecture.perceptron, .leNet5, .conv, .vggSmall], [NormalizationChoice.none, .batch])
  func conservation(_ architecture: Architecture, _ normalization: NormalizationChoice) throws {
    var design = design(architecture, normalization)
    if architecture != .perceptron { design.width = 4 }
    let network = try design.network(for: [16, 20, 1], outputs: 3)
    let scores = Saliency.synapticFlow(of: network, at: pointWithoutBiases(of: network))
    let blocks = network.layout.blocks.filter { !$0.name.hasSuffix("bias") }
    let flow = sum(scores, blocks[0])
    #expect(flow > 0 && blocks.count > 2)
    for block in blocks { #expect(abs(sum(scores, block) - flow) < 1e-11 * flow, "\(block.name)") }
  }

  @Test("does not depend on the signs of parameters")
  func signs() throws {
    let network = try design(.perceptron, .batch).network(for: [6], outputs: 2)
    let point = point(of: network)
    let scores = Saliency.synapticFlow(of: network, at: point)
    #expect(Saliency.synapticFlow(of: network, at: point.map { -$0 }) == scores)
  }

  @Test("sums to nothing before layers that normalize each example, and in weights over their own norms")
  func ownMoments() throws {
    var weightNormalized = design(.perceptron, .none)
    weightNormalized.weightNormalization = .weight
    for design in [design(.perceptron, .layer), weightNormalized] {
      let network = try design.network(for: [6], outputs: 2)
      let scores = Saliency.synapticFlow(of: network, at: pointWithoutBiases(of: network))
      for block in network.weightBlocks.prefix(3) {
        let size = scores[block.range].reduce(0) { $0 + abs($1) }
        #expect(size > 0 && abs(sum(scores, block)) < 1e-3 * size, "\(block.name)")
      }
    }
  }
}
