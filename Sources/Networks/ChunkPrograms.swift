import Differentiation
import Tensors

/// The computations on a chunk of a fixed number of examples: losses and outputs, the gradient, Hessian-vector products.
final class ChunkPrograms<S: Scalar> {
  let count: Int
  private let outputCount: Int
  private let makeForward: () -> Workspace<S>
  private let makeGradient: () -> Workspace<S>
  private let makeHessianPlan: () -> Plan<S>
  private lazy var forward = makeForward()
  private lazy var backward = makeGradient()
  /// The plan of w (d^2 sum of losses / d theta^2) v; inputs theta, features, labels, weight w and, repeated, v.
  private(set) lazy var hessianPlan = makeHessianPlan()
  private var losses: [S]
  private(set) var outputs: [S]

  init(network: Network, loss: Loss, count: Int) {
    self.count = count
    outputCount = network.outputShape.count
    losses = [S](repeating: 0, count: count)
    outputs = [S](repeating: 0, count: count * outputCount)

    func trace() -> TracedLoss {
      let graph = Graph()
      let parameters = graph.input("parameters", shape: [network.parameterCount])
      let features = graph.input("features", shape: [count, network.inputShape.count])
      let labels = graph.input("labels", shape: [count])
      let weight = graph.input("weight", shape: [])
      let outputs = network(parameters, features).reshaped(to: [count, network.outputShape.count])
      return TracedLoss(
        inputs: [parameters, features, labels, weight], outputs: outputs, losses: loss(outputs, labels: labels))
    }
    makeForward = {
      let traced = trace()
      return Workspace(Plan(outputs: [traced.losses, traced.outputs], inputs: Array(traced.inputs[0..<3])))
    }
    makeGradient = {
      let traced = trace()
      let gradient = traced.losses.graph.gradient(of: traced.total, withRespectTo: [traced.inputs[0]])
      return Workspace(Plan(outputs: [traced.losses] + gradient, inputs: traced.inputs))
    }
    makeHessianPlan = {
      let traced = trace()
      let graph = traced.losses.graph
      let direction = graph.input("direction", shape: [network.parameterCount])
      let product = graph.hessianVectorProduct(of: traced.total, withRespectTo: traced.inputs[0], along: direction)
      return Plan(outputs: [product], inputs: traced.inputs + [direction], repeated: [direction])
    }
  }

  /// The sum of the last computed losses.
  var lossSum: Double { total(losses) }

  /// How many of the last computed outputs have their maximum elsewhere than at the label. NaN outputs count as wrong.
  @specialized(where S == Float) @specialized(where S == Double)
  func wrongCount(labels: UnsafePointer<S>) -> Int {
    var wrong = 0
    for row in 0..<count {
      let own = outputs[row * outputCount + Int(labels[row])]
      for column in 0..<outputCount where column != Int(labels[row]) {
        if !(own > outputs[row * outputCount + column]) {
          wrong += 1
          break
        }
      }
    }
    return wrong
  }

  @specialized(where S == Float) @specialized(where S == Double)
  func evaluate(_ point: [S], _ features: UnsafePointer<S>, _ labels: UnsafePointer<S>) {
    point.withUnsafeBufferPointer { point in
      losses.withUnsafeMutableBufferPointer { losses in
        outputs.withUnsafeMutableBufferPointer { outputs in
          forward.bind(input: 0, to: point.baseAddress!)
          forward.bind(input: 1, to: features)
          forward.bind(input: 2, to: labels)
          forward.bind(output: 0, to: losses.baseAddress!)
          forward.bind(output: 1, to: outputs.baseAddress!)
          forward.run()
        }
      }
    }
  }

  /// Writes weight times the gradient of the sum of losses.
  @specialized(where S == Float) @specialized(where S == Double)
  func gradient(
    _ point: [S], _ features: UnsafePointer<S>, _ labels: UnsafePointer<S>, weight: S, into gradient: inout [S]
  ) {
    withUnsafePointer(to: weight) { weight in
      point.withUnsafeBufferPointer { point in
        losses.withUnsafeMutableBufferPointer { losses in
          gradient.withUnsafeMutableBufferPointer { gradient in
            backward.bind(input: 0, to: point.baseAddress!)
            backward.bind(input: 1, to: features)
            backward.bind(input: 2, to: labels)
            backward.bind(input: 3, to: weight)
            backward.bind(output: 0, to: losses.baseAddress!)
            backward.bind(output: 1, to: gradient.baseAddress!)
            backward.run()
          }
        }
      }
    }
  }
}

/// A network's loss on one chunk as symbols.
private struct TracedLoss {
  /// Parameters, features, labels, weight.
  let inputs: [Symbol]
  let outputs: Symbol
  let losses: Symbol
  /// The weight times the sum of the losses.
  var total: Symbol { inputs[3] * losses.sum() }
}

@specialized(where S == Float) @specialized(where S == Double)
private func total<S: Scalar>(_ values: [S]) -> Double {
  var total = 0.0
  for value in values { total += Double(value) }
  return total
}
