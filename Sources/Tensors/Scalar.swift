/// The number types that everything here is generic over: `Float` for work, `Double` for proof.
///
/// The requirements are the linear algebra that differs between the two; they are called through pointers because their
/// callers own planned buffers.
public protocol Scalar: BinaryFloatingPoint, SIMDScalar, ElementaryFunctions, Codable, Sendable
where RawSignificand: FixedWidthInteger, Stride == Self {
  /// "float32" or "float64", as files and messages name the type.
  static var typeName: String { get }

  /// C = alpha op(A) op(B) + beta C for row-major matrices, op(A) being `rows` x `inner` and op(B) `inner` x `columns`.
  ///
  /// `strideA`, `strideB`, `strideC` are the distances between stored rows. Cost: 2 rows columns inner operations.
  static func matrixProduct(
    transposeA: Bool, transposeB: Bool, rows: Int, columns: Int, inner: Int, alpha: Self,
    _ a: UnsafePointer<Self>, strideA: Int, _ b: UnsafePointer<Self>, strideB: Int, beta: Self,
    _ c: UnsafeMutablePointer<Self>, strideC: Int)

  /// y = alpha op(A) x + beta y for a row-major `rows` x `columns` matrix A.
  static func matrixVectorProduct(
    transposeA: Bool, rows: Int, columns: Int, alpha: Self, _ a: UnsafePointer<Self>, strideA: Int,
    _ x: UnsafePointer<Self>, beta: Self, _ y: UnsafeMutablePointer<Self>)

  /// The inner product of two vectors of `count` elements.
  static func dot(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Self

  /// y = y + alpha x.
  static func axpy(_ count: Int, _ alpha: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)

  /// The Euclidean norm, without overflow in the squares.
  static func norm(_ count: Int, _ x: UnsafePointer<Self>) -> Self

  /// y = x' for a row-major `rows` x `columns` matrix x.
  static func transpose(rows: Int, columns: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)

  /// Y = X S' for a sparse matrix S with these nonzeros, X of [examples, columns], Y of [examples, rows].
  ///
  /// Cost: 2 operations an example and nonzero.
  static func sparseProduct(
    _ matrix: CompressedRows, _ values: UnsafePointer<Self>, _ x: UnsafePointer<Self>, examples: Int,
    _ y: UnsafeMutablePointer<Self>)

  /// The elements of A' B at a sparse matrix's nonzeros, A of [examples, rows], B of [examples, columns]; other values are
  /// left alone. Cost: 2 operations an example and nonzero.
  static func sampledProduct(
    _ matrix: CompressedRows, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, examples: Int,
    _ values: UnsafeMutablePointer<Self>)

  /// y = the elements of x in a subset, one after the other; x has `subset.count` elements, y `subset.total`.
  static func collect(_ subset: Subset, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)

  /// y = the elements of x in the places of a subset, zero elsewhere; x has `subset.total` elements, y `subset.count`.
  static func spread(_ subset: Subset, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)

  /// The eigenvalues of a symmetric matrix in ascending order; on return the rows of `matrix` are the eigenvectors.
  ///
  /// `matrix` holds `order` squared elements. Returns `nil` when LAPACK reports no convergence. Cost: O(order^3).
  static func symmetricEigenvalues(order: Int, matrix: inout [Self]) -> [Self]?
}

extension Array where Element: Scalar {
  /// The inner product with a vector of the same length.
  @inlinable
  public func dot(_ other: [Element]) -> Element {
    precondition(count == other.count, "inner product of vectors of lengths \(count) and \(other.count)")
    return withUnsafeBufferPointer { x in
      other.withUnsafeBufferPointer { y in
        count == 0 ? 0 : Element.dot(count, x.baseAddress!, y.baseAddress!)
      }
    }
  }

  /// The Euclidean norm.
  @inlinable
  public var norm: Element {
    withUnsafeBufferPointer { x in x.isEmpty ? 0 : Element.norm(x.count, x.baseAddress!) }
  }

  /// Adds `alpha` times a vector of the same length.
  @inlinable
  public mutating func add(_ alpha: Element, times other: [Element]) {
    precondition(count == other.count, "sum of vectors of lengths \(count) and \(other.count)")
    let length = count
    withUnsafeMutableBufferPointer { y in
      other.withUnsafeBufferPointer { x in
        if length > 0 { Element.axpy(length, alpha, x.baseAddress!, y.baseAddress!) }
      }
    }
  }

  /// Multiplies every element by `alpha`.
  @inlinable
  public mutating func scale(by alpha: Element) {
    for index in indices { self[index] *= alpha }
  }
}
