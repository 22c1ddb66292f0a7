import Differentiation
import Tensors

/// The Hessian of a network's mean loss at one point.
///
/// Each chunk's direction-independent part (activations and their derivatives) is computed once and kept while the memory
/// budget lasts; further chunks share one workspace and compute theirs anew in each product.
final class NetworkHessian<S: Scalar>: LinearOperator {
  let dimension: Int
  private let examples: Examples<S>
  private let point: Memory<S>
  private let weight: Memory<S>
  private var chunks: [(start: Int, workspace: Workspace<S>, isKept: Bool)] = []
  private var partial: [S]

  init(_ objective: NetworkObjective<S>, at parameters: [S]) {
    dimension = objective.dimension
    examples = objective.examples
    point = Memory(parameters)
    weight = Memory([1 / S(objective.examples.count)])
    partial = [S](repeating: 0, count: dimension)
    var scratch: [Int: Memory<S>] = [:]
    var shared: [Int: Workspace<S>] = [:]
    var keptBytes = 0
    for (start, count) in objective.chunks {
      let plan = objective.chunkPrograms(count).hessianPlan
      let memory = scratch[count] ?? Memory(count: plan.scratchCount)
      scratch[count] = memory
      keptBytes += plan.keptCount * MemoryLayout<S>.stride
      let isKept = keptBytes <= objective.memoryBudget
      let workspace = isKept ? Workspace(plan, sharing: memory) : shared[count] ?? Workspace(plan, sharing: memory)
      if !isKept { shared[count] = workspace }
      chunks.append((start, workspace, isKept))
    }
    for chunk in chunks where chunk.isKept {
      bind(chunk.workspace, start: chunk.start)
      chunk.workspace.prepare()
    }
  }

  private func bind(_ workspace: Workspace<S>, start: Int) {
    workspace.bind(input: 0, to: point.pointer)
    workspace.bind(input: 1, to: examples.features + start * examples.featureCount)
    workspace.bind(input: 2, to: examples.labels + start)
    workspace.bind(input: 3, to: weight.pointer)
  }

  func apply(to vector: [S], into product: inout [S]) {
    precondition(
      vector.count == dimension && product.count == dimension,
      "a Hessian of dimension \(dimension) applied to \(vector.count) elements into \(product.count)")
    vector.withUnsafeBufferPointer { vector in
      for (number, chunk) in chunks.enumerated() {
        chunk.workspace.bind(input: 4, to: vector.baseAddress!)
        if !chunk.isKept {
          bind(chunk.workspace, start: chunk.start)
          chunk.workspace.prepare()
        }
        if number == 0 {
          run(chunk.workspace, into: &product)
        } else {
          run(chunk.workspace, into: &partial)
          product.add(1, times: partial)
        }
      }
    }
  }

  private func run(_ workspace: Workspace<S>, into product: inout [S]) {
    product.withUnsafeMutableBufferPointer { product in
      workspace.bind(output: 0, to: product.baseAddress!)
      workspace.run()
    }
  }
}
