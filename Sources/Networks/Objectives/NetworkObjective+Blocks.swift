import Differentiation
public import Tensors

// The rows and columns of a matrix that belong to some of the parameters, such as a layer's: P A P', P picking the places.
// Products take and give vectors of these places alone. What such a product does not need is not computed: no tangents
// before the first of the parameters, no cotangents' derivatives before it, no other parameters' gradients.

extension NetworkObjective {
  /// The block of ``hessian(at:)`` of the parameters at `places`, ascending and without overlap.
  public func hessian(at point: [S], of places: [Range<Int>]) -> any LinearOperator<S> {
    block(.hessian, at: point, of: places, penalty: penalty)
  }

  /// The block of ``gaussNewton(at:)`` of the parameters at `places`, ascending and without overlap.
  public func gaussNewton(at point: [S], of places: [Range<Int>]) -> any LinearOperator<S> {
    block(.gaussNewton, at: point, of: places, penalty: penalty)
  }

  /// The block of ``fisher(at:)`` of the parameters at `places`, ascending and without overlap.
  public func fisher(at point: [S], of places: [Range<Int>]) -> any LinearOperator<S> {
    precondition(loss.hasLikelihood, "a Fisher matrix of the loss \(loss), which is no negative log-likelihood")
    return block(.gaussNewton, at: point, of: places, penalty: nil)
  }

  /// The block of ``empiricalFisher(at:)`` of the parameters at `places`, ascending and without overlap.
  public func empiricalFisher(at point: [S], of places: [Range<Int>]) -> any LinearOperator<S> {
    block(.empiricalFisher, at: point, of: places, penalty: nil)
  }

  private func block(
    _ whole: ChunkComputation, at point: [S], of places: [Range<Int>], penalty: L2Penalty?
  ) -> ChunkedOperator<S> {
    var end = 0
    for range in places {
      precondition(
        !range.isEmpty && range.lowerBound >= end && range.upperBound <= dimension,
        "the places \(places) among \(dimension) parameters are empty, overlap, are out of order or lie outside")
      end = range.upperBound
    }
    precondition(!places.isEmpty, "a block of no parameters")
    // Tensor by tensor, so that each falls out of the graph by itself.
    let parts = places.flatMap { range in
      network.layout.blocks.map { $0.range.clamped(to: range) }.filter { !$0.isEmpty }
    }
    return sum(
      .restricted(whole, to: parts), at: point, over: examples, penalty: penalty?.restricted(to: parts),
      dimension: parts.reduce(0) { $0 + $1.count })
  }
}

extension L2Penalty {
  /// The penalty as the vector of the elements at `places` sees it.
  fileprivate func restricted(to places: [Range<Int>]) -> L2Penalty {
    var found: [Range<Int>] = []
    var start = 0
    for place in places {
      for own in ranges.map({ $0.clamped(to: place) }) where !own.isEmpty {
        found.append(own.lowerBound - place.lowerBound + start..<own.upperBound - place.lowerBound + start)
      }
      start += place.count
    }
    return L2Penalty(coefficient, ranges: found)
  }
}
