public import Tensors

/// What the nonlinearities of a network give for some examples, layer by layer.
///
/// Seen are those that stand in the network's own sequence of layers, not those within residual blocks and recurrent
/// layers. A layer that normalizes over the batch does so over all examples.
public final class HiddenActivations<S: Scalar> {
  /// A nonlinearity and what stands before it, as a network of its own.
  private struct Stage {
    let objective: NetworkObjective<S>
    let channels: Int
    let canDie: Bool
  }

  /// The nonlinearities' names, such as `activation1`, and at last `output`.
  public let names: [String]
  private let stages: [Stage]
  private let count: Int

  /// Prepares a network for features [n, ...], all worked through at once.
  public init(of network: Network, on features: Tensor<S>) {
    count = features.shape[0]
    var names: [String] = []
    var stages: [Stage] = []
    for (place, element) in network.body.elements.enumerated() {
      let isLast = place == network.body.elements.count - 1
      guard isLast || element.layer is Activation else { continue }
      let part = network.upTo(place)
      let units = part.outputShape.count
      let channels = part.channels
      let examples = Examples<S>(
        features: features, targets: Tensor<S>(repeating: 0, shape: [features.shape[0], units]))
      let objective = NetworkObjective(
        part.network, loss: .meanSquaredError, examples: examples, moments: .ofBatches(max(2, features.shape[0])))
      names.append(isLast ? "output" : element.name)
      stages.append(
        Stage(objective: objective, channels: channels, canDie: !isLast && element.layer as? Activation == .relu))
    }
    self.names = names
    self.stages = stages
  }

  /// Each layer's values, [n, units].
  public func values(at point: [S]) -> [Tensor<S>] {
    stages.map { $0.objective.outputs(at: Array(point.prefix($0.objective.dimension))) }
  }

  /// The ReLU units that are zero for all examples, and how many there are in all. A channel is one unit; `nil` for the dead
  /// where an activation is not a number.
  public func deadUnits(at point: [S]) -> (dead: Int?, units: Int) {
    var (dead, units) = (0, 0)
    for stage in stages where stage.canDie {
      let values = stage.objective.outputs(at: Array(point.prefix(stage.objective.dimension))).elements
      guard let alive = living(values, channels: stage.channels) else {
        return (nil, stages.reduce(0) { $0 + ($1.canDie ? $1.channels : 0) })
      }
      dead += stage.channels - alive
      units += stage.channels
    }
    return (dead, units)
  }

  @specialized(where S == Float) @specialized(where S == Double)
  private func living(_ values: [S], channels: Int) -> Int? {
    var isAlive = [Bool](repeating: false, count: channels)
    var channel = 0
    for value in values {
      if value.isNaN { return nil }
      if value != 0 { isAlive[channel] = true }
      channel = channel + 1 == channels ? 0 : channel + 1
    }
    return isAlive.count { $0 }
  }
}

extension Network {
  /// The layers through one place of the sequence, as a network with rows as results, and the channels of these.
  fileprivate func upTo(_ place: Int) -> (network: Network, outputShape: Shape, channels: Int) {
    let isWhole = place == body.elements.count - 1
    // The output's multiplier belongs to the last weight of the whole; all other weights of such networks have none.
    var form = parameterization
    if !isWhole, case .maximalUpdate = form { form = .standard }
    do throws(ShapeMismatch) {
      let layers = Sequential(named: Array(body.elements[...place]))
      let shape = try layers.outputShape(for: inputShape)
      let part = try Network(
        inputShape: inputShape, Sequential(named: layers.elements + [("rows", Flatten())]),
        initialization: initialization, parameterization: form)
      return (part, shape, shape.rank > 0 ? shape[shape.rank - 1] : 1)
    } catch { preconditionFailure("the layers of a network up to \(place): \(error)") }
  }
}
