import CVectors

/// The places of a sparse matrix's nonzeros, row by row and by pairs of neighbouring rows, in an order that its products
/// walk fast.
///
/// Rows are cut into tiles of 112 columns, which with a panel of the dense operand fit into the nearest cache. The columns
/// that both rows of a pair have are listed apart, so that a product reads their examples once for the two.
public final class CompressedRows: @unchecked Sendable {
  // Unchecked since it owns memory, which nothing writes to after it is made.
  private let lists: landscape_sparse

  /// Sorts the nonzeros. `places` says where each one's value stands among the values.
  ///
  /// Cost: O(nonzeros + rows + columns).
  public init(rowCount: Int, columnCount: Int, rows: [Int], columns: [Int], places: [Int]) {
    precondition(
      rows.count == columns.count && rows.count == places.count,
      "\(rows.count) rows, \(columns.count) columns and \(places.count) places of nonzeros")
    precondition(rowCount < 1 << 31 && columnCount < 1 << 31 && rows.count < 1 << 31, "more than 2^31 of something")
    let width = Int(LANDSCAPE_TILE)
    let (tiles, pairs) = ((columnCount + width - 1) / width, (rowCount + 1) / 2)
    // Column by column, and within each row by row, so that the rows of a pair are neighbours.
    let inColumns = ordered(
      ordered(Array(rows.indices), by: rows, count: rowCount).order, by: columns, count: columnCount
    ).order
    let byRow = ordered(
      inColumns, by: rows.indices.map { columns[$0] / width * rowCount + rows[$0] }, count: tiles * rowCount)

    var seconds = [Int?](repeating: nil, count: rows.count)
    var isSecond = [Bool](repeating: false, count: rows.count)
    for (index, next) in zip(inColumns, inColumns.dropFirst())
    where columns[index] == columns[next] && rows[index] / 2 == rows[next] / 2 {
      seconds[index] = next
      isSecond[next] = true
    }
    let byPair = ordered(
      inColumns.filter { !isSecond[$0] },
      by: rows.indices.map { index in
        3 * (columns[index] / width * pairs + rows[index] / 2) + (seconds[index] == nil ? 1 + rows[index] % 2 : 0)
      }, count: 3 * tiles * pairs)

    func offsets(_ order: [Int]) -> [UInt16] {
      order.map { UInt16(columns[$0] % width * Int(LANDSCAPE_COLUMN_BYTES)) }
    }
    func followsItsNeighbour(_ list: Int) -> Bool {
      let range = Int(byRow.starts[list])..<Int(byRow.starts[list + 1])
      return range.dropFirst().allSatisfy { places[byRow.order[$0]] == places[byRow.order[$0 - 1]] + 1 }
    }
    lists = landscape_sparse(
      rows: Int64(rowCount), columns: Int64(columnCount), tiles: Int64(tiles), start: kept(byRow.starts),
      column: kept(offsets(byRow.order)), place: kept(byRow.order.map { Int32(places[$0]) }),
      is_consecutive: (0..<tiles * rowCount).allSatisfy(followsItsNeighbour) ? 1 : 0, pairs: Int64(pairs),
      pair_start: kept(byPair.starts), pair_column: kept(offsets(byPair.order)),
      pair_place: kept(byPair.order.map { Int32(places[$0]) }),
      second_place: kept(byPair.order.map { index in seconds[index].map { Int32(places[$0]) } ?? 0 }))
  }

  deinit {
    lists.start.deallocate()
    lists.column.deallocate()
    lists.place.deallocate()
    lists.pair_start.deallocate()
    lists.pair_column.deallocate()
    lists.pair_place.deallocate()
    lists.second_place.deallocate()
  }

  /// What the C functions take.
  func withLists(_ body: (UnsafePointer<landscape_sparse>) -> Void) {
    withExtendedLifetime(self) { withUnsafePointer(to: lists, body) }
  }
}

/// Indices ordered by their keys, those of equal keys as they stood, and where each key's begin.
private func ordered(_ indices: [Int], by keys: [Int], count: Int) -> (order: [Int], starts: [Int32]) {
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

/// The elements in memory of their own.
private func kept<T>(_ elements: [T]) -> UnsafePointer<T> {
  let memory = UnsafeMutableBufferPointer<T>.allocate(capacity: max(1, elements.count))
  _ = memory.initialize(from: elements)
  return UnsafePointer(memory.baseAddress!)
}
