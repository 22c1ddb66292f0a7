import Differentiation
import Tensors

/// What is computed for a chunk of examples at a point. Sums over examples come times the weight, which is 1/n.
///
/// Those that are linear in a direction, the last of their inputs, have plans of two stages: what
/// does not depend on the direction is computed once a point.
package indirect enum ChunkComputation: Hashable {
  /// The losses [count] and outputs [count, outputs].
  case losses
  /// The losses [count] and the gradient of their sum; with units dropped out or not.
  case gradient(dropsOut: Bool)
  /// The moments that the chunk's examples are normalized by.
  case moments
  /// The products with the weights of some blocks, before bias and nonlinearity.
  case products(of: [Int])
  /// The sum of the losses' Hessians times a direction.
  case hessian
  /// The sum of J' H J times a direction, J the Jacobian of an example's outputs, H the Hessian of its loss by them.
  case gaussNewton
  /// The sum of g g' times a direction, g the gradient of an example's loss.
  case empiricalFisher
  /// The mean over draws of the sum of g g' times a direction, g = J' s for scores s [count, outputs] given for each
  /// draw.
  case sampledFisher(draws: Int)
  /// For each factored use of a weight, the sums of a a', of a and of g g' by places: a its rows, times the multiplier of
  /// the weight, g the derivative of an example's score-weighted outputs by its outputs, for scores [count, outputs] that
  /// are given.
  case kroneckerFactors
  /// The Jacobian of the outputs times a direction: [count, outputs]. Without the weight.
  case outputTangents
  /// The transposed Jacobian of the outputs times cotangents [count, outputs]. Without the weight.
  case outputCotangents
  /// The transposed Jacobian of the losses times cotangents [count]. Without the weight.
  case lossCotangents
  /// A matrix's rows and columns of some places, ascending and without overlap, times a direction of so many elements.
  case restricted(ChunkComputation, to: [Range<Int>])

  /// The plan for a chunk of `count` examples. Inputs: parameters, features, labels, weight, scores for each draw,
  /// direction.
  func plan<S: Scalar>(_ function: TracedFunction, count: Int, as type: S.Type = S.self) -> Plan<S> {
    let chunk = TracedChunk(function, count: count, dropsOut: self == .gradient(dropsOut: true))
    switch self {
    case .losses:
      return Plan(outputs: [chunk.losses, chunk.outputs], inputs: chunk.inputs)
    case .gradient:
      let gradient = chunk.graph.gradient(of: chunk.total, withRespectTo: [chunk.parameters])
      return Plan(outputs: [chunk.losses] + gradient, inputs: chunk.inputs)
    case .moments:
      var parts: [(offset: Int, part: Symbol)] = []
      for moment in chunk.pass.moments {
        parts.append((parts.last.map { $0.offset + $0.part.shape.count } ?? 0, moment))
      }
      return Plan(
        outputs: [Symbol.assemble(parts, count: function.network.statisticsCount)], inputs: chunk.inputs)
    case .products(let blocks):
      return Plan(outputs: chunk.products(of: blocks, in: function.network), inputs: chunk.inputs)
    case .kroneckerFactors:
      let scores = chunk.graph.input("scores", shape: chunk.outputs.shape)
      let uses = chunk.factoredUses(in: function.network)
      let cotangents = chunk.graph.vjp(
        of: [(chunk.outputs, scores)], withRespectTo: uses.map(\.output))
      let moments = zip(uses, cotangents).flatMap { use, cotangent in
        let scaled = use.multiplier * use.input
        let cotangent = cotangent.reshaped(to: [cotangent.shape.count / use.outputs, use.outputs])
        return [
          chunk.weight * scaled.matrixProduct(scaled, transpose: true), chunk.weight * scaled.sum(over: [0]),
          1 / Double(use.places) * chunk.weight * cotangent.matrixProduct(cotangent, transpose: true),
        ]
      }
      return Plan(outputs: moments, inputs: chunk.inputs + [scores])
    default:
      var scores: [Symbol] = []
      if case .sampledFisher(let draws) = matrix {
        scores = (0..<draws).map { chunk.graph.input("scores\($0)", shape: chunk.outputs.shape) }
      }
      let direction = chunk.graph.input("direction", shape: directionShape(chunk))
      let product = linearPart(chunk, scores, direction)
      return Plan(outputs: [product], inputs: chunk.inputs + scores + [direction], repeated: [direction])
    }
  }

  /// The matrix of which this is a part, or all.
  private var matrix: ChunkComputation {
    if case .restricted(let whole, _) = self { return whole }
    return self
  }

  private func directionShape(_ chunk: TracedChunk) -> Shape {
    switch self {
    case .outputCotangents: chunk.outputs.shape
    case .lossCotangents: chunk.losses.shape
    case .restricted(_, let ranges): [ranges.reduce(0) { $0 + $1.count }]
    default: chunk.parameters.shape
    }
  }

  private func linearPart(_ chunk: TracedChunk, _ scores: [Symbol], _ direction: Symbol) -> Symbol {
    let graph = chunk.graph
    switch self {
    case .losses, .gradient, .moments, .products, .kroneckerFactors: preconditionFailure("\(self) has no direction")
    case .hessian:
      return graph.hessianVectorProduct(of: chunk.total, withRespectTo: chunk.parameters, along: direction)
    case .gaussNewton:
      let tangents = chunk.tangents(along: direction)
      return chunk.pulledBack(
        graph.hessianVectorProduct(of: chunk.total, withRespectTo: chunk.outputs, along: tangents))
    case .empiricalFisher:
      let score = graph.gradient(of: chunk.losses.sum(), withRespectTo: [chunk.outputs])
      return chunk.pulledBack(secondMoment(score, chunk, direction))
    case .sampledFisher:
      return chunk.pulledBack(secondMoment(scores, chunk, direction))
    case .outputTangents: return chunk.tangents(along: direction)
    case .outputCotangents: return chunk.pulledBack(direction)
    case .lossCotangents:
      return graph.vjp(of: [(chunk.losses, direction)], withRespectTo: [chunk.parameters])[0]
    case .restricted(let whole, let ranges):
      // What is zero of the direction, and what is not asked for of the product, falls out of the graph.
      let starts = ranges.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
      let parts = zip(ranges, starts).map { (offset: $0.lowerBound, part: direction.slice($1, count: $0.count)) }
      let count = chunk.parameters.shape.count
      let product = whole.linearPart(chunk, scores, Symbol.assemble(parts, count: count))
      let wanted = zip(ranges, starts).map { (offset: $1, part: product.slice($0.lowerBound, count: $0.count)) }
      return Symbol.assemble(wanted, count: starts[ranges.count])
    }
  }

  /// weight / draws times the sum over draws of s (s . J v), row by row.
  private func secondMoment(_ scores: [Symbol], _ chunk: TracedChunk, _ direction: Symbol) -> Symbol {
    let tangents = chunk.tangents(along: direction)
    let moments = scores.map { score in
      score * (score * tangents).sum(over: [1]).broadcast(to: score.shape, along: [0])
    }
    return (1 / Double(scores.count) * chunk.weight) * Symbol.sum(of: moments)
  }
}

/// A computation on chunks of a size.
struct ChunkKey: Hashable {
  let computation: ChunkComputation
  let count: Int
}
