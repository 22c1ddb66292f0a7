import CVectors

/// Float32 products on one thread of a processor with 512-bit vectors, by kernels of our own.
///
/// They are as fast as the libraries' (Benchmarks/NOTES.md has the figures by shape), faster where the result is narrow,
/// and take no memory at a call, which oneDNN does.
enum WideProduct {
  private static let isPossible = landscape_multiplies() != 0

  /// Where all three extents are beyond 1,024, oneDNN's blocking for the caches is better.
  @inline(__always)
  static func isFaster(rows: Int, columns: Int, inner: Int, alpha: Float, beta: Float) -> Bool {
    isPossible && min(rows, columns) >= 4 && min(rows, columns, inner) <= 1024 && alpha == 1 && (beta == 0 || beta == 1)
      && BLASThreads.count == 1
  }

  /// C = op(A) op(B) + beta C, beta being 0 or 1.
  @inline(__always)
  static func compute(
    transposeA: Bool, transposeB: Bool, rows: Int, columns: Int, inner: Int,
    _ a: UnsafePointer<Float>, strideA: Int, _ b: UnsafePointer<Float>, strideB: Int, beta: Float,
    _ c: UnsafeMutablePointer<Float>, strideC: Int
  ) {
    landscape_product(
      transposeA ? 1 : 0, transposeB ? 1 : 0, rows, columns, inner, a, strideA, b, strideB, c, strideC,
      beta == 0 ? 0 : 1)
  }
}
