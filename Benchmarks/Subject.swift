import Datasets
import Networks
import Tensors

/// A network on normal numbers with random labels of ten classes.
struct Subject: Sendable {
  let design: NetworkDesign
  let input: Shape
  /// The multiplications of one example's way through all layers.
  let multiplications: Double
  /// Those of the first layer, whose inputs need no derivative.
  let firstMultiplications: Double

  /// A perceptron by its widths.
  init(_ widths: [Int]) {
    let layers = zip(widths, widths.dropFirst()).map { Double($0 * $1) }
    design = NetworkDesign(.perceptron, hidden: Array(widths.dropFirst().dropLast()))
    input = [widths[0]]
    multiplications = layers.reduce(0, +)
    firstMultiplications = layers[0]
  }

  /// A network of convolutions, each with so many outputs an image, and of dense layers.
  private init(_ design: NetworkDesign, _ input: Shape, convolutions: [Int], dense: [Int]) {
    self.design = design
    self.input = input
    multiplications = Double((convolutions + zip(dense, dense.dropFirst()).map { $0 * $1 }).reduce(0, +))
    firstMultiplications = Double(convolutions[0])
  }

  static let mlp = Subject([64, 64, 64, 10])
  static let lenet300 = Subject([784, 300, 100, 10])
  static let mlp1024 = Subject([784, 1024, 1024, 10])
  static let lenet5 = Subject(
    NetworkDesign(.leNet5), [28, 28, 1], convolutions: [28 * 28 * 25 * 6, 10 * 10 * 25 * 6 * 16],
    dense: [400, 120, 84, 10])
  static let conv2 = Subject(
    NetworkDesign(.conv, depth: 2), [28, 28, 1], convolutions: [28 * 28 * 9 * 64, 28 * 28 * 9 * 64 * 64],
    dense: [12544, 256, 256, 10])
  static let resnet20 = Subject(
    NetworkDesign(.resNet, depth: 20), [32, 32, 3],
    convolutions: [32 * 32 * 9 * 3 * 16, 6 * 32 * 32 * 9 * 16 * 16] + [
      16 * 16 * 9 * 16 * 32, 5 * 16 * 16 * 9 * 32 * 32, 8 * 8 * 9 * 32 * 64, 5 * 8 * 8 * 9 * 64 * 64,
    ], dense: [64, 10])

  func network(_ activation: Activation) -> Network {
    var design = design
    design.activation = activation
    do {
      return try design.network(for: input, outputs: 10)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// The mean cross entropy over `count` examples; batches are what is normalized over.
  func objective(
    _ activation: Activation, examples count: Int, batchSize: Int, network: Network? = nil
  ) -> NetworkObjective<Float> {
    let network = network ?? self.network(activation)
    var generator = Key(seed: 1).generator()
    let features = Tensor<Float>(
      generator.normals(count * input.count), shape: Shape([count] + input.dimensions))
    let labels = (0..<count).map { _ in generator.integer(below: 10) }
    return NetworkObjective<Float>(
      network, loss: .crossEntropy, examples: Examples(features: features, labels: labels, classes: 10),
      moments: network.statisticsCount > 0 ? .ofBatches(batchSize) : nil)
  }
}
