import Differentiation
public import Tensors

/// The Jacobian of a network's outputs for all examples by its parameters at one point: [n o, parameters], example by
/// example and output by output. It is never formed; activations are kept between products while the budget lasts.
public final class NetworkJacobian<S: Scalar> {
  /// The number of rows: examples times outputs.
  public let rowCount: Int
  /// The number of columns: parameters.
  public let columnCount: Int
  private let outputCount: Int
  private let makeTangents: () -> ChunkedPlan<S>
  private let makeCotangents: () -> ChunkedPlan<S>
  private lazy var tangents = makeTangents()
  private lazy var cotangents = makeCotangents()
  private let composed: JacobianRows<S>
  private var partial: [S]

  init(_ objective: NetworkObjective<S>, of examples: Examples<S>, at point: [S]) {
    objective.check(point)
    outputCount = objective.network.outputShape.count
    rowCount = examples.count * outputCount
    columnCount = objective.dimension
    let share = objective.memoryBudget / 2
    makeTangents = { objective.chunkedPlan(.outputTangents, at: point, over: examples, memoryBudget: share) }
    makeCotangents = { objective.chunkedPlan(.outputCotangents, at: point, over: examples, memoryBudget: share) }
    composed = JacobianRows(objective, .outputs, of: examples, at: point)
    partial = [S](repeating: 0, count: columnCount)
  }

  /// Writes J `vector` [rows] over `product`: how the outputs move along a direction in parameter space.
  public func apply(to vector: [S], into product: inout [S]) {
    precondition(
      vector.count == columnCount && product.count == rowCount,
      "a Jacobian of shape [\(rowCount), \(columnCount)], a vector of \(vector.count), a product of \(product.count)")
    let width = outputCount
    vector.withUnsafeBufferPointer { vector in
      product.withUnsafeMutableBufferPointer { product in
        for (number, chunk) in tangents.chunks.enumerated() {
          let workspace = tangents.prepared(number)
          workspace.bind(input: tangents.directionInput, to: vector.baseAddress!)
          workspace.bind(output: 0, to: product.baseAddress! + chunk.lowerBound * width)
          workspace.run()
        }
      }
    }
  }

  /// Writes J' `vector` [parameters] over `product`: a sum over all examples and outputs.
  public func applyTransposed(to vector: [S], into product: inout [S]) {
    precondition(
      vector.count == rowCount && product.count == columnCount,
      "a transposed Jacobian of shape [\(columnCount), \(rowCount)], a vector of \(vector.count), a product of "
        + "\(product.count)")
    let width = outputCount
    vector.withUnsafeBufferPointer { vector in
      product.withUnsafeMutableBufferPointer { product in
        partial.withUnsafeMutableBufferPointer { partial in
          for (number, chunk) in cotangents.chunks.enumerated() {
            let workspace = cotangents.prepared(number)
            workspace.bind(input: cotangents.directionInput, to: vector.baseAddress! + chunk.lowerBound * width)
            workspace.bind(output: 0, to: number == 0 ? product.baseAddress! : partial.baseAddress!)
            workspace.run()
            if number > 0 { S.axpy(columnCount, 1, partial.baseAddress!, product.baseAddress!) }
          }
        }
      }
    }
  }

  /// The rows of some examples, [examples, outputs, parameters].
  ///
  /// Cost: a forward and, for each output, a backward pass over the examples, and what writes the rows. Networks with layers
  /// that can't tell examples apart (recurrent ones; normalization over the batch with the batch's own moments) take a
  /// backward pass of one example, or its batch, for each row.
  public func rows(of examples: Range<Int>) -> Tensor<S> {
    precondition(
      examples.lowerBound >= 0 && examples.upperBound * outputCount <= rowCount,
      "the Jacobian's rows of examples \(examples) of \(rowCount / outputCount)")
    return composed.rows(of: examples)
  }
}

extension NetworkObjective {
  /// The Jacobian of the outputs for all examples at `point`.
  public func jacobian(at point: [S]) -> NetworkJacobian<S> { NetworkJacobian(self, of: examples, at: point) }

  /// The gradients of single examples' losses at `point`, without the penalty: [examples, parameters].
  ///
  /// Their mean over all examples is the gradient of the mean loss. Cost: a forward and a backward pass over the examples
  /// and what writes the rows; with convolutions, and with the exceptions of ``NetworkJacobian/rows(of:)``, the passes of one
  /// example for each.
  public func exampleGradients(at point: [S], examples chosen: Range<Int>? = nil) -> Tensor<S> {
    let chosen = chosen ?? 0..<examples.count
    precondition(
      chosen.lowerBound >= 0 && chosen.upperBound <= examples.count,
      "gradients of examples \(chosen) of \(examples.count)")
    let rows = JacobianRows(self, .losses, of: examples, at: point)
    return rows.rows(of: chosen).reshaped(to: [chosen.count, dimension])
  }

  /// Writes what ``exampleGradients(at:examples:)`` returns over `gradients`, whose memory is used again: new pages cost
  /// more than the numbers.
  public func exampleGradients(at point: [S], examples chosen: Range<Int>, into gradients: inout Tensor<S>) {
    precondition(
      chosen.lowerBound >= 0 && chosen.upperBound <= examples.count
        && gradients.shape == [chosen.count, dimension],
      "gradients of examples \(chosen) of \(examples.count) by \(dimension) parameters into \(gradients.shape)")
    JacobianRows(self, .losses, of: examples, at: point).write(chosen, into: &gradients)
  }
}
