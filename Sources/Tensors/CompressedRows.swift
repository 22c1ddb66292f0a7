import CVectors

/// The places of a sparse matrix's nonzeros, row by row, in an order that its products walk fast.
///
/// Rows are cut into tiles of 112 columns, which with a panel of the dense operand fit into the nearest cache.
public final class CompressedRows: Sendable {
  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  private let starts: [Int32]
  private let columns: [Int32]
  private let places: [Int32]

  /// Sorts the nonzeros. `places` says where each one's value stands among the values.
  ///
  /// Cost: O(nonzeros + rows + columns).
  public init(rowCount: Int, columnCount: Int, rows: [Int], columns: [Int], places: [Int]) {
    precondition(
      rows.count == columns.count && rows.count == places.count,
      "\(rows.count) rows, \(columns.count) columns and \(places.count) places of nonzeros")
    precondition(rowCount < 1 << 31 && columnCount < 1 << 31 && rows.count < 1 << 31, "more than 2^31 of something")
    self.rowCount = rowCount
    self.columnCount = columnCount
    let height = Int(LANDSCAPE_TILE)
    let tiles = (columnCount + height - 1) / height
    let lists = rows.indices.map { columns[$0] / height * rowCount + rows[$0] }
    let byColumn = Self.sorted(Array(rows.indices), by: columns, count: columnCount).order
    let (order, starts) = Self.sorted(byColumn, by: lists, count: tiles * rowCount)
    self.starts = starts
    self.columns = order.map { Int32(columns[$0]) }
    self.places = order.map { Int32(places[$0]) }
  }

  /// Indices ordered by their keys, those of equal keys as they stood, and where each key's begin.
  private static func sorted(_ indices: [Int], by keys: [Int], count: Int) -> (order: [Int], starts: [Int32]) {
    var starts = [Int32](repeating: 0, count: count + 1)
    for index in indices { starts[keys[index] + 1] += 1 }
    for key in 1..<max(1, starts.count) { starts[key] += starts[key - 1] }
    var next = starts
    var order = indices
    for index in indices {
      order[Int(next[keys[index]])] = index
      next[keys[index]] += 1
    }
    return (order, starts)
  }

  /// What the C functions take.
  func withLists(_ body: (landscape_lists) -> Void) {
    starts.withUnsafeBufferPointer { starts in
      columns.withUnsafeBufferPointer { columns in
        places.withUnsafeBufferPointer { places in
          body(
            landscape_lists(
              count: Int64(rowCount), others: Int64(columnCount),
              tiles: rowCount == 0 ? 0 : Int64((starts.count - 1) / rowCount), start: starts.baseAddress,
              other: columns.baseAddress, place: places.baseAddress))
        }
      }
    }
  }
}
