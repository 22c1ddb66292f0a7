public import Datasets
public import Networks
public import Tensors

extension Recipe {
  /// The hidden units on whose inputs no training example's loss depends, and how many hidden units there are; `nil` for a
  /// network that normalizes over batches, or without biases, of which the rule says nothing, and where the gradient is not
  /// a number.
  ///
  /// A unit is dead when the derivative of the loss (without the L2 term) with respect to its bias is exactly zero: what a
  /// ReLU does that is off for every example. Channels of a convolution count as units. Cost: one gradient.
  public func deadUnits<Element: Scalar>(
    of network: Network, on data: Dataset, at point: [Element]
  ) -> (dead: Int, units: Int)? {
    guard network.statisticsCount == 0 else { return nil }
    // The last bias is that of the outputs.
    let biases = network.layout.blocks.filter { $0.name.hasSuffix("/bias") }.dropLast().map(\.range)
    guard !biases.isEmpty else { return nil }
    var unpenalized = self
    unpenalized.l2 = 0
    let objective: NetworkObjective<Element> = unpenalized.objective(of: network, on: data)
    var gradient = point
    objective.gradient(at: point, into: &gradient)
    guard gradient.allSatisfy(\.isFinite) else { return nil }
    let units = biases.reduce(0) { $0 + $1.count }
    return (biases.reduce(0) { $0 + gradient[$1].count { $0 == 0 } }, units)
  }

  /// The sentence of a run's remarks on dead units, `nil` where there are none or the rule of
  /// ``deadUnits(of:on:at:)`` says nothing.
  public func remarkOnDeadUnits<Element: Scalar>(
    of network: Network, on data: Dataset, at point: [Element]
  ) -> String? {
    guard let (dead, units) = deadUnits(of: network, on: data, at: point), dead > 0 else { return nil }
    return "\(dead) of \(units) hidden units are dead: no example's loss depends on their inputs"
  }
}
