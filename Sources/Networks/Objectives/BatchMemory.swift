import Differentiation
public import Tensors

/// Writes the features of chosen examples one after the other, in the pass `epoch` over the examples, from those of all.
public typealias BatchFeatures<S: Scalar> = (
  _ chosen: ArraySlice<Int>, _ epoch: Int, _ all: UnsafePointer<S>, _ batch: UnsafeMutablePointer<S>
) -> Void

/// Memory for a batch of gathered examples, as large as the largest batch so far.
struct BatchMemory<S: Scalar> {
  private(set) var features = Memory<S>(count: 0)
  private(set) var targets = Memory<S>(count: 0)
  private(set) var words = Memory<S>(count: 0)
  /// The step of training that batches are of.
  var step = 0
  /// The pass over the examples that batches are of.
  var epoch = 0

  /// Copies the chosen examples here, their features by `write` if there is one, and, with a key, writes two words below
  /// 2^24 for each.
  mutating func gather(
    _ chosen: ArraySlice<Int>, of examples: Examples<S>, dropoutKey: Key?,
    features write: BatchFeatures<S>?
  ) {
    let count = chosen.count
    if features.count < count * examples.featureCount || targets.count < count * examples.targetCount {
      features = Memory(count: count * examples.featureCount)
      targets = Memory(count: count * examples.targetCount)
    }
    if let write {
      examples.gather(chosen, targets: targets.pointer)
      write(chosen, epoch, examples.features, features.pointer)
    } else {
      examples.gather(chosen, features: features.pointer, targets: targets.pointer)
    }
    guard let dropoutKey else { return }
    if words.count < 2 * count { words = Memory(count: 2 * count) }
    let key = dropoutKey.child(step)
    var place = 0
    for index in chosen {
      let bits = key.child(index).bits
      words.pointer[place] = S(bits >> 40)
      words.pointer[place + 1] = S(bits & 0xFF_FFFF)
      place += 2
    }
  }
}
