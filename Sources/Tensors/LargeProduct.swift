import COneDNN

/// Large Float32 products through oneDNN, which on x86-64 forms them faster than OpenBLAS does.
///
/// Benchmarks/NOTES.md has the figures by shape. The library takes memory for packed operands at each call, which takes some
/// tenths of a microsecond beside the hundred or more of the smallest product that comes here.
enum LargeProduct {
  /// From 2^22 multiplications on, if the result has at least 64 columns and 16 rows.
  @inline(__always)
  static func isFaster(rows: Int, columns: Int, inner: Int) -> Bool {
    #if arch(x86_64)
      columns >= 64 && rows >= 16 && rows * columns * inner >= 1 << 22
    #else
      false
    #endif
  }

  /// OpenMP keeps its number of threads for each calling thread, so it is set at every call.
  private static let setThreads = landscape_find_thread_setter()

  /// C = alpha op(A) op(B) + beta C.
  static func compute(
    transposeA: Bool, transposeB: Bool, rows: Int, columns: Int, inner: Int, alpha: Float,
    _ a: UnsafePointer<Float>, strideA: Int, _ b: UnsafePointer<Float>, strideB: Int, beta: Float,
    _ c: UnsafeMutablePointer<Float>, strideC: Int
  ) {
    setThreads?(Int32(BLASThreads.count))
    let status = dnnl_sgemm(
      letter(transposeA), letter(transposeB), dnnl_dim_t(rows), dnnl_dim_t(columns), dnnl_dim_t(inner), alpha, a,
      dnnl_dim_t(strideA), b, dnnl_dim_t(strideB), beta, c, dnnl_dim_t(strideC))
    precondition(
      status == dnnl_success, "oneDNN can't multiply: \(String(cString: landscape_onednn_text(Int32(status.rawValue))))"
    )
  }

  private static func letter(_ transpose: Bool) -> CChar { CChar(UInt8(ascii: transpose ? "T" : "N")) }
}
