import Differentiation
import Foundation
import Networks
import Tensors
import Testing

/// What PyTorch gives for small networks, by `Fixtures/make_architectures.py`.
private struct Recorded: Decodable {
  struct Vector: Decodable {
    let norm: Double
    let product: Double
    let elements: [Double]

    /// The largest deviation of `vector` from what is known of this one, relative to its norm.
    func deviation<S: Scalar>(of vector: [S], direction: [Double]) -> Double {
      let own = vector.map { Double($0) }
      var deviations = [abs(own.norm - norm), abs(own.dot(direction) - product) / direction.norm]
      for (index, element) in elements.enumerated() { deviations.append(abs(own[31 * index] - element)) }
      return (deviations.contains { $0.isNaN } ? .nan : deviations.max() ?? .nan) / norm
    }
  }
  struct Case: Decodable {
    let count: Int
    let value: Double
    let gradient: Vector
    let hessianVectorProduct: Vector
  }
  let counts: [String: Int]
  let cases: [String: Case]

  static func load() throws -> Recorded {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/architectures", withExtension: "json"))
    return try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: url))
  }
}

private func design(
  _ architecture: Architecture, width: Int? = nil, depth: Int? = nil, activation: Activation = .relu,
  hidden: [Int] = [7, 5], _ change: (inout NetworkDesign) -> Void = { _ in }
) -> NetworkDesign {
  var design = NetworkDesign(architecture, hidden: hidden, width: width, depth: depth, activation: activation)
  change(&design)
  return design
}

private let image: Shape = [9, 7, 3]

/// The fixture's networks as designs, with the shape of their examples.
private let designs: [String: (shape: Shape, design: NetworkDesign)] = [
  "resnet-batch": (image, design(.resNet, width: 3, depth: 8)),
  "resnet-batch-projection": (image, design(.resNet, width: 3, depth: 8) { $0.shortcut = .projection }),
  "resnet-batch-plain": (image, design(.resNet, width: 3, depth: 8) { $0.hasSkips = false }),
  "resnet-group": (
    image,
    design(.resNet, width: 4, depth: 8) {
      $0.normalization = .group
      $0.groups = 2
    }
  ),
  "resnet-none": (image, design(.resNet, width: 3, depth: 8) { $0.normalization = .none }),
  "resnet-switchable": (image, design(.resNet, width: 3, depth: 8) { $0.normalization = .switchable }),
  "resnet-fixup": (image, design(.resNet, width: 3, depth: 8) { $0.normalization = .fixup }),
  "lenet-5": ([13, 12], design(.leNet5, width: 3, activation: .tanh)),
  "conv-none": (image, design(.conv, width: 4)),
  "conv-layer": (image, design(.conv, width: 4) { $0.normalization = .layer }),
  "vgg-small-instance": (
    image, design(.vggSmall, width: 4, depth: 4, activation: .softplus) { $0.normalization = .instance }
  ),
  "vgg-small-batch": (
    image, design(.vggSmall, width: 4, depth: 4, activation: .softplus) { $0.normalization = .batch }
  ),
  "mlp-batch": ([6], design(.perceptron, activation: .tanh) { $0.normalization = .batch }),
  "mlp-layer": ([6], design(.perceptron, activation: .tanh) { $0.normalization = .layer }),
  "mlp-weight-normalized": ([6], design(.perceptron, activation: .tanh) { $0.weightNormalization = .weight }),
  "elman": ([5, 2], design(.elman, width: 9, activation: .tanh)),
]

/// amplitude sin(factor i + phase) + offset, which the fixture's script computes as well.
func wave(_ count: Int, _ factor: Double, _ phase: Double, amplitude: Double = 1, offset: Double = 0) -> [Double] {
  (0..<count).map { amplitude * sin(factor * Double($0) + phase) + offset }
}

@Suite("Architectures")
struct ArchitectureTests {
  private let recorded: Recorded

  init() throws { recorded = try Recorded.load() }

  private func objective<S: Scalar>(_ name: String, as type: S.Type = S.self) throws -> NetworkObjective<S> {
    let (shape, design) = try #require(designs[name])
    let examples = Examples<S>(
      features: Tensor(wave(6 * shape.count, 0.37, 0.2), shape: [6, shape.count]), labels: (0..<6).map { 3 * $0 % 10 },
      classes: 10)
    return NetworkObjective(
      try design.network(for: shape, outputs: 10), loss: .crossEntropy, examples: examples, moments: .ofBatches(6),
      chunkSize: 6)
  }

  /// Deviations of value, gradient and Hessian-vector product from PyTorch's, relative to their norms.
  private func deviations<S: Scalar>(_ name: String, as type: S.Type) throws -> [Double] {
    let known = try #require(recorded.cases[name])
    let objective: NetworkObjective<S> = try objective(name)
    #expect(objective.dimension == known.count, "\(name)")
    let point = wave(objective.dimension, 1.7, 0.3, amplitude: 0.3, offset: 0.05).map { S($0) }
    let direction = wave(objective.dimension, 0.61, 1.1)
    var gradient = point
    let value = objective.gradient(at: point, into: &gradient)
    let curvature = product(objective, point, direction.map { S($0) })
    return [
      abs(value - known.value) / known.value, known.gradient.deviation(of: gradient, direction: direction),
      known.hessianVectorProduct.deviation(of: curvature, direction: direction),
    ]
  }

  @Test("value, gradient and Hessian-vector product are PyTorch's to 1e-9 in Float64", arguments: designs.keys.sorted())
  func float64(name: String) throws {
    let deviations = try deviations(name, as: Double.self)
    #expect(deviations.allSatisfy { $0 < 1e-9 }, "\(deviations)")
  }

  @Test("and to 1e-4 in Float32", arguments: designs.keys.sorted())
  func float32(name: String) throws {
    let deviations = try deviations(name, as: Float.self)
    #expect(deviations.allSatisfy { $0 < 1e-4 }, "\(deviations)")
  }

  @Test("the mean of the examples' gradients is PyTorch's gradient to 1e-9", arguments: designs.keys.sorted())
  func exampleGradients(name: String) throws {
    let known = try #require(recorded.cases[name])
    let objective: NetworkObjective<Double> = try objective(name)
    let point = wave(objective.dimension, 1.7, 0.3, amplitude: 0.3, offset: 0.05)
    let rows = objective.exampleGradients(at: point).elements
    var mean = [Double](repeating: 0, count: point.count)
    for start in stride(from: 0, to: rows.count, by: mean.count) {
      mean.add(1 / 6, times: Array(rows[start..<start + mean.count]))
    }
    #expect(known.gradient.deviation(of: mean, direction: wave(point.count, 0.61, 1.1)) < 1e-9)
    #expect(objective.composesRows == !(name == "elman" || name.contains("batch") || name.contains("switchable")))
  }

  @Test("the published networks have the published numbers of parameters")
  func counts() throws {
    func count(_ architecture: Architecture, depth: Int? = nil, _ shape: Shape, projection: Bool = false) throws -> Int
    {
      var design = design(architecture, depth: depth)
      if projection { design.shortcut = .projection }
      return try design.network(for: shape, outputs: 10).parameterCount
    }
    let colour: Shape = [32, 32, 3]
    #expect(try count(.leNet300, [28, 28]) == recorded.counts["lenet-300-100"])
    #expect(try count(.leNet5, [28, 28]) == recorded.counts["lenet-5"])
    for depth in [2, 4, 6] { #expect(try count(.conv, depth: depth, colour) == recorded.counts["conv-\(depth)"]) }
    for depth in [8, 20, 32, 44] {
      #expect(try count(.resNet, depth: depth, colour) == recorded.counts["resnet-\(depth)"])
    }
    #expect(try count(.resNet, colour, projection: true) == recorded.counts["resnet-20-projection"])
    #expect(recorded.counts["lenet-300-100"] == 266_610 && recorded.counts["lenet-5"] == 61_706)
    #expect(recorded.counts["resnet-20"] == 269_722)
  }

  @Test("blocks are named by their place")
  func names() throws {
    let network = try design(.resNet, width: 3, depth: 8).network(for: image, outputs: 10)
    let names = network.layout.blocks.map(\.name)
    #expect(names.first == "stem/convolution1/weight" && names.last == "head/dense1/bias")
    #expect(names.contains("stage2/block1/convolution1/weight"))
    #expect(names.contains("stage3/block1/normalization2/scale"))
    #expect(network.statisticsLayout.blocks.first?.name == "stem/normalization1/mean")
  }
}
