import CVectors

/// Row i of `y` = row `rows[i]` of `x`, whose rows have `length` elements. Reads rows ahead, since they may come from
/// anywhere in memory.
public func gatherRows<S: Scalar>(
  _ x: UnsafePointer<S>, length: Int, _ rows: ArraySlice<Int>, _ y: UnsafeMutablePointer<S>
) {
  rows.withUnsafeBufferPointer { rows in
    rows.withMemoryRebound(to: Int64.self) { rows in
      landscape_gather_rows(x, Int64(length * MemoryLayout<S>.stride), rows.baseAddress, Int64(rows.count), y)
    }
  }
}
