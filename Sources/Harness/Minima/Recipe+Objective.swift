public import Datasets
public import Networks
public import Tensors

extension Recipe {
  /// The mean loss over a part of a data set, as a function of the network's parameters. A network that normalizes over
  /// batches does so over those of training, or of 512 where training has none.
  public func objective<Element: Scalar>(
    of network: Network, on data: Dataset, as type: Element.Type = Element.self
  ) -> NetworkObjective<Element> {
    NetworkObjective(
      network, loss: loss,
      examples: Examples(features: data.features(as: Element.self), labels: data.labels, classes: data.classCount),
      moments: .ofBatches(min(batchSize ?? 512, data.count)))
  }
}
