public import Components
public import Differentiation
public import Tensors

/// Normalization by a mixture of instance, layer and batch moments (Luo et al. 2019):
/// y = scale (x - sum_k w_k mean_k) / sqrt(sum_k w'_k variance_k + epsilon) + bias, w = softmax(a), w' = softmax(a').
///
/// Statistics that a pass gives take the place of the batch's moments.
public struct SwitchableNormalization: Layer {
  /// The channels.
  public let channels: Int
  /// What keeps a variance of 0 from being divided by.
  public let epsilon: Double

  /// Creates the layer.
  public init(channels: Int, epsilon: Double = 1e-5) {
    self.channels = channels
    self.epsilon = epsilon
  }

  /// `switchable-normalization`.
  public static var component: Component {
    Component(
      .layer, "switchable-normalization",
      "normalization by a learned mixture of instance, layer and batch moments",
      settings: [.init("epsilon", "added to variances", allowed: "above 0", default: "1e-5")],
      references: [.luo2019])
  }

  /// "normalization".
  public var kind: String { "normalization" }

  /// `scale`, `bias`, and the weights a and a' of instance, layer and batch, which start equal.
  public var parameters: [Parameter] {
    [.scale(units: channels), .bias(units: channels)]
      + ["mean-weights", "variance-weights"].map {
        Parameter(name: $0, shape: [3], kind: .scale(start: 0), fanIn: 1, fanOut: 1)
      }
  }

  /// `mean` and `variance`.
  public var statistics: [(name: String, shape: Shape)] { [("mean", [channels]), ("variance", [channels])] }

  /// The input's.
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard let last = input.dimensions.last, last == channels else {
      throw ShapeMismatch("a normalization of \(channels) channels can't take examples of shape \(input)")
    }
    if input.count < 2 * channels {
      throw ShapeMismatch(
        "switchable normalization has nothing to average over in examples of shape \(input), with one position a channel"
      )
    }
    return input
  }

  /// Normalizes. The layer's and the batch's moments are made from those of the instances.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let count = x.shape[0]
    let image = x.reshaped(to: [count, x.shape.count / (count * channels), channels])
    let mean = image.mean(over: [1])
    let variance = (image - mean.broadcast(to: image.shape, along: [0, 2])).square().mean(over: [1])
    let power = variance + mean.square()

    let layerMean = mean.mean(over: [1])
    let layerVariance = power.mean(over: [1]) - layerMean.square()
    let batchMean: Symbol
    let batchVariance: Symbol
    if let given = pass.givenMoments(count: 2 * channels) {
      (batchMean, batchVariance) = (given.slice(0, count: channels), given.slice(channels, count: channels))
    } else {
      batchMean = mean.mean(over: [0])
      batchVariance = power.mean(over: [0]) - batchMean.square()
      pass.note(moments: [batchMean, batchVariance])
    }
    let centre = mixture(parameters[2], instance: mean, layer: layerMean, batch: batchMean)
    let spread = mixture(parameters[3], instance: variance, layer: layerVariance, batch: batchVariance)
    let factor = (spread + epsilon).squareRoot().reciprocal() * parameters[0].broadcastRows(to: mean.shape)
    let shift = parameters[1].broadcastRows(to: mean.shape) - centre * factor
    let y = image * factor.broadcast(to: image.shape, along: [0, 2]) + shift.broadcast(to: image.shape, along: [0, 2])
    return y.reshaped(to: x.shape)
  }

  /// The softmax-weighted sum of moments, [n, channels].
  private func mixture(_ logits: Symbol, instance: Symbol, layer: Symbol, batch: Symbol) -> Symbol {
    let weights = logits.reshaped(to: [1, 3]).logSoftmax().exp().reshaped(to: [3])
    func weight(_ index: Int) -> Symbol { weights.block(index, shape: []) }
    let target = instance.shape
    return weight(0) * instance + weight(1) * layer.broadcast(to: target, along: [0])
      + weight(2) * batch.broadcastRows(to: target)
  }
}
