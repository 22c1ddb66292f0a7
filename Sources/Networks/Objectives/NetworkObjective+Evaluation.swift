public import Tensors

extension NetworkObjective {
  /// The mean loss, without the penalty, and the share of examples whose largest output is not their label's; see
  /// ``Evaluation``.
  public func evaluate(at point: [S]) -> Evaluation {
    var total = 0.0
    var wrong = 0
    let seen = addChunks(of: .losses, at: point) { chunk, program, inputs in
      program.evaluate(inputs)
      total += program.lossSum
      if examples.hasLabels { wrong += program.wrongCount(labels: inputs.targets) }
    }
    let count = Double(seen)
    return Evaluation(loss: total / count, error: examples.hasLabels && !total.isNaN ? Double(wrong) / count : .nan)
  }

  /// The network's outputs for all examples, [n, outputs].
  public func outputs(at point: [S]) -> Tensor<S> { outputs(at: point, of: examples) }

  func outputs(at point: [S], of set: Examples<S>) -> Tensor<S> {
    var all: [S] = []
    forEachChunk(of: .losses, at: point, over: set) { _, program, inputs in
      program.evaluate(inputs)
      all += program.outputs
    }
    return Tensor(all, shape: Shape([set.count, network.outputShape.count]))
  }

  /// The moments that the network would be given in evaluation: the means over the batches, weighted by their sizes, of
  /// the batches' own means and variances. The objective's moments are those ``BatchMoments/ofBatches(_:)``.
  public func batchMoments(at point: [S]) -> [S] {
    precondition(couplesExamples, "moments of batches for an objective without batches")
    var mean = [Double](repeating: 0, count: network.statisticsCount)
    var own = [S](repeating: 0, count: network.statisticsCount)
    let seen = addChunks(of: .moments, at: point) { chunk, program, inputs in
      own.withUnsafeMutableBufferPointer { program.moments(inputs, into: $0.baseAddress!) }
      let share = Double(chunk.count) / Double(examples.count)
      for index in own.indices { mean[index] += share * Double(own[index]) }
    }
    let scale = Double(examples.count) / Double(seen)
    return mean.map { S(scale * $0) }
  }
}

/// How a network does on a set of examples.
public struct Evaluation: Sendable, Equatable {
  /// The mean loss.
  public let loss: Double
  /// The share of examples that are classified wrongly; NaN where there are no labels, and where the loss is NaN: what is
  /// no number is no class.
  public let error: Double
}
