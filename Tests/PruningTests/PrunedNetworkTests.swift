import Differentiation
import Networks
import Pruning
import Tensors
import Testing

/// A network with a mask that keeps about `density` of the weights.
struct MaskedSample: Sendable, CustomTestStringConvertible {
  let name: String
  let density: Double
  let design: NetworkDesign
  let inputShape: Shape
  var testDescription: String { "\(name) at \(density)" }

  func network() throws -> Network { try design.network(for: inputShape, outputs: 3) }

  func mask(of network: Network) -> Mask {
    var generator = Key(seed: 7).child(name).generator()
    var isKept = [Bool](repeating: true, count: network.parameterCount)
    for block in network.weightBlocks { for place in block.range { isKept[place] = generator.uniform() < density } }
    return Mask(isKept)
  }
}

private func design(_ architecture: Architecture, _ change: (inout NetworkDesign) -> Void = { _ in }) -> NetworkDesign {
  var design = NetworkDesign(architecture)
  change(&design)
  return design
}

private let samples: [MaskedSample] =
  [0.9, 0.5, 0.12, 0.01, 0].flatMap { density in
    [
      MaskedSample(
        name: "mlp relu", density: density, design: design(.perceptron) { $0.hidden = [23, 17, 11] }, inputShape: [29]),
      MaskedSample(
        name: "mlp tanh", density: density,
        design: design(.perceptron) {
          $0.hidden = [130]
          $0.activation = .tanh
        }, inputShape: [9]),
    ]
  } + [
    MaskedSample(name: "lenet-5", density: 0.2, design: design(.leNet5), inputShape: [28, 28, 1]),
    MaskedSample(name: "lenet-5", density: 0.01, design: design(.leNet5), inputShape: [20, 18, 1]),
    MaskedSample(
      name: "conv-2", density: 0.1,
      design: design(.conv) {
        $0.depth = 2; $0.width = 6
      }, inputShape: [7, 9, 2]),
    MaskedSample(
      name: "vgg-small", density: 0.05,
      design: design(.vggSmall) {
        $0.depth = 4; $0.width = 5; $0.activation = .tanh
      }, inputShape: [8, 8, 1]),
    MaskedSample(
      name: "resnet", density: 0.3,
      design: design(.resNet) {
        $0.depth = 8; $0.width = 4
      }, inputShape: [8, 8, 1]),
  ]

@Suite struct PrunedNetworkTests {
  @Test(
    "a pruned network has the value, the gradient and the Hessian of the whole one with zeros in it", arguments: samples
  )
  func sameFunction(_ sample: MaskedSample) throws {
    let network = try sample.network()
    let mask = sample.mask(of: network)
    var generator = Key(seed: 3).generator()
    let count = 70
    let features = Tensor(
      (0..<count * sample.inputShape.count).map { _ in generator.normal() },
      shape: Shape([count] + sample.inputShape.dimensions))
    let examples = Examples<Double>(features: features, labels: (0..<count).map { $0 % 3 }, classes: 3)
    func objective(_ network: Network) -> NetworkObjective<Double> {
      NetworkObjective(
        network, loss: .crossEntropy, examples: examples, penalty: L2Penalty(0.01, of: network.layout),
        moments: network.statisticsCount > 0 ? .ofBatches(35) : nil)
    }
    let whole = objective(network)
    let pruned = objective(network.pruned(by: mask))
    #expect(pruned.dimension == mask.places.count)
    let kept = (0..<mask.places.count).map { _ in 0.3 * generator.normal() }
    let direction = (0..<mask.places.count).map { _ in generator.normal() }
    let point = mask.expanded(kept)

    #expect(abs(pruned.value(at: kept) - whole.value(at: point)) < 1e-12)
    var own = kept
    var full = point
    pruned.gradient(at: kept, into: &own)
    whole.gradient(at: point, into: &full)
    #expect(distance(own, mask.compressed(full)) < 1e-12 * (1 + full.norm))
    let hessian = whole.hessian(at: point)
    hessian.apply(to: mask.expanded(direction), into: &full)
    let prunedHessian = pruned.hessian(at: kept)
    prunedHessian.apply(to: direction, into: &own)
    #expect(distance(own, mask.compressed(full)) < 1e-11 * (1 + full.norm))
  }

  @Test("batches of chosen examples give the same in single precision, to rounding")
  func batches() throws {
    let sample = samples[2]
    let network = try sample.network()
    let mask = sample.mask(of: network)
    var generator = Key(seed: 3).generator()
    let features = Tensor((0..<200 * 29).map { _ in Float(generator.normal()) }, shape: [200, 29])
    let examples = Examples<Float>(features: features, labels: (0..<200).map { $0 % 3 }, classes: 3)
    let whole = NetworkObjective(network, loss: .crossEntropy, examples: examples)
    let pruned = NetworkObjective(network.pruned(by: mask), loss: .crossEntropy, examples: examples)
    let kept = (0..<mask.places.count).map { _ in Float(0.3 * generator.normal()) }
    let batch = (0..<60).map { $0 * 3 }
    var own = kept
    var full = mask.expanded(kept)
    pruned.gradient(at: kept, examples: batch[...], into: &own)
    whole.gradient(at: mask.expanded(kept), examples: batch[...], into: &full)
    #expect(distance(own, mask.compressed(full)) < 1e-5 * full.norm)
  }

  private func distance<S: Scalar>(_ a: [S], _ b: [S]) -> S {
    var difference = a
    difference.add(-1, times: b)
    return difference.norm
  }
}
