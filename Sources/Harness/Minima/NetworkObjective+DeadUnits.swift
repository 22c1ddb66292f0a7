public import Networks
public import Storage
internal import Tensors

/// The hidden ReLU units that no example activates, by layer.
public struct DeadUnits: Sendable, Hashable {
  /// A layer of ReLU units.
  public struct Layer: Sendable, Hashable {
    /// Its name, such as `activation1`.
    public let name: String
    /// How many of its units are dead.
    public let dead: Int
    /// How many units it has.
    public let units: Int
  }

  /// The layers, from the inputs on.
  public let layers: [Layer]

  /// How many there are in all.
  public var dead: Int { layers.reduce(0) { $0 + $1.dead } }
  /// How many ReLU units there are.
  public var units: Int { layers.reduce(0) { $0 + $1.units } }

  /// The layers that have lost more than a tenth of their units.
  ///
  /// Training leaves a few units dead in most ReLU networks, which then compute what a hardly narrower network does. Past a
  /// tenth of a layer the network that is measured is not the one that was configured, and its reader must know.
  public var narrowed: [Layer] { layers.filter { 10 * $0.dead > $0.units } }

  /// The largest share that a layer has lost; 0 without ReLU units.
  public var largestShare: Double { layers.reduce(0) { max($0, Double($1.dead) / Double($1.units)) } }

  /// The sentence of a run's remarks, on the layer that has lost most; `nil` where none has lost more than a tenth.
  public var remark: String? {
    let narrowed = narrowed
    guard let most = narrowed.first(where: { Double($0.dead) / Double($0.units) == largestShare }) else { return nil }
    let others = narrowed.count - 1
    let rest = others == 0 ? "" : ", and more than a tenth in \(others) other \(others == 1 ? "layer" : "layers")"
    return "\(most.dead) of \(most.units) ReLU units of \(most.name) are dead\(rest)"
  }
}

extension DeadUnits? {
  /// How many there are, as run files hold it; NaN where nothing is known. `place` says of what network or at which point.
  public func variable(named name: String, _ place: String = "") -> Variable {
    Variable(
      name, value: map { Double($0.dead) } ?? .nan,
      longName: "hidden ReLU units\(place) that no training example activates")
  }
}

extension NetworkObjective {
  /// The dead units at a point; `nil` where an activation is not a number, and for a network that normalizes over batches,
  /// whose units may be dead in one batch and alive in another.
  ///
  /// Seen are the layers that stand in the network's own sequence, not those within residual blocks. Channels of a convolution
  /// count as units. Cost: for each layer of ReLU units a pass of the examples through the layers up to it.
  public func deadUnits(at point: [S]) -> DeadUnits? {
    guard network.statisticsCount == 0 else { return nil }
    return HiddenActivations(of: network, on: examples).deadUnitsByLayer(at: point).map { layers in
      DeadUnits(layers: layers.map { .init(name: $0.layer, dead: $0.dead, units: $0.units) })
    }
  }

  /// The remark on dead units, ``DeadUnits/remark``; `nil` also where ``deadUnits(at:)`` says nothing.
  public func remarkOnDeadUnits(at point: [S]) -> String? { deadUnits(at: point)?.remark }
}
