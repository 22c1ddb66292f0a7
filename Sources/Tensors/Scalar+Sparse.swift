import CVectors

extension Float {
  /// y = x'.
  public static func transpose(
    rows: Int, columns: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) { landscape_transpose_float(Int64(rows), Int64(columns), x, y) }

  /// Y = X S'.
  public static func sparseProduct(
    _ matrix: CompressedRows, _ values: UnsafePointer<Float>, _ x: UnsafePointer<Float>, examples: Int,
    _ y: UnsafeMutablePointer<Float>
  ) { matrix.withLists { landscape_sparse_product_float($0, values, x, Int64(examples), y) } }

  /// A' B at the nonzeros.
  public static func sampledProduct(
    _ matrix: CompressedRows, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, examples: Int,
    _ values: UnsafeMutablePointer<Float>
  ) { matrix.withLists { landscape_sampled_product_float($0, a, b, Int64(examples), values) } }
}

extension Double {
  /// y = x'.
  public static func transpose(
    rows: Int, columns: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) { landscape_transpose_double(Int64(rows), Int64(columns), x, y) }

  /// Y = X S'.
  public static func sparseProduct(
    _ matrix: CompressedRows, _ values: UnsafePointer<Double>, _ x: UnsafePointer<Double>, examples: Int,
    _ y: UnsafeMutablePointer<Double>
  ) { matrix.withLists { landscape_sparse_product_double($0, values, x, Int64(examples), y) } }

  /// A' B at the nonzeros.
  public static func sampledProduct(
    _ matrix: CompressedRows, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, examples: Int,
    _ values: UnsafeMutablePointer<Double>
  ) { matrix.withLists { landscape_sampled_product_double($0, a, b, Int64(examples), values) } }
}
