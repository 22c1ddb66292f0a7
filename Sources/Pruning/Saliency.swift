import Components
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

  /// GraSP (Wang, Zhang & Grosse 2020): theta_i (H g)_i, the loss of gradient flow, to first order, if a weight went;
  /// weights whose going raises the flow have the lowest scores.
  ///
  /// H and g are of the mean loss of the outputs divided by `temperature`, without the penalty. The paper's experiments
  /// divide logits by 200, so that scores are of nearly equal predictions for all classes. Other losses take the same
  /// quotient: squared errors and hinges then compare targets with outputs that are nearly 0.
  ///
  /// Cost: one gradient and one product with the Hessian.
  public static func gradientFlow<S: Scalar>(
    of objective: NetworkObjective<S>, temperature: Double = 200, at point: [S]
  ) -> [S] {
    precondition(temperature > 0, "a temperature of \(temperature)")
    let tempered = NetworkObjective(
      objective.network.withOutputs(dividedBy: temperature), loss: objective.loss,
      labelSmoothing: objective.labelSmoothing, examples: objective.examples, moments: objective.moments,
      memoryBudget: objective.memoryBudget)
    var gradient = point
    tempered.gradient(at: point, into: &gradient)
    var product = point
    let hessian = tempered.hessian(at: point)
    hessian.apply(to: gradient, into: &product)
    return zip(point, product).map { $0 * $1 }
  }

  /// SynFlow (Tanaka et al. 2020): theta_i dR/dtheta_i for R, the sum of the outputs for inputs of ones with |theta| in
  /// theta's place. No data are seen.
  ///
  /// The network is taken with its own nonlinearity, which for ReLU is the identity here. Normalization over the batch is
  /// that of evaluation at the start of training, by means of 0 and variances of 1: but for its epsilon it multiplies by its
  /// scales and adds its biases. Layers that normalize each example by its own moments, or weights by their own norms, have
  /// no such mode: R does not change with the scale of the weights before them, whose scores sum to 0, and the method says
  /// nothing.
  ///
  /// To be applied in many small rounds, between which scores are computed anew. R grows by a factor from layer to layer;
  /// deep networks need Float64. Cost: one gradient with one example.
  public static func synapticFlow<S: Scalar>(of network: Network, at point: [S]) -> [S] {
    let graph = Graph()
    let vector = graph.input("parameters", shape: [network.parameterCount])
    let ones = graph.constant(1, shape: Shape([1] + network.inputShape.dimensions))
    let moments = network.statisticsCount > 0 ? graph.input("moments", shape: [network.statisticsCount]) : nil
    let flow = network(vector, ones, in: ForwardPass(statistics: moments)).sum()
    let plan = Plan<S>(
      outputs: graph.gradient(of: flow, withRespectTo: [vector]), inputs: [vector] + (moments.map { [$0] } ?? []))
    let magnitudes = point.map { abs($0) }
    let gradient = Workspace(plan).evaluate([magnitudes] + (moments == nil ? [] : [network.standardMoments()]))[0]
      .elements
    return zip(magnitudes, gradient).map { $0 * $1 }
  }
}

extension Network {
  /// Means of 0 and variances of 1, in the layout of the statistics.
  fileprivate func standardMoments<S: Scalar>() -> [S] {
    statisticsLayout.blocks.flatMap { [S](repeating: $0.name.hasSuffix("variance") ? 1 : 0, count: $0.range.count) }
  }

  /// The network with its outputs divided by a number.
  fileprivate func withOutputs(dividedBy divisor: Double) -> Network {
    do {
      return try Network(
        inputShape: inputShape, Sequential(named: body.elements + [("quotient", Quotient(divisor: divisor))]),
        initialization: initialization, parameterization: parameterization)
    } catch {
      preconditionFailure("a network fits together and doesn't with its outputs divided: \(error)")
    }
  }
}

/// y = x / divisor.
private struct Quotient: Layer {
  let divisor: Double

  static var component: Component { Component(.layer, "quotient", "y = x / T") }
  func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { input }
  func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol { x / divisor }
}
