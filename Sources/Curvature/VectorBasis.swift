import Tensors

/// Orthonormal vectors stored as rows of one matrix, for matrix-vector products with all of them at once.
///
/// Room for `capacity` vectors is reserved at once, and pages of it that are never written cost no memory.
final class VectorBasis<Element: Scalar> {
  let dimension: Int
  let capacity: Int
  private(set) var count = 0
  private let storage: UnsafeMutablePointer<Element>
  private let coefficients: UnsafeMutablePointer<Element>

  init(dimension: Int, capacity: Int) {
    self.dimension = dimension
    self.capacity = capacity
    storage = .allocate(capacity: max(1, dimension * capacity))
    coefficients = .allocate(capacity: max(1, capacity))
  }

  deinit {
    storage.deallocate()
    coefficients.deallocate()
  }

  /// Adds a vector, taken to be of unit length and orthogonal to the others.
  func append(_ vector: [Element]) {
    precondition(count < capacity && vector.count == dimension, "a basis of \(capacity) vectors is full")
    vector.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { (storage + count * dimension).initialize(from: base, count: dimension) }
    }
    count += 1
  }

  /// Vector number `index`, written over `vector`.
  func copy(_ index: Int, into vector: inout [Element]) {
    vector.withUnsafeMutableBufferPointer {
      $0.baseAddress?.update(from: storage + index * dimension, count: dimension)
    }
  }

  /// Takes the components along all vectors out of `vector`, so that rounding leaves nothing of them behind.
  ///
  /// First along the last two, which in the Lanczos recurrence is all but rounding; then along all; and once more where that
  /// has shortened the vector by more than a factor of sqrt(2) (Daniel, Gragg, Kaufman & Stewart 1976).
  /// Returns the component along the last vector. Cost: 4 `dimension` `count` operations, or 8.
  @discardableResult
  func orthogonalize(_ vector: inout [Element]) -> Double {
    guard count > 0, dimension > 0 else { return 0 }
    var last = 0.0
    vector.withUnsafeMutableBufferPointer { buffer in
      guard let x = buffer.baseAddress else { return }
      for index in stride(from: count - 1, through: max(0, count - 2), by: -1) {
        let component = Element.dot(dimension, storage + index * dimension, x)
        Element.axpy(dimension, -component, storage + index * dimension, x)
        if index == count - 1 { last += Double(component) }
      }
      let before = Element.norm(dimension, x)
      last += takeOut(of: x)
      if Element.norm(dimension, x) < before * Element(0.5).squareRoot() { last += takeOut(of: x) }
    }
    return last
  }

  /// Subtracts the components along all vectors and returns the last.
  private func takeOut(of x: UnsafeMutablePointer<Element>) -> Double {
    Element.matrixVectorProduct(
      transposeA: false, rows: count, columns: dimension, alpha: 1, storage, strideA: dimension, x, beta: 0,
      coefficients)
    Element.matrixVectorProduct(
      transposeA: true, rows: count, columns: dimension, alpha: -1, storage, strideA: dimension, coefficients,
      beta: 1, x)
    return Double(coefficients[count - 1])
  }

  /// The inner products of `vector` with all vectors.
  func components(of vector: [Element]) -> [Double] {
    guard count > 0, dimension > 0 else { return [] }
    Element.matrixVectorProduct(
      transposeA: false, rows: count, columns: dimension, alpha: 1, storage, strideA: dimension, vector, beta: 0,
      coefficients)
    return (0..<count).map { Double(coefficients[$0]) }
  }

  /// The sum of `weights[i]` times vector `first + i`, at unit length.
  func combination(_ weights: ArraySlice<Double>, from first: Int) -> [Element] {
    var sum = [Element](repeating: 0, count: dimension)
    guard !weights.isEmpty, dimension > 0 else { return sum }
    for (position, weight) in weights.enumerated() { coefficients[position] = Element(weight) }
    Element.matrixVectorProduct(
      transposeA: true, rows: weights.count, columns: dimension, alpha: 1, storage + first * dimension,
      strideA: dimension, coefficients, beta: 0, &sum)
    normalize(&sum)
    return sum
  }
}

/// Scales a vector to unit length and returns the length it had; a vector of length 0 or NaN stays as it is.
@discardableResult
func normalize<S: Scalar>(_ vector: inout [S]) -> Double {
  let length = vector.norm
  if length > 0, length.isFinite { rescale(&vector, by: 1 / length) }
  return Double(length)
}

/// A random direction orthogonal to the vectors of a basis; `false` when there is no room left.
@specialized(where S == Float) @specialized(where S == Double)
func fillWithDirection<S: Scalar>(
  _ vector: inout [S], orthogonalTo basis: VectorBasis<S>, using generator: inout RandomGenerator
) -> Bool {
  guard basis.count < basis.dimension else { return false }
  for _ in 0..<10 {
    for index in vector.indices { vector[index] = S(generator.normal()) }
    normalize(&vector)
    basis.orthogonalize(&vector)
    // What is left of a random direction has length sqrt((n - k)/n) or so; far less would be mostly rounding.
    if normalize(&vector) > 1e-3 / Double(basis.dimension).squareRoot() {
      basis.orthogonalize(&vector)
      normalize(&vector)
      return true
    }
  }
  return false
}

/// ||A v - value v||, using `product` as room.
func measuredResidual<A: LinearOperator>(
  _ base: A, _ vector: [A.Element], _ value: Double, _ product: inout [A.Element]
) -> Double {
  base.apply(to: vector, into: &product)
  product.add(-A.Element(value), times: vector)
  return Double(product.norm)
}
