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

  /// Prepares a network for features [n, ...].
  public convenience init(of network: Network, on features: Tensor<S>) {
    let labels = [Int](repeating: 0, count: features.shape[0])
    self.init(of: network, on: Examples<S>(features: features, labels: labels, classes: 1))
  }

  /// Prepares a network for the features of examples, which stay where they are in memory.
  public init(of network: Network, on examples: Examples<S>) {
    let features = Examples(featuresOf: examples)
    var names: [String] = []
    var stages: [Stage] = []
    for (place, element) in network.body.elements.enumerated() {
      let isLast = place == network.body.elements.count - 1
      guard isLast || element.layer is Activation else { continue }
      let part = network.upTo(place)
      let objective = NetworkObjective(
        part.network, loss: .meanSquaredError, examples: features, moments: .ofBatches(max(2, features.count)))
      names.append(isLast ? "output" : element.name)
      stages.append(
        Stage(objective: objective, channels: part.channels, canDie: !isLast && element.layer as? Activation == .relu))
    }
    self.names = names
    self.stages = stages
  }

  /// Each layer's values, [n, units].
  public func values(at point: [S]) -> [Tensor<S>] {
    stages.map { $0.objective.outputs(at: Array(point.prefix($0.objective.dimension))) }
  }

  /// The dead ReLU units, which are zero for all examples, and how many there are in all. A channel is one unit; `nil` for
  /// the dead where an activation is not a number. Cost: for each layer of them a pass through the layers up to it.
  public func deadUnits(at point: [S]) -> (dead: Int?, units: Int) {
    (deadUnitsByLayer(at: point)?.reduce(0) { $0 + $1.dead }, stages.reduce(0) { $0 + ($1.canDie ? $1.channels : 0) })
  }

  /// The same for each layer of ReLU units by its name, `nil` where an activation is not a number.
  public func deadUnitsByLayer(at point: [S]) -> [(layer: String, dead: Int, units: Int)]? {
    var layers: [(layer: String, dead: Int, units: Int)] = []
    for (name, stage) in zip(names, stages) where stage.canDie {
      guard let alive = living(stage, at: point) else { return nil }
      layers.append((name, stage.channels - alive, stage.channels))
    }
    return layers
  }

  private func living(_ stage: Stage, at point: [S]) -> Int? {
    var isAlive = [Bool](repeating: false, count: stage.channels)
    var areNumbers = true
    let objective = stage.objective
    objective.addChunks(of: .losses, at: Array(point.prefix(objective.dimension))) { _, program, inputs in
      program.evaluate(inputs)
      if areNumbers { areNumbers = mark(&isAlive, program.outputs) }
    }
    return areNumbers ? isAlive.count { $0 } : nil
  }

  /// Marks the channels of values other than zero; `false` where one is not a number.
  @specialized(where S == Float) @specialized(where S == Double)
  private func mark(_ isAlive: inout [Bool], _ values: [S]) -> Bool {
    var channel = 0
    for value in values {
      if value.isNaN { return false }
      if value != 0 { isAlive[channel] = true }
      channel = channel + 1 == isAlive.count ? 0 : channel + 1
    }
    return true
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
