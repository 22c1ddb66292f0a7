public import Configuration
public import Datasets
internal import Foundation
public import Networks
public import Tensors

/// The network; inputs and outputs are those of the data.
public struct NetworkSettings: Configurable {
  /// What it is made from.
  public var design = NetworkDesign()

  /// The defaults.
  public init() {}

  /// Parts that don't go together.
  public var conflict: String? {
    if design.architecture.publishedWidth != nil && hidden != Self().hidden {
      return "hidden is \(hidden), but \(design.architecture.rawValue) takes its widths from width"
    }
    return design.conflict
  }

  /// Units in each hidden layer.
  public var hidden: [Int] {
    get { design.hidden }
    set { design.hidden = newValue }
  }

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("architecture", \.design.architecture, "The network; landscape list architectures describes them.")
    Setting(
      "hidden", \.design.hidden, "Units in each hidden layer of mlp, deep-linear and autoencoder; [] for none.",
      allowed: 1...1_000_000)
    Setting(
      "width", \.design.width,
      "The width of other architectures, all layers in proportion; null for the published one.", allowed: 1...100_000)
    Setting(
      "depth", \.design.depth, "The depth of conv, vgg-small and resnet; null for its default.", allowed: 2...1000)
    Setting(
      "normalization", \.design.normalization, "What stands before nonlinearities; published is batch for resnet.")
    Setting(
      "groups", \.design.groups, "Groups of channels of group normalization, where they divide them.",
      allowed: 1...1_000_000_000)
    Setting("skips", \.design.hasSkips, "Whether residual blocks have shortcuts.")
    Setting("shortcut", \.design.shortcut, "How the shortcuts of resnet change shapes.")
    Setting(
      "weight_normalization", \.design.weightNormalization,
      "Whether weights are g v / |v| (weight), V / sigma(V) (spectral) or themselves (none).")
    Setting(
      "dropout", \.design.dropout,
      "The share of units dropped before each dense layer behind the first, in the steps of training alone.",
      allowed: 0.0..<1.0)
    Setting("activation", \.design.activation, "The nonlinearity between layers.")
    Setting(
      "initializer", \.design.initialization.law, "How weights are drawn; landscape list initializers describes them.")
    Setting("gain", \.design.initialization.gain, "What the drawn weights are multiplied by.", allowed: Above(0.0))
    Setting(
      "bias_deviation", \.design.initialization.biasDeviation,
      "The standard deviation of normal biases; 0 for no bias.",
      allowed: 0.0...)
    Setting(
      "non_zeros", \.design.initialization.nonZeros, "The weights of a unit that the law sparse leaves.",
      allowed: 1...1_000_000_000)
    Setting(
      "metainit_steps", \.design.initialization.steps, "The steps of metainit.", allowed: 0...1_000_000)
    Setting(
      "parameterization", \.design.parameterization,
      "How weights enter the function and how fast they learn: as they are, divided by sqrt(fan-in), or for maximal "
        + "updates at any width.")
    Setting(
      "base_width", \.design.baseWidth, "The width (hidden's first, or width) at which mup is the standard form.",
      allowed: 1...1_000_000)
  }
}

extension Recipe {
  /// The network for a data set. Throws `ConfigurationError` when it can't take the data's examples.
  public func network(for data: SplitDataset) throws(ConfigurationError) -> Network {
    if data.train.targets != nil, let conflict = conflict(withTargetsOf: "the targets of \(data.name)") {
      throw ConfigurationError(origin: nil, problem: .conflict(conflict))
    }
    let made: Network
    do throws(ShapeMismatch) {
      made = try network.design.network(for: data.train.exampleShape, outputs: data.train.outputCount)
    } catch {
      let sentence = mismatch(error, shape: data.train.exampleShape)
      throw ConfigurationError(origin: nil, problem: .conflict(sentence))
    }
    if let conflict = batchConflict(made, examples: data.train.count)
      ?? memoryConflict(made, machine: ProcessInfo.processInfo.physicalMemory)
    {
      throw ConfigurationError(origin: nil, problem: .conflict(conflict))
    }
    return made
  }

  /// A random start, with what the initializer learns from data: LSUV from up to 256 examples, MetaInit from none.
  public func initialParameters<Element: Scalar>(
    of network: Network, on data: Dataset, key: Key
  ) -> [Element] {
    let start: [Element] = network.initialParameters(key: key)
    switch network.initialization.law {
    case .lsuv:
      let sample = data.stratifiedSample(min(256, data.count), key: key.child("lsuv"))
      return network.normalizedToUnitVariance(start, batch: sample.features())
    case .metaInit:
      return network.metaInitialized(
        start, loss: loss, key: key.child("metainit"), steps: network.initialization.steps)
    default: return start
    }
  }

  /// Why the network does not go with data and loss, as far as it is known before the data are read.
  var networkConflict: String? { lossConflict ?? shapeConflict }

  private var lossConflict: String? {
    if network.design.architecture.reconstructs || data.target == .inputs,
      let conflict = conflict(withTargetsOf: "the inputs")
    {
      return conflict
    }
    if network.design.dropout > 0 && batchSize == nil {
      return "network.dropout is \(network.design.dropout), but training on all examples at once drops nothing; give a "
        + "batch_size"
    }
    return nil
  }

  private func conflict(withTargetsOf what: String) -> String? {
    if loss != .meanSquaredError {
      return "loss is \(loss.rawValue), but there are real numbers to learn, \(what); choose mean-squared-error"
    }
    return labelSmoothing > 0 ? "label_smoothing is \(labelSmoothing), but there are no labels to learn" : nil
  }

  private var shapeConflict: String? {
    guard network.conflict == nil, let (shape, outputs, count) = data.outline else { return nil }
    do throws(ShapeMismatch) {
      return batchConflict(try network.design.network(for: shape, outputs: outputs), examples: count)
    } catch {
      return mismatch(error, shape: shape)
    }
  }

  /// The network for the data's shape, where that is known without the data and fits.
  public var outlinedNetwork: Network? {
    guard network.conflict == nil, let (shape, outputs, _) = data.outline else { return nil }
    do throws(ShapeMismatch) { return try network.design.network(for: shape, outputs: outputs) } catch { return nil }
  }

  /// Why a network can't see so few examples at a time as another setting, named by its key, says; or `nil`.
  public func batchConflict(_ key: String, _ count: Int) -> String? {
    guard count == 1, let network = outlinedNetwork, network.statisticsCount > 0 else { return nil }
    return "\(key) is 1, but normalization over the batch needs at least 2; take more or choose another normalization"
  }

  private func batchConflict(_ network: Network, examples count: Int) -> String? {
    guard network.statisticsCount > 0, min(batchSize ?? .max, count) < 2 else { return nil }
    let cause = batchSize == 1 ? "batch_size is 1" : "there is only 1 example"
    return
      "\(cause), but normalization over the batch needs at least 2; take more or choose another network.normalization"
  }

  /// Training holds the first parameters, the present ones, their gradient and mostly the method's memory of as many; Newton's
  /// method a dense Hessian in Float64, too.
  package func memoryConflict(_ network: Network, machine: UInt64) -> String? {
    let count = network.parameterCount
    let isNewton = optimizer.method == .newton || optimizer.method == .saddleFreeNewton
    let hessian = isNewton ? 8 * Double(count) * Double(count) : 0
    let (needed, there) = (4 * 4 * Double(count) + hessian, Double(machine))
    guard needed > there else { return nil }
    return
      "the network has \(count) parameters, whose training by \(optimizer.method.rawValue) takes \(Int(needed / 1e9)) GB at "
      + "least, but this machine has "
      + "\(Int(there / 1e9)) GB; choose smaller sizes"
  }

  private func mismatch(_ error: ShapeMismatch, shape: Shape) -> String {
    "network.architecture \(network.design.architecture.rawValue) does not take the examples of \(data.name), which have "
      + "the shape \(shape): \(error); choose another architecture, other sizes or other data"
  }
}
