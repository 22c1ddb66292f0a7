import Differentiation
import Networks
import Pruning
import Tensors
import Testing

/// A convolutional network in which whole channels have died besides single weights.
struct DeadChannelSample: Sendable, CustomTestStringConvertible {
  let name: String
  let design: NetworkDesign
  let inputShape: Shape
  let density: Double
  /// What is computed of each layer.
  let computed: [Int]
  var testDescription: String { name }

  func network() throws -> Network { try design.network(for: inputShape, outputs: 3) }

  /// Of the first convolution's channels, every third from 1 on has no weight leading to it and every third from 2 on none
  /// leading on; of the second one's, channel 0 has none leading on; of single weights before the last layer a share is left by chance.
  func mask(of network: Network) -> Mask {
    var generator = Key(seed: 11).child(name).generator()
    var isKept = [Bool](repeating: true, count: network.parameterCount)
    let blocks = network.weightBlocks
    for block in blocks.dropLast() { for place in block.range { isKept[place] = generator.uniform() < density } }
    func clear(_ block: ParameterLayout.Block, _ isCleared: (_ input: Int, _ output: Int) -> Bool) {
      let (inputs, outputs) = (block.shape[block.shape.rank - 2], block.shape[block.shape.rank - 1])
      for place in 0..<block.range.count where isCleared(place / outputs % inputs, place % outputs) {
        isKept[block.offset + place] = false
      }
    }
    clear(blocks[0]) { _, output in output % 3 == 1 }
    clear(blocks[1]) { input, _ in input % 3 == 2 }
    let channels = blocks[1].shape[3]
    clear(blocks[2]) { input, _ in input % channels == 0 }
    return Mask(isKept)
  }
}

private let samples = [
  DeadChannelSample(
    name: "lenet-5 tanh", design: design(.leNet5) { $0.activation = .tanh }, inputShape: [17, 15, 2], density: 0.7,
    computed: [4, 15, 120, 84, 3]),
  DeadChannelSample(
    name: "conv-2",
    design: design(.conv) {
      $0.depth = 2; $0.width = 5
    }, inputShape: [9, 7, 2], density: 0.8,
    computed: [4, 4, 20, 20, 3]),
  DeadChannelSample(
    name: "conv-4 softplus",
    design: design(.conv) {
      $0.depth = 4; $0.width = 4; $0.activation = .softplus
    }, inputShape: [8, 9, 1],
    density: 0.6, computed: [3, 3, 8, 8, 16, 16, 3]),
]

private func design(_ architecture: Architecture, _ change: (inout NetworkDesign) -> Void) -> NetworkDesign {
  var design = NetworkDesign(architecture)
  change(&design)
  return design
}

@Suite struct PrunedConvolutionTests {
  private func objective(_ network: Network, count: Int) -> NetworkObjective<Double> {
    var generator = Key(seed: 3).generator()
    let features = Tensor(
      (0..<count * network.inputShape.count).map { _ in generator.normal() },
      shape: Shape([count] + network.inputShape.dimensions))
    return NetworkObjective(
      network, loss: .crossEntropy,
      examples: Examples<Double>(features: features, labels: (0..<count).map { $0 % 3 }, classes: 3))
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    var difference = a
    difference.add(-1, times: b)
    return difference.norm
  }

  @Test(
    "channels that have died are not computed, and value, gradient and Hessian are the whole network's",
    arguments: samples)
  func deadChannels(_ sample: DeadChannelSample) throws {
    let network = try sample.network()
    let mask = sample.mask(of: network)
    #expect(network.computedUnits(under: mask) == sample.computed)
    let all = network.computedUnits(under: .full(network.parameterCount))
    #expect(network.disconnectedUnits(under: mask) == zip(all, sample.computed).reduce(0) { $0 + $1.0 - $1.1 })
    let whole = objective(network, count: 21)
    let pruned = objective(network.pruned(by: mask), count: 21)
    var generator = Key(seed: 5).generator()
    let kept = (0..<mask.places.count).map { _ in 0.3 * generator.normal() }
    let direction = (0..<mask.places.count).map { _ in generator.normal() }
    let point = mask.expanded(kept)
    #expect(abs(pruned.value(at: kept) - whole.value(at: point)) < 1e-12)
    var (own, full) = (kept, point)
    pruned.gradient(at: kept, into: &own)
    whole.gradient(at: point, into: &full)
    #expect(distance(own, mask.compressed(full)) < 1e-12 * (1 + full.norm))
    pruned.hessian(at: kept).apply(to: direction, into: &own)
    whole.hessian(at: point).apply(to: mask.expanded(direction), into: &full)
    #expect(distance(own, mask.compressed(full)) < 1e-11 * (1 + full.norm))
  }

  @Test(
    "fifty steps of training end in the same weights, dense under the mask or without what has died", arguments: samples
  )
  func training(_ sample: DeadChannelSample) throws {
    let network = try sample.network()
    let mask = sample.mask(of: network)
    let whole = objective(network, count: 40)
    let pruned = objective(network.pruned(by: mask), count: 40)
    let start: [Double] = network.initialParameters(key: Key(seed: 2))
    var own = mask.compressed(start)
    var full = mask.expanded(own)
    var (ownGradient, fullGradient) = (own, full)
    var (ownMomentum, fullMomentum) = (own.map { _ in 0.0 }, full.map { _ in 0.0 })
    let first = pruned.value(at: own)
    for step in 0..<50 {
      let batch = (0..<10).map { (step * 7 + $0 * 3) % 40 }
      pruned.gradient(at: own, examples: batch[...], into: &ownGradient)
      whole.gradient(at: full, examples: batch[...], into: &fullGradient)
      for place in own.indices { ownMomentum[place] = 0.9 * ownMomentum[place] + ownGradient[place] }
      for place in mask.places { fullMomentum[place] = 0.9 * fullMomentum[place] + fullGradient[place] }
      own.add(-0.01, times: ownMomentum)
      full.add(-0.01, times: fullMomentum)
    }
    #expect(pruned.value(at: own) < first - 0.01)
    #expect(distance(own, mask.compressed(full)) < 1e-9 * full.norm)
  }

  @Test("behind a normalization all channels are computed, and before the last layer only live units")
  func normalization() throws {
    let network = try Network(
      inputShape: [6, 5, 1],
      layers: [
        Convolution(inputs: 1, outputs: 4, hasBias: false), Normalization(channels: 4, over: .batch), Activation.relu,
        Convolution(inputs: 4, outputs: 3), Activation.relu, Flatten(), Dense(inputs: 90, outputs: 5), Activation.relu,
        Dense(inputs: 5, outputs: 2),
      ])
    var isKept = [Bool](repeating: true, count: network.parameterCount)
    let blocks = network.weightBlocks
    for place in 0..<36 * 3 where place / 3 % 4 == 2 { isKept[blocks[1].offset + place] = false }
    for place in 0..<90 * 5 where place / 5 % 3 == 1 { isKept[blocks[2].offset + place] = false }
    for place in 0..<10 where place / 2 == 4 { isKept[blocks[3].offset + place] = false }
    #expect(network.computedUnits(under: Mask(isKept)) == [4, 2, 4, 2])
  }

  @Test("a network whose every weight has gone answers with its last biases")
  func nothingLeft() throws {
    let network = try samples[1].network()
    var isKept = [Bool](repeating: true, count: network.parameterCount)
    for block in network.weightBlocks { for place in block.range { isKept[place] = false } }
    let pruned = objective(network.pruned(by: Mask(isKept)), count: 9)
    let biases = (0..<pruned.dimension).map { 0.1 * Double($0 + 1) }
    let whole = objective(network, count: 9)
    #expect(abs(pruned.value(at: biases) - whole.value(at: Mask(isKept).expanded(biases))) < 1e-13)
  }
}
