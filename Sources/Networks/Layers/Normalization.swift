public import Components
public import Differentiation
public import Tensors

/// y = scale (x - mean) / sqrt(variance + epsilon) + bias, scale and bias for each channel (the last axis of an example).
///
/// Mean and variance (of the population: divided by the count) are those over the batch and all positions, or of each
/// example over groups of channels and all positions. They are part of the function and differentiated through. Where a pass
/// gives statistics, normalization over the batch uses those instead.
public struct Normalization: Layer {
  /// Over what mean and variance are taken.
  public enum Kind: Hashable, Sendable {
    /// Batch and positions, for each channel (Ioffe & Szegedy 2015).
    case batch
    /// Positions and the channels of each of so many groups, for each example (Wu & He 2018). One group is layer
    /// normalization (Ba et al. 2016), as many as channels instance normalization (Ulyanov et al. 2016).
    case group(Int)
    /// Positions, for each example and channel.
    case instance
  }

  /// The channels.
  public let channels: Int
  /// Over what is normalized.
  public let over: Kind
  /// What keeps a variance of 0 from being divided by.
  public let epsilon: Double

  /// Creates the layer. Groups divide the channels.
  public init(channels: Int, over kind: Kind, epsilon: Double = 1e-5) {
    if case .group(let groups) = kind {
      precondition(groups > 0 && channels % groups == 0, "\(channels) channels in \(groups) groups")
    }
    self.channels = channels
    over = kind
    self.epsilon = epsilon
  }

  /// `normalization`.
  public static var component: Component {
    Component(
      .layer, "normalization", "y = scale (x - mean) / sqrt(variance + epsilon) + bias, channel by channel",
      settings: [
        .init(
          "normalization", "over what mean and variance are taken", allowed: "one of batch, layer, group, instance",
          default: "the architecture's"),
        .init("groups", "groups of channels, for group", allowed: "a divisor of the channels", default: "8"),
        .init("epsilon", "added to variances", allowed: "above 0", default: "1e-5"),
      ], references: [.ioffe2015, .ba2016, .wu2018, .ulyanov2016])
  }

  /// `scale` 1 and `bias` 0.
  public var parameters: [Parameter] { [.scale(units: channels), .bias(units: channels)] }

  /// `mean` and `variance` where the batch is normalized over.
  public var statistics: [(name: String, shape: Shape)] {
    over == .batch ? [("mean", [channels]), ("variance", [channels])] : []
  }

  /// The input's.
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard let last = input.dimensions.last, last == channels else {
      throw ShapeMismatch("a normalization of \(channels) channels can't take examples of shape \(input)")
    }
    if case .group(let groups) = over, input.count < 2 * groups {
      throw ShapeMismatch(
        "normalization in groups (\(groups)) has nothing to average over in examples of shape \(input), with one number a "
          + "group")
    }
    if over == .instance && input.count < 2 * channels {
      throw ShapeMismatch(
        "instance normalization has nothing to average over in examples of shape \(input), with one position a channel")
    }
    return input
  }

  /// Normalizes.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let normalized: Symbol
    switch over {
    case .batch: return batchNormalized(x, scale: parameters[0], bias: parameters[1], in: pass)
    case .group(let groups): normalized = x.groupStandardized(groups: groups, epsilon: epsilon)
    case .instance: normalized = x.groupStandardized(groups: channels, epsilon: epsilon)
    }
    return normalized * parameters[0].broadcastRows(to: x.shape) + parameters[1].broadcastRows(to: x.shape)
  }

  private func batchNormalized(_ x: Symbol, scale: Symbol, bias: Symbol, in pass: ForwardPass) -> Symbol {
    let axes = Array(0..<x.shape.rank - 1)
    let mean: Symbol
    let variance: Symbol
    if let given = pass.givenMoments(count: 2 * channels) {
      (mean, variance) = (given.slice(0, count: channels), given.slice(channels, count: channels))
    } else {
      (mean, variance) = x.moments(over: axes)
      pass.note(moments: [mean, variance])
    }
    let factor = scale * (variance + epsilon).squareRoot().reciprocal()
    return (x - mean.broadcastRows(to: x.shape)) * factor.broadcastRows(to: x.shape) + bias.broadcastRows(to: x.shape)
  }
}
