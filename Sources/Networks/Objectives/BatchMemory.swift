import Differentiation
import Tensors

/// Memory for a batch of gathered examples, as large as the largest batch so far.
struct BatchMemory<S: Scalar> {
  private(set) var features = Memory<S>(count: 0)
  private(set) var targets = Memory<S>(count: 0)
  private(set) var words = Memory<S>(count: 0)

  /// Copies the chosen examples here and, with a key, writes two words below 2^24 for each.
  mutating func gather(_ chosen: ArraySlice<Int>, of examples: Examples<S>, dropoutKey: Key?) {
    let count = chosen.count
    if features.count < count * examples.featureCount || targets.count < count * examples.targetCount {
      features = Memory(count: count * examples.featureCount)
      targets = Memory(count: count * examples.targetCount)
    }
    examples.gather(chosen, features: features.pointer, targets: targets.pointer)
    guard let dropoutKey else { return }
    if words.count < 2 * count { words = Memory(count: 2 * count) }
    var place = 0
    for index in chosen {
      let bits = dropoutKey.child(index).bits
      words.pointer[place] = S(bits >> 40)
      words.pointer[place + 1] = S(bits & 0xFF_FFFF)
      place += 2
    }
  }
}
