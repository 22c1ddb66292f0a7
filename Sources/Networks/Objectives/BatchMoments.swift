public import Tensors

/// Which moments layers that normalize over the batch use in an objective. Networks without such layers take no notice.
public enum BatchMoments<S: Scalar>: Sendable, Hashable {
  /// Those of consecutive batches of so many examples each. What is left is a batch of its own, but a single example
  /// joins the batch before.
  ///
  /// The outputs of an example then depend on the others of its batch: the batches are part of the function, and chunks
  /// are these batches whatever the memory budget.
  case ofBatches(Int)
  /// Given ones, in the network's ``Network/statisticsLayout``. Examples are then independent of each other.
  case given([S])

  /// Why these moments can't be used for a network on so many examples, as a sentence; `nil` if they can.
  public static func problem(_ moments: BatchMoments?, for network: Network, examples count: Int) -> String? {
    guard network.statisticsCount > 0 else { return nil }
    switch moments {
    case nil:
      return "the network normalizes over batches, so its loss needs a batch size or moments that are given"
    case .ofBatches(let size):
      if size < 2 || count < 2 {
        return
          "a network that normalizes over batches can't take batches of \(min(size, count)), but of 2 examples or more"
      }
    case .given(let values):
      if values.count != network.statisticsCount {
        return "\(values.count) moments for a network that normalizes by \(network.statisticsCount)"
      }
    }
    return nil
  }
}
