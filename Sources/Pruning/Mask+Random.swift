public import Networks
public import Tensors

extension Mask {
  /// A mask that keeps as many weights of each block as this one, chosen by chance.
  public func shuffled(within network: Network, key: Key) -> Mask {
    var isKept = self.isKept
    for (index, block) in network.weightBlocks.enumerated() {
      var values = Array(isKept[block.range])
      var generator = key.child(index).generator()
      for place in stride(from: values.count - 1, to: 0, by: -1) {
        values.swapAt(place, generator.integer(below: place + 1))
      }
      isKept.replaceSubrange(block.range, with: values)
    }
    return Mask(isKept)
  }
}
