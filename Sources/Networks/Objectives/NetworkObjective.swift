public import Differentiation
public import Tensors

/// The mean loss of a network over examples, as a function of its parameter vector, plus an L2 penalty.
///
/// The examples are worked through in chunks, so that memory does not grow with their number; each example weighs 1/n
/// whatever the chunks. Values are summed in Float64. Values, gradients and products don't depend on the chunks but for
/// rounding. Where the network normalizes over batches with their own moments, the batches are part of the function and
/// are the chunks; see ``BatchMoments``.
public final class NetworkObjective<S: Scalar>: CompositeFiniteSumObjective {
  /// The network.
  public let network: Network
  /// The loss of one example.
  public let loss: Loss
  /// The share of the targets of class labels that goes to all classes alike.
  public let labelSmoothing: Double
  /// The examples.
  public let examples: Examples<S>
  /// The penalty on the parameters' squares, if there is one.
  public let penalty: L2Penalty?
  /// The moments that the network normalizes over batches by, as they were at the start; `nil` for a network that does
  /// not.
  public let moments: BatchMoments<S>?
  /// Bytes that the work on chunks, and what an operator keeps between products, may take. A chunk of one example is
  /// always worked on.
  public let memoryBudget: Int
  /// While this is set, gradients over chosen examples drop out units: example i's by random words that depend on this
  /// key, the step of training and i alone. Everything else, curvature too, is computed with all units.
  public var dropoutKey: Key?
  /// While this is set, gradients and curvature over chosen examples see the features that it writes in place of the
  /// examples' own. What is computed over all examples sees their own.
  public var batchFeatures: BatchFeatures<S>?

  let function: TracedFunction
  let rowPrograms: RowPrograms<S>
  /// Whether rows of Jacobians are composed layer by layer. Tests set it to false, to compare.
  package lazy var composesRows = !couplesExamples && rowPrograms.arePossible
  let givenChunkSize: Int?
  private(set) var givenMoments: [S]?
  private var programs: [Int: ChunkPrograms<S>] = [:]
  private var plans: [ChunkKey: Plan<S>] = [:]
  private var chunkSizes: [ChunkComputation: Int] = [:]
  private var chunkGradient: [S]
  var batch = BatchMemory<S>()

  /// Creates the objective.
  ///
  /// - Parameters:
  ///   - labelSmoothing: see ``Loss``
  ///   - penalty: a term beside the mean loss, in the value, the gradient, the Hessian and the Gauss-Newton matrix
  ///   - moments: what a network that normalizes over batches normalizes by; such a network needs it
  ///   - chunkSize: examples worked through at once; by default as many as `memoryBudget` allows and are of use, judged
  ///     from what the plan of each computation takes for an example
  ///   - memoryBudget: bytes for the work on chunks and for what operators keep for repeated products at one point
  public init(
    _ network: Network, loss: Loss, labelSmoothing: Double = 0, examples: Examples<S>, penalty: L2Penalty? = nil,
    moments: BatchMoments<S>? = nil, chunkSize: Int? = nil, memoryBudget: Int = 1 << 30
  ) {
    precondition(
      examples.featureCount == network.inputShape.count,
      "examples of \(examples.featureCount) features for a network with inputs of shape \(network.inputShape)")
    precondition(
      examples.hasLabels || examples.targetCount == network.outputShape.count,
      "examples of \(examples.targetCount) targets for a network with outputs of shape \(network.outputShape)")
    precondition(examples.count > 0, "an objective over no examples")
    precondition(labelSmoothing >= 0 && labelSmoothing < 1, "a label smoothing of \(labelSmoothing)")
    precondition(chunkSize ?? 1 > 0, "chunks of \(chunkSize ?? 1) examples")
    precondition(memoryBudget >= 0, "a memory budget of \(memoryBudget) bytes")
    precondition(
      (penalty?.ranges.last?.upperBound ?? 0) <= network.parameterCount,
      "a penalty on parameter \((penalty?.ranges.last?.upperBound ?? 0) - 1) of \(network.parameterCount)")
    if let problem = BatchMoments.problem(moments, for: network, examples: examples.count) {
      preconditionFailure(problem)
    }
    self.network = network
    self.loss = loss
    self.labelSmoothing = labelSmoothing
    self.examples = examples
    self.penalty = penalty
    self.moments = network.statisticsCount > 0 ? moments : nil
    self.memoryBudget = memoryBudget
    switch self.moments {
    case .ofBatches(let size):
      precondition(
        chunkSize ?? size == size, "chunks of \(chunkSize ?? size) examples for moments of batches of \(size)")
      (givenChunkSize, givenMoments) = (size, nil)
    case .given(let values): (givenChunkSize, givenMoments) = (chunkSize, values)
    case nil: (givenChunkSize, givenMoments) = (chunkSize, nil)
    }
    function = TracedFunction(
      network: network, loss: loss, labelSmoothing: labelSmoothing, hasLabels: examples.hasLabels,
      hasMoments: givenMoments != nil)
    rowPrograms = RowPrograms(function)
    chunkGradient = [S](repeating: 0, count: network.parameterCount)
  }

  /// Takes other moments in place of those given at the start, as evaluation does while training goes on.
  public func normalize(by moments: [S]) {
    precondition(
      givenMoments?.count == moments.count,
      "\(moments.count) moments for an objective that was given \(givenMoments?.count ?? 0)")
    givenMoments = moments
  }

  /// The number of parameters.
  public var dimension: Int { network.parameterCount }
  /// The number of examples n.
  public var exampleCount: Int { examples.count }
  /// Whether an example's outputs depend on the other examples of its batch.
  public var couplesExamples: Bool { moments != nil && givenMoments == nil }

  /// Examples per chunk of a computation.
  package func chunkSize(for computation: ChunkComputation) -> Int {
    if let known = chunkSizes[computation] { return known }
    let size =
      givenChunkSize ?? ChunkFootprint { plan(computation, count: $0) }.chunkSize(within: memoryBudget)
    chunkSizes[computation] = size
    return size
  }

  /// The chunks of `count` examples: batches where examples are coupled, otherwise as equal as can be and none larger
  /// than the computation's chunk size.
  func chunks(of count: Int, for computation: ChunkComputation, _ size: Int? = nil) -> [Range<Int>] {
    let size = size ?? chunkSize(for: computation)
    if couplesExamples {
      let starts = stride(from: 0, to: count, by: size).filter { $0 == 0 || count - $0 > 1 }
      return zip(starts, starts.dropFirst() + [count]).map { $0..<$1 }
    }
    let number = (count - 1) / size + 1
    return (0..<number).map { $0 * count / number..<($0 + 1) * count / number }
  }

  /// A computation's plan for a chunk of `count` examples, made when first asked for.
  func plan(_ computation: ChunkComputation, count: Int) -> Plan<S> {
    let key = ChunkKey(computation: computation, count: count)
    if let known = plans[key] { return known }
    let made = computation.plan(function, count: count, as: S.self)
    plans[key] = made
    return made
  }

  /// The prepared computations for chunks of a size, made when first asked for.
  private func chunkPrograms(_ count: Int) -> ChunkPrograms<S> {
    if let known = programs[count] { return known }
    let made = ChunkPrograms<S>(function, count: count) { [unowned self] in plan($0, count: count) }
    programs[count] = made
    return made
  }

  func check(_ point: [S]) {
    precondition(point.count == dimension, "a point of \(point.count) parameters for a network of \(dimension)")
  }

  /// The mean loss and the penalty.
  public func value(at point: [S]) -> Double { evaluate(at: point).loss + (penalty?.value(at: point) ?? 0) }

  /// The mean loss with the penalty, and its gradient over all examples.
  @discardableResult
  public func gradient(at point: [S], into gradient: inout [S]) -> Double {
    precondition(gradient.count == dimension, "a gradient of \(gradient.count) elements for \(dimension) parameters")
    var total = 0.0
    var seen = examples.count
    gradient.withUnsafeMutableBufferPointer { gradient in
      chunkGradient.withUnsafeMutableBufferPointer { partial in
        seen = addChunks(of: .gradient(dropsOut: false), at: point) { chunk, program, inputs in
          let target = chunk.lowerBound == 0 ? gradient.baseAddress! : partial.baseAddress!
          program.gradient(inputs, into: target)
          if chunk.lowerBound > 0 { S.axpy(dimension, 1, partial.baseAddress!, gradient.baseAddress!) }
          total += program.lossSum
        }
      }
      scaleUp(gradient.baseAddress!, count: dimension, seen: seen, of: examples.count)
    }
    return total / Double(seen) + addPenalty(at: point, to: &gradient)
  }

  /// The chunk size for a set where the objective does not choose it: a selection of coupled examples is one batch.
  func batchSize(of set: Examples<S>) -> Int? { couplesExamples && set !== examples ? set.count : nil }

  /// Calls `body` with one chunk.
  func call(
    _ body: (Range<Int>, ChunkPrograms<S>, ChunkInputs<S>) -> Void, at point: [S], _ chunk: Range<Int>,
    of set: Examples<S>
  ) {
    let start = chunk.lowerBound
    withInputs(
      at: point, features: set.features + start * set.featureCount, targets: set.targets + start * set.targetCount,
      weight: 1 / S(set.count)
    ) { body(chunk, chunkPrograms(chunk.count), $0) }
  }

  private func withInputs(
    at point: [S], features: UnsafePointer<S>, targets: UnsafePointer<S>, weight: S, words: UnsafePointer<S>? = nil,
    _ body: (ChunkInputs<S>) -> Void
  ) {
    check(point)
    withUnsafePointer(to: weight) { weight in
      point.withUnsafeBufferPointer { point in
        func call(_ moments: UnsafePointer<S>?) {
          body(
            ChunkInputs(
              point: point.baseAddress!, features: features, targets: targets, weight: weight, moments: moments,
              words: words))
        }
        if let givenMoments {
          givenMoments.withUnsafeBufferPointer { call($0.baseAddress!) }
        } else {
          call(nil)
        }
      }
    }
  }

  /// The step picks the units that are dropped, the pass over the examples the changes that `batchFeatures` makes.
  public func begin(step: Int, epoch: Int) {
    batch.step = step
    batch.epoch = epoch
  }

  /// The mean loss with the penalty, and its gradient over some examples, which are gathered into one batch.
  @discardableResult
  public func gradient(at point: [S], examples chosen: ArraySlice<Int>, into gradient: inout [S]) -> Double {
    let count = chosen.count
    precondition(count > 0, "a batch of no examples")
    precondition(count > 1 || !couplesExamples, "a batch of one example for a network that normalizes over batches")
    let key = network.dropsOut ? dropoutKey : nil
    batch.gather(chosen, of: examples, dropoutKey: key, features: batchFeatures)
    let program = chunkPrograms(count)
    gradient.withUnsafeMutableBufferPointer { gradient in
      withInputs(
        at: point, features: batch.features.pointer, targets: batch.targets.pointer, weight: 1 / S(count),
        words: key == nil ? nil : UnsafePointer(batch.words.pointer)
      ) { program.gradient($0, into: gradient.baseAddress!) }
    }
    return program.lossSum / Double(count) + addPenalty(at: point, to: &gradient)
  }

  private func addPenalty(at point: [S], to gradient: inout [S]) -> Double {
    guard let penalty else { return 0 }
    penalty.addProduct(with: point, to: &gradient)
    return penalty.value(at: point)
  }
}
