public import Networks
internal import Tensors

extension NetworkObjective {
  /// The dead units at a point, hidden ReLU units that no example activates, and how many ReLU units there are; `nil` where an
  /// activation is not a number, and for a network that normalizes over batches, whose units may be dead in one batch and
  /// alive in another.
  ///
  /// Seen are the layers that stand in the network's own sequence, not those within residual blocks. Channels of a convolution
  /// count as units. Cost: for each layer of ReLU units a pass of the examples through the layers up to it.
  public func deadUnits(at point: [S]) -> (dead: Int, units: Int)? {
    guard network.statisticsCount == 0 else { return nil }
    let found = HiddenActivations(of: network, on: examples).deadUnits(at: point)
    return found.dead.map { ($0, found.units) }
  }

  /// The sentence of a run's remarks on dead units, `nil` where there are none or ``deadUnits(at:)`` says nothing.
  public func remarkOnDeadUnits(at point: [S]) -> String? {
    guard let (dead, units) = deadUnits(at: point), dead > 0 else { return nil }
    return "\(dead) of \(units) hidden ReLU units are dead: no training example activates them"
  }
}
