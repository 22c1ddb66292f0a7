import Differentiation
import Tensors

/// Losses, outputs and gradients of chunks of a fixed number of examples, at changing points.
final class ChunkPrograms<S: Scalar> {
  let count: Int
  private let outputCount: Int
  private let threshold: S
  private let plan: (ChunkComputation) -> Plan<S>
  private lazy var forward = Workspace(plan(.losses))
  private lazy var backward = Workspace(plan(.gradient(dropsOut: false)))
  private lazy var backwardDroppingOut = Workspace(plan(.gradient(dropsOut: true)))
  private lazy var normalizing = Workspace(plan(.moments))
  private var losses: [S]
  private(set) var outputs: [S]

  init(_ function: TracedFunction, count: Int, plan: @escaping (ChunkComputation) -> Plan<S>) {
    self.count = count
    self.plan = plan
    outputCount = function.network.outputShape.count
    threshold = S(function.loss.threshold)
    losses = [S](repeating: 0, count: count)
    outputs = [S](repeating: 0, count: count * outputCount)
  }

  /// The sum of the last computed losses.
  var lossSum: Double { total(losses) }

  /// How many of the last computed outputs have their maximum elsewhere than at the label. NaN outputs count as wrong.
  /// A single output stands for class 1 above the loss's threshold and for class 0 below it.
  @specialized(where S == Float) @specialized(where S == Double)
  func wrongCount(labels: UnsafePointer<S>) -> Int {
    var wrong = 0
    if outputCount == 1 {
      for row in 0..<count where !(labels[row] > 0 ? outputs[row] > threshold : outputs[row] < threshold) { wrong += 1 }
      return wrong
    }
    for row in 0..<count {
      let label = Int(Double(labels[row]))
      let own = outputs[row * outputCount + label]
      for column in 0..<outputCount where column != label {
        if !(own > outputs[row * outputCount + column]) {
          wrong += 1
          break
        }
      }
    }
    return wrong
  }

  /// Computes losses and outputs.
  func evaluate(_ inputs: ChunkInputs<S>) {
    losses.withUnsafeMutableBufferPointer { losses in
      outputs.withUnsafeMutableBufferPointer { outputs in
        inputs.bind(to: forward)
        forward.bind(output: 0, to: losses.baseAddress!)
        forward.bind(output: 1, to: outputs.baseAddress!)
        forward.run()
      }
    }
  }

  /// Writes the weight times the gradient of the sum of losses; units are dropped out where there are words.
  func gradient(_ inputs: ChunkInputs<S>, into gradient: UnsafeMutablePointer<S>) {
    let workspace = inputs.words == nil ? backward : backwardDroppingOut
    losses.withUnsafeMutableBufferPointer { losses in
      inputs.bind(to: workspace)
      workspace.bind(output: 0, to: losses.baseAddress!)
      workspace.bind(output: 1, to: gradient)
      workspace.run()
    }
  }

  /// Writes the moments that the examples are normalized by.
  func moments(_ inputs: ChunkInputs<S>, into moments: UnsafeMutablePointer<S>) {
    inputs.bind(to: normalizing)
    normalizing.bind(output: 0, to: moments)
    normalizing.run()
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
