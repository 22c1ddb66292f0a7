import Differentiation
import Tensors

/// What a computation on chunks takes in memory, judged from its plans.
struct ChunkFootprint {
  /// Bytes for one example more, kept and scratch.
  let bytesPerExample: Int

  /// Beyond this many examples a chunk gains nothing: products are long enough for BLAS.
  private static let preferredExamples = 512
  /// A chunk of that many examples is made even if it leaves the caches by far.
  private static let leastExamples = 32
  /// Bytes of a chunk that leaves the caches by far.
  private static let preferredBytes = 64 << 20

  /// Compares the plans for 8 and 16 examples.
  init<S: Scalar>(_ plan: (Int) -> Plan<S>) {
    self.init(of: S.self) { examples in
      let plan = plan(examples)
      return plan.keptCount + plan.scratchCount
    }
  }

  /// Compares the elements that 8 and 16 examples take.
  init<S: Scalar>(of type: S.Type, _ count: (Int) -> Int) {
    bytesPerExample = max(1, (count(16) - count(8)) * MemoryLayout<S>.stride / 8)
  }

  /// Examples per chunk when half of the budget is for one chunk, at least 1.
  func chunkSize(within budget: Int) -> Int {
    let preferred = max(Self.leastExamples, min(Self.preferredExamples, Self.preferredBytes / bytesPerExample))
    return max(1, min(preferred, budget / 2 / bytesPerExample))
  }
}
