public import Differentiation
public import Tensors

extension NetworkObjective: KroneckerFactoredObjective {
  /// The dense layers whose weights are used once and as they are. Other parameters have no factors.
  public var kroneckerBlocks: [KroneckerBlock] {
    TracedChunk(function, count: 2).denseUses(in: network).map { use in
      KroneckerBlock(
        weight: network.layout.blocks[use.weight].range, bias: use.bias.map { network.layout.blocks[$0].range },
        inputs: use.input.shape[1], outputs: use.output.shape[1])
    }
  }

  /// The factors A = E[a a'] and G = E[g g'] of each block over some examples or (`nil`) all, without the penalty: a
  /// the layer's inputs, followed by 1 where there is a bias, g the derivative of the loss by its outputs before bias
  /// and nonlinearity, for a label that is drawn from the model's distribution by the key and the example's place.
  ///
  /// Where a weight acts with a multiplier (see ``Parameterization``), a's inputs are multiplied by it, so that the
  /// gradient by the weight is a g' in every parameterization. The loss must have a likelihood.
  public func kroneckerFactors(
    at point: [S], examples chosen: ArraySlice<Int>?, key: Key
  ) -> [KroneckerFactors<S>] {
    precondition(loss.hasLikelihood, "Kronecker factors of the loss \(loss), which is no negative log-likelihood")
    let set = chosen.map(selection) ?? examples
    let scores = loss.scores(outputs: outputs(at: point, of: set), draws: 1, key: key)
    let plan = chunkedPlan(
      .kroneckerFactors, at: point, over: set, scores: scores, chunkSize: batchSize(of: set), memoryBudget: 0)
    let blocks = kroneckerBlocks
    let lengths = blocks.flatMap { [$0.inputs * $0.inputs, $0.inputs, $0.outputs * $0.outputs] }
    var sums = lengths.map { [S](repeating: 0, count: $0) }
    let parts = lengths.map { Memory<S>(count: $0) }
    for number in plan.chunks.indices where !blocks.isEmpty {
      let workspace = plan.prepared(number)
      for (output, part) in parts.enumerated() { workspace.bind(output: output, to: part.pointer) }
      workspace.run()
      for (output, part) in parts.enumerated() { S.axpy(lengths[output], 1, part.pointer, &sums[output]) }
    }
    return blocks.indices.map { index in
      let (moment, mean, outputs) = (sums[3 * index], sums[3 * index + 1], sums[3 * index + 2])
      let inputs = blocks[index].bias == nil ? moment : bordered(moment, mean)
      return KroneckerFactors(inputs: inputs, outputs: outputs)
    }
  }

  /// The second moment of vectors followed by 1, from their own second moment and their mean.
  private func bordered(_ moment: [S], _ mean: [S]) -> [S] {
    let count = mean.count
    return (0..<count).flatMap { Array(moment[$0 * count..<($0 + 1) * count]) + [mean[$0]] } + mean + [1]
  }
}
