import Differentiation
import Tensors

/// Losses, outputs and gradients of chunks of a fixed number of examples, at changing points.
final class ChunkPrograms<S: Scalar> {
  let count: Int
  private let outputCount: Int
  private let threshold: S
  private let makeForward: () -> Workspace<S>
  private let makeGradient: () -> Workspace<S>
  private lazy var forward = makeForward()
  private lazy var backward = makeGradient()
  private var losses: [S]
  private(set) var outputs: [S]

  init(network: Network, loss: Loss, count: Int) {
    self.count = count
    outputCount = network.outputShape.count
    threshold = S(loss.threshold)
    losses = [S](repeating: 0, count: count)
    outputs = [S](repeating: 0, count: count * outputCount)
    makeForward = { Workspace(ChunkComputation.losses.plan(network, loss, count: count)) }
    makeGradient = { Workspace(ChunkComputation.gradient.plan(network, loss, count: count)) }
  }

  /// The sum of the last computed losses.
  var lossSum: Double { total(losses) }

  /// How many of the last computed outputs have their maximum elsewhere than at the label. NaN outputs count as wrong. A
  /// single output stands for class 1 above the loss's threshold and for class 0 below it.
  @specialized(where S == Float) @specialized(where S == Double)
  func wrongCount(labels: UnsafePointer<S>) -> Int {
    var wrong = 0
    if outputCount == 1 {
      for row in 0..<count where !(labels[row] > 0 ? outputs[row] > threshold : outputs[row] < threshold) { wrong += 1 }
      return wrong
    }
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

@specialized(where S == Float) @specialized(where S == Double)
private func total<S: Scalar>(_ values: [S]) -> Double {
  var total = 0.0
  for value in values { total += Double(value) }
  return total
}

extension Loss {
  /// Where a single output's classes part.
  var threshold: Double { self == .meanSquaredError ? 0.5 : 0 }
}
