public import Networks
internal import Tensors

extension NetworkObjective {
  /// The hidden units on whose inputs no example's loss depends, and how many hidden units there are; `nil` for a network
  /// that normalizes over batches, or without biases, of which the rule says nothing, and where the gradient is not a number.
  ///
  /// A unit is dead when the derivative of the loss (without the L2 term) with respect to its bias is exactly zero: what a
  /// ReLU does that is off for every example. Channels of a convolution count as units. Cost: one gradient.
  public func deadUnits(at point: [S]) -> (dead: Int, units: Int)? {
    guard network.statisticsCount == 0 else { return nil }
    // The last bias is that of the outputs.
    let biases = network.layout.blocks.filter { $0.name.hasSuffix("/bias") }.dropLast().map(\.range)
    guard !biases.isEmpty else { return nil }
    var gradient = point
    unpenalized.gradient(at: point, into: &gradient)
    guard gradient.allSatisfy(\.isFinite) else { return nil }
    let units = biases.reduce(0) { $0 + $1.count }
    return (biases.reduce(0) { $0 + gradient[$1].count { $0 == 0 } }, units)
  }

  /// The sentence of a run's remarks on dead units, `nil` where there are none or the rule of ``deadUnits(at:)`` says
  /// nothing.
  public func remarkOnDeadUnits(at point: [S]) -> String? {
    guard let (dead, units) = deadUnits(at: point), dead > 0 else { return nil }
    return "\(dead) of \(units) hidden units are dead: no example's loss depends on their inputs"
  }

  /// The same without the L2 term, on the same examples in memory.
  private var unpenalized: NetworkObjective {
    guard penalty != nil else { return self }
    return NetworkObjective(
      network, loss: loss, labelSmoothing: labelSmoothing, examples: examples, moments: moments,
      memoryBudget: memoryBudget)
  }
}
