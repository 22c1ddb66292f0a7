/// Lines of small decimal integers with commas between them: greys, then a label.
package struct IntegerTable: Sendable, Equatable {
  /// The columns before the last, row after row.
  package var pixels: [UInt8] = []
  /// The last column.
  package var labels: [UInt8] = []

  /// Reads `rows` lines of `columns` greys 0 ... `greyLimit` and a label 0 ... `labelLimit`. Throws `malformed`.
  package init(
    _ text: [UInt8], rows: Int, columns: Int, greyLimit: UInt8, labelLimit: UInt8, path: String
  ) throws(DatasetError) {
    // No more than a row's share is set aside at once, whatever the caller expects.
    pixels.reserveCapacity(min(rows * columns, text.count))
    var line = text[...].startIndex
    var row = 0
    while line < text.endIndex {
      row += 1
      guard row <= rows else {
        throw .malformed(path: path, row: row, column: 1, reason: "there are more than \(rows) rows")
      }
      let end = text[line...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
      let cells = text[line..<end].split(
        separator: UInt8(ascii: ","), maxSplits: columns + 1, omittingEmptySubsequences: false)
      for (column, cell) in cells.prefix(columns + 1).enumerated() {
        let limit = column < columns ? greyLimit : labelLimit
        guard let value = IntegerTable.number(cell), value <= limit else {
          let found = String(decoding: cell.prefix(40), as: UTF8.self)
          throw .malformed(
            path: path, row: row, column: column + 1, reason: "\"\(found)\" is not an integer from 0 to \(limit)")
        }
        if column < columns { pixels.append(value) } else { labels.append(value) }
      }
      guard cells.count == columns + 1 else {
        throw .malformed(
          path: path, row: row, column: min(cells.count, columns + 1) + 1,
          reason: cells.count > columns + 1
            ? "there are more than \(columns + 1) columns" : "there are \(cells.count) columns, not \(columns + 1)")
      }
      line = end + 1
    }
    guard labels.count == rows else {
      throw .malformed(
        path: path, row: labels.count + 1, column: 1, reason: "there are \(labels.count) rows, not \(rows)")
    }
  }

  /// One to three digits, at most 255.
  private static func number(_ cell: ArraySlice<UInt8>) -> UInt8? {
    guard (1...3).contains(cell.count) else { return nil }
    var value = 0
    for byte in cell {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = 10 * value + Int(byte - 0x30)
    }
    return UInt8(exactly: value)
  }
}
