import Differentiation
public import Tensors

extension Network {
  /// Layer-sequential unit variance (Mishkin & Matas 2016): from the first layer to the last, each weight is divided by the
  /// standard deviation of its products (before bias and nonlinearity, over examples, positions and units) on a batch.
  ///
  /// The products are linear in the weight, so one division makes their variance 1 to rounding; a weight whose products do not
  /// vary is left. Weights inside a recurrence or under a reparametrization are left, too.
  ///
  /// - Parameters:
  ///   - parameters: the start, orthogonal in the paper
  ///   - batch: examples along the first axis
  /// Cost: for each of k weights the network up to there, some k/2 forward passes.
  public func normalizedToUnitVariance<S: Scalar>(_ parameters: [S], batch: Tensor<S>) -> [S] {
    let graph = Graph()
    let vector = graph.input("parameters", shape: [parameterCount])
    let examples = graph.input("batch", shape: batch.shape)
    let pass = ForwardPass()
    let own = weights(vector)
    let flat = Shape([batch.shape[0]] + inputShape.dimensions)
    _ = body(examples.reshaped(to: flat), own, in: pass)

    var scaled = parameters
    for (weight, product) in pass.products {
      guard let place = own.firstIndex(of: weight) else { continue }
      let mean = product.mean()
      let variance = (product - mean).square().mean()
      let plan = Plan<S>(outputs: [variance], inputs: [vector, examples])
      let measured = Workspace(plan).evaluate([scaled, batch.elements])[0].elements[0]
      guard measured > 0, measured.isFinite else { continue }
      let factor = 1 / measured.squareRoot()
      for index in layout.blocks[place].range { scaled[index] *= factor }
    }
    return scaled
  }
}
