public import Differentiation
public import Networks
public import Tensors

/// Scores of parameters before training, by which weights are pruned at initialization: the lowest go.
public enum Saliency {
  /// SNIP (Lee, Ajanthan & Torr 2019): |theta_i g_i|, how much the loss would change, to first order, if a weight went.
  ///
  /// Cost: one gradient.
  public static func connectionSensitivity<S: Scalar>(
    of objective: some Objective<S>, at point: [S]
  ) -> [S] {
    var gradient = point
    objective.gradient(at: point, into: &gradient)
    return zip(point, gradient).map { abs($0 * $1) }
  }

  /// GraSP (Wang, Zhang & Grosse 2020): theta_i (H g)_i, the loss of gradient flow, to first order, if a weight went; weights
  /// whose going raises the flow have the lowest scores. The logits' temperature is 1, in the paper's experiments 200.
  ///
  /// Cost: one gradient and one product with the Hessian.
  public static func gradientFlow<S: Scalar>(of objective: some Objective<S>, at point: [S]) -> [S] {
    var gradient = point
    objective.gradient(at: point, into: &gradient)
    var product = point
    let hessian = objective.hessian(at: point)
    hessian.apply(to: gradient, into: &product)
    return zip(point, product).map { $0 * $1 }
  }

  /// SynFlow (Tanaka et al. 2020): theta_i dR/dtheta_i for R, the sum of the outputs for inputs of ones with |theta| in
  /// theta's place. No data are seen.
  ///
  /// The network is taken with its own nonlinearity, which for ReLU is the identity here. To be applied in many small rounds,
  /// between which scores are computed anew. Cost: one gradient with one example.
  public static func synapticFlow<S: Scalar>(of network: Network, at point: [S]) -> [S] {
    let graph = Graph()
    let vector = graph.input("parameters", shape: [network.parameterCount])
    let ones = graph.constant(1, shape: Shape([1] + network.inputShape.dimensions))
    let flow = network(vector, ones).sum()
    let plan = Plan<S>(outputs: graph.gradient(of: flow, withRespectTo: [vector]), inputs: [vector])
    let magnitudes = point.map { abs($0) }
    let gradient = Workspace(plan).evaluate([magnitudes])[0].elements
    return zip(magnitudes, gradient).map { $0 * $1 }
  }
}
