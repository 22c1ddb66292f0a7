import COpenBLAS

/// The number of threads that linear algebra and convolutions may use; one unless a run asks for more.
public enum BLASThreads {
  /// Sets the number for the whole process.
  public static func set(_ count: Int) { openblas_set_num_threads(Int32(count)) }
  /// The number in force.
  public static var count: Int { Int(openblas_get_num_threads()) }
}

/// What the linear algebra library says of itself, for provenance.
public enum BLASLibrary {
  /// Its name, version and build options.
  public static var configuration: String { String(cString: openblas_get_config()) }
  /// The processor family its kernels were chosen for.
  public static var coreType: String { String(cString: openblas_get_corename()) }
}

@inline(__always)
private func operation(_ transpose: Bool) -> CBLAS_TRANSPOSE { transpose ? CblasTrans : CblasNoTrans }

extension Float: Scalar {
  /// "float32".
  public static var typeName: String { "float32" }

  /// C = alpha op(A) op(B) + beta C.
  public static func matrixProduct(
    transposeA: Bool, transposeB: Bool, rows: Int, columns: Int, inner: Int, alpha: Float,
    _ a: UnsafePointer<Float>, strideA: Int, _ b: UnsafePointer<Float>, strideB: Int, beta: Float,
    _ c: UnsafeMutablePointer<Float>, strideC: Int
  ) {
    if WideProduct.isFaster(rows: rows, columns: columns, inner: inner, alpha: alpha, beta: beta) {
      return WideProduct.compute(
        transposeA: transposeA, transposeB: transposeB, rows: rows, columns: columns, inner: inner,
        a, strideA: strideA, b, strideB: strideB, beta: beta, c, strideC: strideC)
    }
    if LargeProduct.isFaster(rows: rows, columns: columns, inner: inner) {
      return LargeProduct.compute(
        transposeA: transposeA, transposeB: transposeB, rows: rows, columns: columns, inner: inner, alpha: alpha,
        a, strideA: strideA, b, strideB: strideB, beta: beta, c, strideC: strideC)
    }
    cblas_sgemm(
      CblasRowMajor, operation(transposeA), operation(transposeB), blasint(rows), blasint(columns), blasint(inner),
      alpha, a, blasint(strideA), b, blasint(strideB), beta, c, blasint(strideC))
  }

  /// y = alpha op(A) x + beta y.
  public static func matrixVectorProduct(
    transposeA: Bool, rows: Int, columns: Int, alpha: Float, _ a: UnsafePointer<Float>, strideA: Int,
    _ x: UnsafePointer<Float>, beta: Float, _ y: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemv(
      CblasRowMajor, operation(transposeA), blasint(rows), blasint(columns), alpha, a, blasint(strideA), x, 1, beta, y,
      1)
  }

  /// The inner product.
  public static func dot(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) -> Float {
    cblas_sdot(blasint(count), x, 1, y, 1)
  }

  /// y = y + alpha x.
  public static func axpy(_ count: Int, _ alpha: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    cblas_saxpy(blasint(count), alpha, x, 1, y, 1)
  }

  /// The Euclidean norm.
  public static func norm(_ count: Int, _ x: UnsafePointer<Float>) -> Float { cblas_snrm2(blasint(count), x, 1) }

  /// Eigenvalues, ascending; the rows of `matrix` become the eigenvectors.
  public static func symmetricEigenvalues(order: Int, matrix: inout [Float]) -> [Float]? {
    eigenvalues(order: order, matrix: &matrix, ssyevd_)
  }
}

extension Double: Scalar {
  /// "float64".
  public static var typeName: String { "float64" }

  /// C = alpha op(A) op(B) + beta C.
  public static func matrixProduct(
    transposeA: Bool, transposeB: Bool, rows: Int, columns: Int, inner: Int, alpha: Double,
    _ a: UnsafePointer<Double>, strideA: Int, _ b: UnsafePointer<Double>, strideB: Int, beta: Double,
    _ c: UnsafeMutablePointer<Double>, strideC: Int
  ) {
    cblas_dgemm(
      CblasRowMajor, operation(transposeA), operation(transposeB), blasint(rows), blasint(columns), blasint(inner),
      alpha, a, blasint(strideA), b, blasint(strideB), beta, c, blasint(strideC))
  }

  /// y = alpha op(A) x + beta y.
  public static func matrixVectorProduct(
    transposeA: Bool, rows: Int, columns: Int, alpha: Double, _ a: UnsafePointer<Double>, strideA: Int,
    _ x: UnsafePointer<Double>, beta: Double, _ y: UnsafeMutablePointer<Double>
  ) {
    cblas_dgemv(
      CblasRowMajor, operation(transposeA), blasint(rows), blasint(columns), alpha, a, blasint(strideA), x, 1, beta, y,
      1)
  }

  /// The inner product.
  public static func dot(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) -> Double {
    cblas_ddot(blasint(count), x, 1, y, 1)
  }

  /// y = y + alpha x.
  public static func axpy(
    _ count: Int, _ alpha: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    cblas_daxpy(blasint(count), alpha, x, 1, y, 1)
  }

  /// The Euclidean norm.
  public static func norm(_ count: Int, _ x: UnsafePointer<Double>) -> Double { cblas_dnrm2(blasint(count), x, 1) }

  /// Eigenvalues, ascending; the rows of `matrix` become the eigenvectors.
  public static func symmetricEigenvalues(order: Int, matrix: inout [Double]) -> [Double]? {
    eigenvalues(order: order, matrix: &matrix, dsyevd_)
  }
}

private typealias SymmetricEigensolver<S> = (
  UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<Int32>, UnsafeMutablePointer<S>, UnsafePointer<Int32>,
  UnsafeMutablePointer<S>, UnsafeMutablePointer<S>, UnsafePointer<Int32>, UnsafeMutablePointer<Int32>,
  UnsafePointer<Int32>, UnsafeMutablePointer<Int32>
) -> Void

/// LAPACK's divide-and-conquer solver. It works on columns; the columns of its result are our rows.
private func eigenvalues<S: Scalar>(
  order: Int, matrix: inout [S], _ solve: SymmetricEigensolver<S>
) -> [S]? {
  precondition(matrix.count == order * order, "\(matrix.count) elements are not a square matrix of order \(order)")
  if order == 0 { return [] }
  var size = Int32(order)
  var values = [S](repeating: 0, count: order)
  var status: Int32 = 0
  var workSize = Int32(1 + 6 * order + 2 * order * order)
  var integerWorkSize = Int32(3 + 5 * order)
  var work = [S](repeating: 0, count: Int(workSize))
  var integerWork = [Int32](repeating: 0, count: Int(integerWorkSize))
  var vectors = CChar(UInt8(ascii: "V"))
  var triangle = CChar(UInt8(ascii: "U"))
  var leading = size
  solve(
    &vectors, &triangle, &size, &matrix, &leading, &values, &work, &workSize, &integerWork, &integerWorkSize, &status)
  return status == 0 ? values : nil
}

/// The eigendecomposition of a symmetric tridiagonal matrix in Float64.
public struct TridiagonalEigendecomposition: Sendable {
  /// The eigenvalues in ascending order.
  public let values: [Double]
  /// Eigenvector i in elements i n ..< (i + 1) n.
  public let vectors: [Double]

  /// Decomposes the matrix with `diagonal` (n elements) and `offDiagonal` (n - 1 elements).
  ///
  /// Returns `nil` when LAPACK reports no convergence. Cost: O(n^3) at worst.
  public init?(diagonal: [Double], offDiagonal: [Double]) {
    let order = diagonal.count
    precondition(
      offDiagonal.count == max(0, order - 1),
      "a tridiagonal matrix of order \(order) has \(max(0, order - 1)) "
        + "elements beside its diagonal, not \(offDiagonal.count)")
    guard order > 0 else {
      values = []
      vectors = []
      return
    }
    var size = Int32(order)
    var d = diagonal
    var e = offDiagonal + [0]
    var z = [Double](repeating: 0, count: order * order)
    var workSize = Int32(1 + 4 * order + order * order)
    var integerWorkSize = Int32(3 + 5 * order)
    var work = [Double](repeating: 0, count: Int(workSize))
    var integerWork = [Int32](repeating: 0, count: Int(integerWorkSize))
    var status: Int32 = 0
    var vectorsWanted = CChar(UInt8(ascii: "V"))
    var leading = size
    dstevd_(&vectorsWanted, &size, &d, &e, &z, &leading, &work, &workSize, &integerWork, &integerWorkSize, &status)
    guard status == 0 else { return nil }
    values = d
    vectors = z
  }
}
