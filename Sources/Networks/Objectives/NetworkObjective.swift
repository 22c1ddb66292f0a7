public import Differentiation
public import Tensors

/// The mean loss of a network over labelled examples, as a function of its parameter vector, plus an L2 penalty.
///
/// The examples are worked through in chunks, so that memory does not grow with their number; each example weighs 1/n
/// whatever the chunks. Values are summed in Float64. A value, gradient or product does not depend on the chunks but
/// for rounding, unless the network's outputs depend on the whole batch; see `init`.
public final class NetworkObjective<S: Scalar>: FiniteSumObjective, CompositeObjective {
  /// The network.
  public let network: Network
  /// The loss of one example.
  public let loss: Loss
  /// The examples.
  public let examples: Examples<S>
  /// The penalty on the parameters' squares, if there is one.
  public let penalty: L2Penalty?
  /// Bytes that the work on chunks, and what an operator keeps between products, may take. A chunk of one example is
  /// always worked on.
  public let memoryBudget: Int
  /// Examples per chunk where the caller has chosen it.
  let givenChunkSize: Int?

  private var programs: [Int: ChunkPrograms<S>] = [:]
  private var plans: [ChunkKey: Plan<S>] = [:]
  private var chunkSizes: [ChunkComputation: Int] = [:]
  private var chunkGradient: [S]
  private var batchFeatures: [S] = []
  private var batchLabels: [S] = []

  /// Creates the objective.
  ///
  /// - Parameters:
  ///   - penalty: a term beside the mean loss, in the value, the gradient, the Hessian and the Gauss-Newton matrix
  ///   - chunkSize: examples worked through at once; by default as many as `memoryBudget` allows and are of use,
  ///     judged from what the plan of each computation takes for an example
  ///   - memoryBudget: bytes for the work on chunks and for what operators keep for repeated products at one point
  public init(
    _ network: Network, loss: Loss, examples: Examples<S>, penalty: L2Penalty? = nil, chunkSize: Int? = nil,
    memoryBudget: Int = 1 << 30
  ) {
    precondition(
      examples.featureCount == network.inputShape.count,
      "examples of \(examples.featureCount) features for a network with inputs of shape \(network.inputShape)")
    precondition(examples.count > 0, "an objective over no examples")
    precondition(chunkSize ?? 1 > 0, "chunks of \(chunkSize ?? 1) examples")
    precondition(memoryBudget >= 0, "a memory budget of \(memoryBudget) bytes")
    precondition(
      (penalty?.ranges.last?.upperBound ?? 0) <= network.parameterCount,
      "a penalty on parameter \((penalty?.ranges.last?.upperBound ?? 0) - 1) of \(network.parameterCount)")
    self.network = network
    self.loss = loss
    self.examples = examples
    self.penalty = penalty
    givenChunkSize = chunkSize
    self.memoryBudget = memoryBudget
    chunkGradient = [S](repeating: 0, count: network.parameterCount)
  }

  /// The number of parameters.
  public var dimension: Int { network.parameterCount }
  /// The number of examples n.
  public var exampleCount: Int { examples.count }

  /// Examples per chunk of a computation.
  package func chunkSize(for computation: ChunkComputation) -> Int {
    if let known = chunkSizes[computation] { return known }
    let size = givenChunkSize ?? ChunkFootprint { plan(computation, count: $0) }.chunkSize(within: memoryBudget)
    chunkSizes[computation] = size
    return size
  }

  /// The chunks of `count` examples, as equal as can be and none larger than the computation's chunk size.
  func chunks(of count: Int, for computation: ChunkComputation, _ size: Int? = nil) -> [Range<Int>] {
    let number = (count - 1) / (size ?? chunkSize(for: computation)) + 1
    return (0..<number).map { $0 * count / number..<($0 + 1) * count / number }
  }

  /// A computation's plan for a chunk of `count` examples, made when first asked for.
  func plan(_ computation: ChunkComputation, count: Int) -> Plan<S> {
    let key = ChunkKey(computation: computation, count: count)
    if let known = plans[key] { return known }
    let made = computation.plan(network, loss, count: count, as: S.self)
    plans[key] = made
    return made
  }

  /// The prepared computations for chunks of a size, made when first asked for.
  private func chunkPrograms(_ count: Int) -> ChunkPrograms<S> {
    if let known = programs[count] { return known }
    let made = ChunkPrograms<S>(network: network, loss: loss, count: count)
    programs[count] = made
    return made
  }

  func check(_ point: [S]) {
    precondition(point.count == dimension, "a point of \(point.count) parameters for a network of \(dimension)")
  }

  /// The mean loss and the penalty.
  public func value(at point: [S]) -> Double { evaluate(at: point).loss + (penalty?.value(at: point) ?? 0) }

  /// The mean loss, without the penalty, and the share of examples whose largest output is not their label's.
  public func evaluate(at point: [S]) -> Evaluation {
    var total = 0.0
    var wrong = 0
    forEachChunk(at: point) { chunk, program in
      total += program.lossSum
      wrong += program.wrongCount(labels: examples.labels + chunk.lowerBound)
    }
    return Evaluation(loss: total / Double(examples.count), error: Double(wrong) / Double(examples.count))
  }

  /// The network's outputs for all examples, [n, outputs].
  public func outputs(at point: [S]) -> Tensor<S> {
    var all: [S] = []
    forEachChunk(at: point) { all += $1.outputs }
    return Tensor(all, shape: Shape([examples.count, network.outputShape.count]))
  }

  private func forEachChunk(at point: [S], _ body: (Range<Int>, ChunkPrograms<S>) -> Void) {
    check(point)
    for chunk in chunks(of: examples.count, for: .losses) {
      let program = chunkPrograms(chunk.count)
      let start = chunk.lowerBound
      program.evaluate(point, examples.features + start * examples.featureCount, examples.labels + start)
      body(chunk, program)
    }
  }

  /// The mean loss with the penalty, and its gradient over all examples.
  @discardableResult
  public func gradient(at point: [S], into gradient: inout [S]) -> Double {
    check(point)
    precondition(gradient.count == dimension, "a gradient of \(gradient.count) elements for \(dimension) parameters")
    var total = 0.0
    let weight = 1 / S(examples.count)
    for chunk in chunks(of: examples.count, for: .gradient) {
      let program = chunkPrograms(chunk.count)
      let start = chunk.lowerBound
      let features = examples.features + start * examples.featureCount
      if start == 0 {
        program.gradient(point, features, examples.labels, weight: weight, into: &gradient)
      } else {
        program.gradient(point, features, examples.labels + start, weight: weight, into: &chunkGradient)
        gradient.add(1, times: chunkGradient)
      }
      total += program.lossSum
    }
    return total / Double(examples.count) + addPenalty(at: point, to: &gradient)
  }

  /// The mean loss with the penalty, and its gradient over some examples, which are gathered into one batch.
  @discardableResult
  public func gradient(at point: [S], examples chosen: ArraySlice<Int>, into gradient: inout [S]) -> Double {
    check(point)
    let count = chosen.count
    precondition(count > 0, "a batch of no examples")
    let width = examples.featureCount
    if batchLabels.count < count {
      batchLabels = [S](repeating: 0, count: count)
      batchFeatures = [S](repeating: 0, count: count * width)
    }
    let program = chunkPrograms(count)
    batchFeatures.withUnsafeMutableBufferPointer { features in
      batchLabels.withUnsafeMutableBufferPointer { labels in
        examples.gather(chosen, features: features.baseAddress!, labels: labels.baseAddress!)
        program.gradient(
          point, features.baseAddress!, labels.baseAddress!, weight: 1 / S(count), into: &gradient)
      }
    }
    return program.lossSum / Double(count) + addPenalty(at: point, to: &gradient)
  }

  private func addPenalty(at point: [S], to gradient: inout [S]) -> Double {
    guard let penalty else { return 0 }
    penalty.addProduct(with: point, to: &gradient)
    return penalty.value(at: point)
  }
}

private struct ChunkKey: Hashable {
  let computation: ChunkComputation
  let count: Int
}

/// How a network does on a set of examples.
public struct Evaluation: Sendable, Equatable {
  /// The mean loss.
  public let loss: Double
  /// The share of examples that are classified wrongly.
  public let error: Double
}
