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
  private let makeRows: () -> ChunkedPlan<S>
  private lazy var tangents = makeTangents()
  private lazy var cotangents = makeCotangents()
  private lazy var single = makeRows()
  private var partial: [S]

  init(_ objective: NetworkObjective<S>, of examples: Examples<S>, at point: [S]) {
    objective.check(point)
    outputCount = objective.network.outputShape.count
    rowCount = examples.count * outputCount
    columnCount = objective.dimension
    let share = objective.memoryBudget / 2
    makeTangents = { objective.chunkedPlan(.outputTangents, at: point, over: examples, memoryBudget: share) }
    makeCotangents = { objective.chunkedPlan(.outputCotangents, at: point, over: examples, memoryBudget: share) }
    makeRows = {
      objective.chunkedPlan(
        .outputCotangents, at: point, over: examples, chunkSize: objective.rowChunkSize, memoryBudget: 0)
    }
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

  /// The rows of some examples, [examples, outputs, parameters]. Cost: one backward pass of one example for each row.
  public func rows(of examples: Range<Int>) -> Tensor<S> {
    precondition(
      examples.lowerBound >= 0 && examples.upperBound * outputCount <= rowCount,
      "the Jacobian's rows of examples \(examples) of \(rowCount / outputCount)")
    let (width, columns) = (outputCount, columnCount)
    var rows = Tensor<S>(repeating: 0, shape: [examples.count, width, columns])
    single.writeRows(of: examples, width: width, length: columns, into: &rows.elements)
    return rows
  }
}

extension NetworkObjective {
  /// The Jacobian of the outputs for all examples at `point`.
  public func jacobian(at point: [S]) -> NetworkJacobian<S> { NetworkJacobian(self, of: examples, at: point) }

  /// The gradients of single examples' losses at `point`, without the penalty: [examples, parameters].
  ///
  /// Their mean over all examples is the gradient of the mean loss. Cost: one gradient of one example for each row.
  public func exampleGradients(at point: [S], examples chosen: Range<Int>? = nil) -> Tensor<S> {
    let chosen = chosen ?? 0..<examples.count
    precondition(
      chosen.lowerBound >= 0 && chosen.upperBound <= examples.count,
      "gradients of examples \(chosen) of \(examples.count)")
    let plan = chunkedPlan(.lossCotangents, at: point, over: examples, chunkSize: rowChunkSize, memoryBudget: 0)
    var gradients = Tensor<S>(repeating: 0, shape: [chosen.count, dimension])
    plan.writeRows(of: chosen, width: 1, length: dimension, into: &gradients.elements)
    return gradients
  }

  /// Examples that a single example's derivatives are computed among: itself, or its batch.
  var rowChunkSize: Int? { couplesExamples ? nil : 1 }
}

extension ChunkedPlan {
  /// The result, of `length` elements, for each unit cotangent of some examples, which have `width` cotangents each.
  fileprivate func writeRows(of chosen: Range<Int>, width: Int, length: Int, into rows: inout [S]) {
    var unit = [S](repeating: 0, count: (chunks.map(\.count).max() ?? 0) * width)
    rows.withUnsafeMutableBufferPointer { rows in
      unit.withUnsafeMutableBufferPointer { unit in
        for (number, chunk) in chunks.enumerated() where chunk.overlaps(chosen) {
          let workspace = prepared(number)
          workspace.bind(input: directionInput, to: unit.baseAddress!)
          for place in 0..<chunk.clamped(to: chosen).count * width {
            let example = max(chunk.lowerBound, chosen.lowerBound)
            let cotangent = (example - chunk.lowerBound) * width + place
            unit[cotangent] = 1
            workspace.bind(
              output: 0, to: rows.baseAddress! + ((example - chosen.lowerBound) * width + place) * length)
            workspace.run()
            unit[cotangent] = 0
          }
        }
      }
    }
  }
}
