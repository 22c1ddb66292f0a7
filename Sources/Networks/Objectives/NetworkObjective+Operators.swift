import Differentiation
public import Tensors

extension NetworkObjective {
  /// The Hessian of the objective at `point`, penalty included. It owns what it needs and stays valid.
  public func hessian(at point: [S]) -> any LinearOperator<S> {
    sum(.hessian, at: point, over: examples, penalty: penalty)
  }

  /// The Hessian of the mean loss over some examples as ``batchFeatures`` shows them, penalty included.
  public func hessian(at point: [S], examples chosen: ArraySlice<Int>) -> any LinearOperator<S> {
    sum(.hessian, at: point, over: selection(chosen), penalty: penalty)
  }

  /// The generalized Gauss-Newton matrix (1/n) sum of J_i' H_i J_i at `point`, penalty included: J_i is the Jacobian of
  /// an example's outputs, H_i the Hessian of its loss by them. It owns what it needs and stays valid.
  public func gaussNewton(at point: [S]) -> any LinearOperator<S> {
    sum(.gaussNewton, at: point, over: examples, penalty: penalty)
  }

  /// The generalized Gauss-Newton matrix of some examples as ``batchFeatures`` shows them, penalty included.
  public func gaussNewton(at point: [S], examples chosen: ArraySlice<Int>) -> any LinearOperator<S> {
    sum(.gaussNewton, at: point, over: selection(chosen), penalty: penalty)
  }

  /// The Fisher information (1/n) sum of E[g g'] at `point`, g the gradient of the log-likelihood of labels drawn from
  /// the model's own distribution (see ``Loss/hasLikelihood``); without the penalty.
  ///
  /// For these losses, whose outputs are the natural parameters of an exponential family, it is the Gauss-Newton matrix
  /// (Martens 2020), and is computed as such.
  public func fisher(at point: [S]) -> any LinearOperator<S> {
    precondition(loss.hasLikelihood, "a Fisher matrix of the loss \(loss), which is no negative log-likelihood")
    return sum(.gaussNewton, at: point, over: examples, penalty: nil)
  }

  /// The Fisher information with the expectation over labels replaced by the mean of `draws` for each example; without
  /// the penalty. Example i's labels depend on the key and i alone.
  ///
  /// Its expectation over keys is ``fisher(at:)``. Memory: `draws` times the outputs of all examples.
  public func sampledFisher(at point: [S], draws: Int = 1, key: Key) -> any LinearOperator<S> {
    precondition(loss.hasLikelihood, "a Fisher matrix of the loss \(loss), which is no negative log-likelihood")
    precondition(draws > 0, "a sampled Fisher matrix of \(draws) draws")
    let scores = loss.scores(outputs: outputs(at: point), draws: draws, key: key)
    return sum(.sampledFisher(draws: draws), at: point, over: examples, penalty: nil, scores: scores)
  }

  /// The empirical Fisher matrix (1/n) sum of g_i g_i' at `point`, g_i the gradient of example i's loss at its own
  /// label; without the penalty.
  ///
  /// It is no approximation of the Fisher information in general (Kunstner, Balles & Hennig 2019).
  public func empiricalFisher(at point: [S]) -> any LinearOperator<S> {
    sum(.empiricalFisher, at: point, over: examples, penalty: nil)
  }

  /// Some examples as a step of training sees them.
  func selection(_ chosen: ArraySlice<Int>) -> Examples<S> {
    Examples(examples, chosen, features: batchFeatures, epoch: batch.epoch)
  }

  /// A matrix as a sum over examples; a selection of coupled examples is one batch.
  func sum(
    _ computation: ChunkComputation, at point: [S], over examples: Examples<S>, penalty: L2Penalty?,
    scores: [Tensor<S>] = [], dimension: Int? = nil
  ) -> ChunkedOperator<S> {
    precondition(
      !couplesExamples || examples.count > 1, "a batch of one example for a network that normalizes over batches")
    let plan = chunkedPlan(
      computation, at: point, over: examples, scores: scores, chunkSize: batchSize(of: examples),
      memoryBudget: memoryBudget)
    return ChunkedOperator(plan, dimension: dimension ?? self.dimension, penalty: penalty)
  }

  /// A two-stage computation at a point over all chunks of examples.
  func chunkedPlan(
    _ computation: ChunkComputation, at point: [S], over examples: Examples<S>, scores: [Tensor<S>] = [],
    chunkSize: Int? = nil, memoryBudget: Int
  ) -> ChunkedPlan<S> {
    check(point)
    return ChunkedPlan(
      { self.plan(computation, count: $0) }, chunks: chunks(of: examples.count, for: computation, chunkSize),
      examples: examples, point: point, weight: 1 / S(examples.count), moments: givenMoments,
      scores: scores.map { Memory($0.elements) }, scoreCount: network.outputShape.count, memoryBudget: memoryBudget)
  }
}
