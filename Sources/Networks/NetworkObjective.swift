public import Differentiation
public import Tensors

/// The mean loss of a network over labelled examples, as a function of its parameter vector.
///
/// The examples are worked through in chunks, so that memory does not grow with their number; the last chunk may be
/// smaller, and each example weighs 1/n whatever the chunks. Values are summed in Float64.
public final class NetworkObjective<S: Scalar>: FiniteSumObjective {
  /// The network.
  public let network: Network
  /// The loss of one example.
  public let loss: Loss
  /// The examples.
  public let examples: Examples<S>
  /// Examples per chunk.
  public let chunkSize: Int
  /// Bytes that a Hessian may keep between products.
  public let memoryBudget: Int

  private var programs: [Int: ChunkPrograms<S>] = [:]
  private var chunkGradient: [S]
  private var batchFeatures: [S] = []
  private var batchLabels: [S] = []

  /// Creates the objective.
  ///
  /// - Parameters:
  ///   - chunkSize: examples that are worked through at once
  ///   - memoryBudget: bytes that a Hessian may keep for repeated products at one point
  public init(
    _ network: Network, loss: Loss, examples: Examples<S>, chunkSize: Int = 512, memoryBudget: Int = 1 << 30
  ) {
    precondition(
      examples.featureCount == network.inputShape.count,
      "examples of \(examples.featureCount) features for a network with inputs of shape \(network.inputShape)")
    precondition(examples.count > 0, "an objective over no examples")
    precondition(chunkSize > 0, "chunks of \(chunkSize) examples")
    self.network = network
    self.loss = loss
    self.examples = examples
    self.chunkSize = min(chunkSize, examples.count)
    self.memoryBudget = memoryBudget
    chunkGradient = [S](repeating: 0, count: network.parameterCount)
  }

  /// The number of parameters.
  public var dimension: Int { network.parameterCount }
  /// The number of examples n.
  public var exampleCount: Int { examples.count }

  /// The chunks: first example and size.
  var chunks: [(start: Int, count: Int)] {
    stride(from: 0, to: examples.count, by: chunkSize).map { ($0, min(chunkSize, examples.count - $0)) }
  }

  /// The prepared computations for chunks of a size, made when first asked for.
  func chunkPrograms(_ count: Int) -> ChunkPrograms<S> {
    if let known = programs[count] { return known }
    let made = ChunkPrograms<S>(network: network, loss: loss, count: count)
    programs[count] = made
    return made
  }

  private func check(_ point: [S]) {
    precondition(point.count == dimension, "a point of \(point.count) parameters for a network of \(dimension)")
  }

  /// The mean loss.
  public func value(at point: [S]) -> Double { evaluate(at: point).loss }

  /// The mean loss and the share of examples whose largest output is not their label's.
  public func evaluate(at point: [S]) -> Evaluation {
    check(point)
    var total = 0.0
    var wrong = 0
    for (start, count) in chunks {
      let program = chunkPrograms(count)
      program.evaluate(point, examples.features + start * examples.featureCount, examples.labels + start)
      total += program.lossSum
      wrong += program.wrongCount(labels: examples.labels + start)
    }
    return Evaluation(loss: total / Double(examples.count), error: Double(wrong) / Double(examples.count))
  }

  /// The network's outputs for all examples, [n, outputs].
  public func outputs(at point: [S]) -> Tensor<S> {
    check(point)
    var all: [S] = []
    for (start, count) in chunks {
      let program = chunkPrograms(count)
      program.evaluate(point, examples.features + start * examples.featureCount, examples.labels + start)
      all += program.outputs
    }
    return Tensor(all, shape: Shape([examples.count, network.outputShape.count]))
  }

  /// The mean loss and its gradient over all examples.
  @discardableResult
  public func gradient(at point: [S], into gradient: inout [S]) -> Double {
    check(point)
    precondition(gradient.count == dimension, "a gradient of \(gradient.count) elements for \(dimension) parameters")
    var total = 0.0
    let weight = S(1) / S(examples.count)
    for (start, count) in chunks {
      let program = chunkPrograms(count)
      let features = examples.features + start * examples.featureCount
      if start == 0 {
        program.gradient(point, features, examples.labels, weight: weight, into: &gradient)
      } else {
        program.gradient(point, features, examples.labels + start, weight: weight, into: &chunkGradient)
        gradient.add(1, times: chunkGradient)
      }
      total += program.lossSum
    }
    return total / Double(examples.count)
  }

  /// The mean loss and its gradient over some examples, which are gathered into one batch.
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
    return program.lossSum / Double(count)
  }

  /// The Hessian of the mean loss at `point`. It owns what it needs and stays valid.
  public func hessian(at point: [S]) -> any LinearOperator<S> {
    check(point)
    return NetworkHessian(self, at: point)
  }
}

/// How a network does on a set of examples.
public struct Evaluation: Sendable, Equatable {
  /// The mean loss.
  public let loss: Double
  /// The share of examples that are classified wrongly.
  public let error: Double
}
