import Differentiation
import Tensors

/// A two-stage computation at one point, over all chunks of some examples.
///
/// Each chunk's direction-independent part (activations and their derivatives) is computed once and kept while the
/// memory budget lasts; further chunks share one workspace and compute theirs anew each time.
final class ChunkedPlan<S: Scalar> {
  let chunks: [Range<Int>]
  let examples: Examples<S>
  /// The number of the plan's direction among its inputs.
  let directionInput: Int
  /// Whether each chunk's direction-independent part is kept.
  let isKept: [Bool]
  private let workspaces: [Workspace<S>]
  private let point: Memory<S>
  private let weight: Memory<S>
  private let moments: Memory<S>?
  private let scores: [Memory<S>]
  private let scoreCount: Int

  /// - Parameters:
  ///   - plan: the plan for a number of examples
  ///   - scores: for each draw, [n, `scoreCount`] numbers that the plan takes beside the examples
  ///   - memoryBudget: bytes that all workspaces together may take; one chunk is always worked on, whatever it takes
  init(
    _ plan: (Int) -> Plan<S>, chunks: [Range<Int>], examples: Examples<S>, point: [S], weight: S, moments: [S]?,
    scores: [Memory<S>], scoreCount: Int, memoryBudget: Int
  ) {
    self.chunks = chunks
    self.examples = examples
    self.point = Memory(point)
    self.weight = Memory([weight])
    self.moments = moments.map { Memory($0) }
    self.scores = scores
    self.scoreCount = scoreCount
    directionInput = (moments == nil ? 4 : 5) + scores.count
    var plans: [Int: Plan<S>] = [:]
    for chunk in chunks where plans[chunk.count] == nil { plans[chunk.count] = plan(chunk.count) }
    let scratch = Memory<S>(count: plans.values.map(\.scratchCount).max() ?? 0)
    let capacity = memoryBudget / MemoryLayout<S>.stride
    // What the chunks that are not kept may need stays set aside.
    var used = scratch.count + plans.values.map(\.keptCount).reduce(0, +)
    var shared: [Int: Workspace<S>] = [:]
    var isKept: [Bool] = []
    workspaces = chunks.map { chunk in
      let plan = plans[chunk.count]!
      let fits = used + plan.keptCount <= capacity
      isKept.append(fits)
      if fits {
        used += plan.keptCount
        return Workspace(plan, sharing: scratch)
      }
      let workspace = shared[chunk.count] ?? Workspace(plan, sharing: scratch)
      shared[chunk.count] = workspace
      return workspace
    }
    self.isKept = isKept
    for number in chunks.indices where isKept[number] { prepare(number) }
  }

  private func prepare(_ number: Int) {
    let start = chunks[number].lowerBound
    let workspace = workspaces[number]
    let inputs = ChunkInputs<S>(
      point: point.pointer, features: examples.features + start * examples.featureCount,
      targets: examples.targets + start * examples.targetCount, weight: weight.pointer, moments: moments?.pointer)
    inputs.bind(to: workspace)
    for (draw, memory) in scores.enumerated() {
      workspace.bind(input: inputs.count + draw, to: memory.pointer + start * scoreCount)
    }
    workspace.prepare()
  }

  /// A chunk's workspace with its first stage done; only the direction and the output are left to bind.
  func prepared(_ number: Int) -> Workspace<S> {
    if !isKept[number] { prepare(number) }
    return workspaces[number]
  }
}
