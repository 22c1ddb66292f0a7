import Tensors

/// One run of the Lanczos recurrence between two fresh starts: T = V' A V for consecutive vectors of the basis.
struct KrylovBlock {
  /// The position of its first vector in the basis.
  let start: Int
  /// The diagonal of T.
  var diagonal: [Double] = []
  /// T's elements beside the diagonal; after the last step, one more: the norm of what was left.
  var beside: [Double] = []
  /// Whether what was left is nothing, so that the block spans an invariant subspace.
  var isInvariant = false

  /// The Ritz values of the block, ascending, with their residual bounds |beta s_last| and their coordinates.
  func ritzPairs() -> [RitzPair] {
    let order = diagonal.count
    guard let own = TridiagonalEigendecomposition(diagonal: diagonal, offDiagonal: Array(beside.prefix(order - 1)))
    else { return [] }
    let remainder = beside[order - 1]
    return own.values.indices.map { index in
      let coordinates = own.vectors[index * order..<(index + 1) * order]
      return RitzPair(
        value: own.values[index], bound: abs(remainder * (coordinates.last ?? 0)), coordinates: coordinates,
        start: start)
    }
  }
}

/// An eigenpair of one block's T.
struct RitzPair {
  let value: Double
  let bound: Double
  let coordinates: ArraySlice<Double>
  let start: Int
}

/// The Lanczos recurrence with full reorthogonalization, one step at a time.
struct KrylovProcess<A: LinearOperator> {
  let base: A
  let basis: VectorBasis<A.Element>
  private(set) var block: KrylovBlock
  /// The largest |alpha| and beta so far, a lower bound of the operator's norm.
  private(set) var scale = 0.0
  private var vector: [A.Element]
  private var product: [A.Element]

  /// Starts from a unit vector.
  init(_ base: A, start: [A.Element], capacity: Int) {
    self.base = base
    basis = VectorBasis(dimension: base.dimension, capacity: capacity)
    block = KrylovBlock(start: 0)
    vector = start
    product = start
  }

  /// One product: extends the block by a vector. Must not be called once the block is invariant.
  mutating func step() {
    basis.append(vector)
    base.apply(to: vector, into: &product)
    // The last component is alpha; the recurrence's other term is among those taken out.
    let alpha = basis.orthogonalize(&product)
    let beta = normalize(&product)
    // Where the space closes, rounding from before comes back divided by the betas on the way: allow for it.
    let precision = Double(A.Element.ulpOfOne)
    let closing = max(64 * precision, precision.squareRoot() * precision.squareRoot().squareRoot())
    block.diagonal.append(alpha)
    block.beside.append(beta)
    scale = max(scale, abs(alpha), beta)
    block.isInvariant =
      beta <= closing * scale || basis.count == basis.dimension
    swap(&vector, &product)
  }

  /// Begins a new block in a direction orthogonal to everything so far; `false` when there is none.
  mutating func restart(using generator: inout RandomGenerator) -> Bool {
    block = KrylovBlock(start: basis.count)
    return fillWithDirection(&vector, orthogonalTo: basis, using: &generator)
  }

  /// Whether the operator answered with a NaN or an infinity.
  var isBroken: Bool { !(block.diagonal.last ?? 0).isFinite || !(block.beside.last ?? 0).isFinite }
}
