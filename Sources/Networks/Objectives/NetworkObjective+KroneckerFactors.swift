public import Differentiation
public import Tensors

extension NetworkObjective: KroneckerFactoredObjective {
  /// The dense layers and the convolutions in one group whose weights are used once and as they are. Other parameters have
  /// no factors.
  public var kroneckerBlocks: [KroneckerBlock] { factoredUses.map(block) }

  private var factoredUses: [FactoredUse] { TracedChunk(function, count: 2).factoredUses(in: network) }

  private func block(of use: FactoredUse) -> KroneckerBlock {
    KroneckerBlock(
      weight: network.layout.blocks[use.weight].range, bias: use.bias.map { network.layout.blocks[$0].range },
      inputs: use.inputs, outputs: use.outputs)
  }

  /// The factors A = E[sum_t a_t a_t'] and G = E[sum_t g_t g_t'] / T of each block over some examples or (`nil`) all,
  /// without the penalty: a_t is what the layer multiplies at place t of T, followed by 1 where there is a bias; g_t the
  /// derivative of the loss by its outputs there, before bias and nonlinearity, for a label that is drawn from the model's
  /// distribution by the key and the example's place. A dense layer has one place, a convolution one for each of its
  /// window (KFC, Grosse & Martens 2016).
  ///
  /// Where a weight acts with a multiplier (see ``Parameterization``), a's inputs are multiplied by it, so that the
  /// gradient by the weight is the sum of a g' in every parameterization. The loss must have a likelihood.
  public func kroneckerFactors(
    at point: [S], examples chosen: ArraySlice<Int>?, key: Key
  ) -> [KroneckerFactors<S>] {
    precondition(loss.hasLikelihood, "Kronecker factors of the loss \(loss), which is no negative log-likelihood")
    let set = chosen.map(selection) ?? examples
    let scores = loss.scores(outputs: outputs(at: point, of: set), draws: 1, key: key)
    let plan = chunkedPlan(
      .kroneckerFactors, at: point, over: set, scores: scores, chunkSize: batchSize(of: set), memoryBudget: 0)
    let uses = factoredUses
    let blocks = uses.map(block)
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
      let inputs = blocks[index].bias == nil ? moment : bordered(moment, mean, corner: S(Double(uses[index].places)))
      return KroneckerFactors(inputs: inputs, outputs: outputs)
    }
  }

  /// The second moment of vectors followed by 1, from their own second moment, their mean and that of 1.
  private func bordered(_ moment: [S], _ mean: [S], corner: S) -> [S] {
    let count = mean.count
    return (0..<count).flatMap { Array(moment[$0 * count..<($0 + 1) * count]) + [mean[$0]] } + mean + [corner]
  }
}
