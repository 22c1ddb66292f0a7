import Differentiation
import Tensors

/// A network and its loss on a chunk of examples, as symbols from which values and derivatives are built.
struct TracedChunk {
  let graph: Graph
  let count: Int
  let parameters: Symbol
  let features: Symbol
  let labels: Symbol
  /// A number that total losses are multiplied by, such as 1/n.
  let weight: Symbol
  /// [count, outputs].
  let outputs: Symbol
  /// [count].
  let losses: Symbol

  init(network: Network, loss: Loss, count: Int) {
    graph = Graph()
    self.count = count
    parameters = graph.input("parameters", shape: [network.parameterCount])
    features = graph.input("features", shape: [count, network.inputShape.count])
    labels = graph.input("labels", shape: [count])
    weight = graph.input("weight", shape: [])
    outputs = network(parameters, features).reshaped(to: [count, network.outputShape.count])
    losses = loss(outputs, labels: labels)
  }

  /// What every plan is given first.
  var inputs: [Symbol] { [parameters, features, labels, weight] }

  /// The weight times the sum of the losses.
  var total: Symbol { weight * losses.sum() }

  /// The derivative of the outputs along a direction in parameter space, [count, outputs].
  func tangents(along direction: Symbol) -> Symbol {
    graph.jvp(of: [outputs], along: [(parameters, direction)])[0]
  }

  /// The sum over examples of J_i' times the example's row of `cotangents`, a vector like the parameters.
  func pulledBack(_ cotangents: Symbol) -> Symbol {
    graph.vjp(of: [(outputs, cotangents)], withRespectTo: [parameters])[0]
  }
}
