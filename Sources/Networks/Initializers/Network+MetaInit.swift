import Differentiation
public import Tensors

extension Network {
  /// MetaInit (Dauphin & Schoenholz 2019): the norm of each weight descends on the gradient quotient
  /// GQ = mean_i |(g_i - (Hg)_i) / (g_i + e_i) - 1|, e_i = 1e-5 with the sign of g_i, which is small where gradients change
  /// little along a step.
  ///
  /// As in the paper, each step takes fresh normal inputs and uniform labels, and each norm moves by momentum 0.9 and
  /// rate 0.1 against the sign of its derivative. A norm that would end below a hundredth of its start stays there.
  ///
  /// - Parameters:
  ///   - parameters: the start
  ///   - key: for inputs and labels
  ///   - steps: 500 in the paper
  ///   - batchSize: examples of a step
  /// Cost: each step some twelve times a loss and its gradient (a third derivative).
  public func metaInitialized<S: Scalar>(
    _ parameters: [S], loss: Loss, key: Key, steps: Int = 500, batchSize: Int = 32
  ) -> [S] {
    let weights = layout.blocks.indices.filter { roles[$0].isWeight }.map { layout.blocks[$0].range }
    let quotient = GradientQuotient<S>(self, loss: loss, batchSize: batchSize)
    let least = weights.map { 0.01 * norm(parameters[$0]) }
    var momenta = [Double](repeating: 0, count: weights.count)
    var current = parameters
    var generator = key.generator()
    for _ in 0..<steps {
      let features: [S] = generator.normals(batchSize * inputShape.count)
      let labels = (0..<batchSize).map { _ in S(generator.integer(below: max(2, outputShape.count))) }
      let gradient = quotient.evaluate(at: current, features, labels).gradient
      for (number, range) in weights.enumerated() {
        let length = norm(current[range])
        guard length > 0 else { continue }
        let slope = zip(current[range], gradient[range]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        momenta[number] = 0.9 * momenta[number] - (slope > 0 ? 0.1 : slope < 0 ? -0.1 : 0)
        let factor = S(max(least[number], length + momenta[number]) / length)
        for index in range { current[index] *= factor }
      }
    }
    return current
  }
}

private func norm<S: Scalar>(_ values: ArraySlice<S>) -> Double {
  values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
}

/// The gradient quotient of a network's mean loss on a batch, with its gradient.
package struct GradientQuotient<S: Scalar> {
  private let workspace: Workspace<S>

  package init(_ network: Network, loss: Loss, batchSize: Int) {
    let graph = Graph()
    let parameters = graph.input("parameters", shape: [network.parameterCount])
    let features = graph.input("features", shape: [batchSize, network.inputShape.count])
    let labels = graph.input("labels", shape: [batchSize])
    let outputs = network(parameters, features).reshaped(to: [batchSize, network.outputShape.count])
    let mean = loss(outputs, labels: labels).mean()
    let gradient = graph.gradient(of: mean, withRespectTo: [parameters])[0]
    let product = graph.hessianVectorProduct(of: mean, withRespectTo: parameters, along: gradient)
    let sign = 1 - 2 * (-gradient).step()
    let quotient = ((gradient - product) / (gradient + 1e-5 * sign) - 1).absoluteValue().mean()
    let slope = graph.gradient(of: quotient, withRespectTo: [parameters])[0]
    workspace = Workspace(Plan(outputs: [quotient, slope], inputs: [parameters, features, labels]))
  }

  package func evaluate(at parameters: [S], _ features: [S], _ labels: [S]) -> (value: S, gradient: [S]) {
    let results = workspace.evaluate([parameters, features, labels])
    return (results[0].elements[0], results[1].elements)
  }
}
