import Differentiation
import Tensors

/// What is traced: a network and its loss, and what goes into them beside parameters and features.
struct TracedFunction {
  let network: Network
  let loss: Loss
  /// The share of the targets of class labels that goes to all classes alike.
  let labelSmoothing: Double
  /// Whether examples have class labels; otherwise they have targets of the outputs' shape.
  let hasLabels: Bool
  /// Whether the moments that batches are normalized by are given.
  let hasMoments: Bool
}

/// A network and its loss on a chunk of examples, as symbols from which values and derivatives are built.
struct TracedChunk {
  let graph: Graph
  let parameters: Symbol
  /// A number that total losses are multiplied by, such as 1/n.
  let weight: Symbol
  /// What every plan is given first: parameters, features, targets, weight, moments or nothing, words or nothing.
  let inputs: [Symbol]
  /// What the network noted on its way.
  let pass: ForwardPass
  /// [count, outputs].
  let outputs: Symbol
  /// [count].
  let losses: Symbol

  init(_ function: TracedFunction, count: Int, dropsOut: Bool = false) {
    let network = function.network
    let width = network.outputShape.count
    graph = Graph()
    parameters = graph.input("parameters", shape: [network.parameterCount])
    let features = graph.input("features", shape: [count, network.inputShape.count])
    let targets = graph.input("targets", shape: function.hasLabels ? [count] : [count, width])
    weight = graph.input("weight", shape: [])
    let moments = function.hasMoments ? graph.input("moments", shape: [network.statisticsCount]) : nil
    let words = dropsOut ? graph.input("words", shape: [count, 2]) : nil
    inputs = [parameters, features, targets, weight] + [moments, words].compactMap { $0 }
    pass = ForwardPass(statistics: moments, words: words)
    outputs = network(parameters, features, in: pass).reshaped(to: [count, width])
    losses =
      function.hasLabels
      ? function.loss(outputs, labels: targets, smoothing: function.labelSmoothing)
      : function.loss(outputs, targets: targets)
  }

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
