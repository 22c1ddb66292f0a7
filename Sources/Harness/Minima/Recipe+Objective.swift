public import Datasets
public import Networks
public import Tensors

extension Recipe {
  /// The network for a data set.
  public func network(for data: SplitDataset) -> Network {
    Network.multilayerPerceptron(
      widths: [data.train.featureCount] + network.hidden + [data.train.classCount], activation: network.activation,
      initializer: network.initializer, gain: network.gain)
  }

  /// The mean loss over a part of a data set, as a function of the network's parameters.
  public func objective<Element: Scalar>(
    of network: Network, on data: Dataset, as type: Element.Type = Element.self
  ) -> NetworkObjective<Element> {
    NetworkObjective(
      network, loss: loss,
      examples: Examples(features: data.features(as: Element.self), labels: data.labels, classes: data.classCount))
  }
}
