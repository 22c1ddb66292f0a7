import Tensors

/// An eigenpair of the projected matrix: its coordinates along the basis, and the norm of the residual.
struct BlockRitzPair {
  let value: Double
  let bound: Double
  let coordinates: [Double]
}

/// A space that grows by a block of vectors at a time, with the matrix projected to it.
struct BlockKrylovProcess<A: LinearOperator> {
  let base: A
  let basis: VectorBasis<A.Element>
  /// The vectors whose products are known.
  private(set) var size = 0
  private(set) var steps = 0
  /// How many directions were drawn because one was used up.
  private(set) var freshDirections = 0
  private(set) var isBroken = false
  private let blockSize: Int
  private var generator: RandomGenerator
  /// Row i of the lower triangle of Q' A Q.
  private var rows: [[Double]] = []
  /// What of the last block's products lies outside of the space, and its inner products.
  private var outside: [[A.Element]] = []
  private var gram: [[Double]] = []

  init(_ base: A, blockSize: Int, capacity: Int, key: Key) {
    self.base = base
    self.blockSize = blockSize
    basis = VectorBasis(dimension: base.dimension, capacity: capacity)
    generator = key.generator()
  }

  /// Whether no vector can be added.
  var isFull: Bool { size == basis.capacity }

  /// Adds a block: what is left of the given vectors, and random directions for the others.
  mutating func extend(by start: [[A.Element]]) {
    add(start, floor: 1e-3, areScaled: true)
    freshDirections = 0
  }

  /// Adds a block: the directions in which the last products left the space.
  mutating func extend() {
    let scale = rows.reduce(0) { max($0, abs($1.last ?? 0)) }
    add(outside, floor: 32 * Double(A.Element.ulpOfOne) * scale, areScaled: false)
  }

  /// Vectors of which less than `floor` is left are replaced.
  private mutating func add(_ vectors: [[A.Element]], floor: Double, areScaled: Bool) {
    for index in 0..<min(blockSize, basis.capacity - basis.count) {
      var vector = index < vectors.count ? vectors[index] : [A.Element](repeating: 0, count: base.dimension)
      if areScaled { normalize(&vector) }
      basis.orthogonalize(&vector)
      if normalize(&vector) > floor {
        basis.orthogonalize(&vector)
        normalize(&vector)
      } else {
        freshDirections += 1
        guard fillWithDirection(&vector, orthogonalTo: basis, using: &generator) else { return }
      }
      basis.append(vector)
    }
  }

  /// Makes the products of the last block.
  mutating func step() {
    steps += 1
    let count = basis.count - size
    let dimension = base.dimension
    var block = Tensor<A.Element>(repeating: 0, shape: [count, dimension])
    var vector = [A.Element](repeating: 0, count: dimension)
    for index in 0..<count {
      basis.copy(size + index, into: &vector)
      block.elements.replaceSubrange(index * dimension..<(index + 1) * dimension, with: vector)
    }
    let products = base(rowsOf: block)
    outside = (0..<count).map { Array(products.elements[$0 * dimension..<($0 + 1) * dimension]) }
    for index in 0..<count {
      let components = basis.components(of: outside[index])
      if !components.allSatisfy(\.isFinite) { isBroken = true }
      rows.append(Array(components.prefix(size + index + 1)))
      basis.orthogonalize(&outside[index])
    }
    size = basis.count
    gram = outside.map { a in outside.map { Double(a.dot($0)) } }
  }

  /// All eigenpairs of the projected matrix, ascending.
  func ritzPairs() -> [BlockRitzPair] {
    var matrix = [Double](repeating: 0, count: size * size)
    for (row, values) in rows.enumerated() {
      for (column, value) in values.enumerated() {
        matrix[row * size + column] = value
        matrix[column * size + row] = value
      }
    }
    guard let values = Double.symmetricEigenvalues(order: size, matrix: &matrix) else { return [] }
    return values.indices.map { index in
      let coordinates = Array(matrix[index * size..<(index + 1) * size])
      let last = Array(coordinates.suffix(gram.count))
      // ||sum of last[i] outside[i]||^2.
      let square = zip(last, gram).reduce(0.0) { $0 + $1.0 * last.dot($1.1) }
      return BlockRitzPair(value: values[index], bound: max(0, square).squareRoot(), coordinates: coordinates)
    }
  }
}
