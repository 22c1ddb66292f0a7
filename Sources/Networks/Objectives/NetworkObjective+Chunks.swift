import Tensors

extension NetworkObjective {
  /// Calls `body` with each chunk, its programs and its inputs, the weight being 1/n.
  func forEachChunk(
    of computation: ChunkComputation, at point: [S], over set: Examples<S>,
    _ body: (Range<Int>, ChunkPrograms<S>, ChunkInputs<S>) -> Void
  ) {
    for chunk in chunks(of: set.count, for: computation, batchSize(of: set)) { call(body, at: point, chunk, of: set) }
  }

  /// The same for the objective's examples and what is a sum over them: as many chunks as the ``PassWatch`` wants. Returns
  /// how many examples were seen.
  @discardableResult
  func addChunks(
    of computation: ChunkComputation, at point: [S], _ body: (Range<Int>, ChunkPrograms<S>, ChunkInputs<S>) -> Void
  ) -> Int {
    let chunks = chunks(of: examples.count, for: computation)
    let made = PassWatch.forEach(chunks.count) { call(body, at: point, chunks[$0], of: examples) }
    return chunks[made - 1].upperBound
  }
}
