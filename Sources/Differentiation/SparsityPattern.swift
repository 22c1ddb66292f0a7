import Tensors

/// Where a sparse matrix may differ from zero, and where each of these elements stands in a vector of values.
///
/// The vector may be longer than the pattern: values without a place in the matrix have no influence.
public struct SparsityPattern: Hashable, Sendable {
  /// Rows of the matrix.
  public let rows: Int
  /// Columns of the matrix.
  public let columns: Int
  /// The length of the vector of values.
  public let valueCount: Int
  private let nonzeros: Nonzeros

  /// Creates a pattern from nonzeros: for each its row, its column, and its place among the values.
  ///
  /// No element and no place may appear twice.
  public init(rows: Int, columns: Int, valueCount: Int, _ nonzeros: [(row: Int, column: Int, place: Int)]) {
    for nonzero in nonzeros {
      precondition(
        (0..<rows).contains(nonzero.row) && (0..<columns).contains(nonzero.column)
          && (0..<valueCount).contains(nonzero.place),
        "a nonzero at \(nonzero) of a matrix of \(rows) x \(columns) with \(valueCount) values")
    }
    self.rows = rows
    self.columns = columns
    self.valueCount = valueCount
    self.nonzeros = Nonzeros(
      rows: nonzeros.map(\.row), columns: nonzeros.map(\.column), places: nonzeros.map(\.place), shape: (rows, columns))
  }

  /// The number of nonzeros.
  public var count: Int { nonzeros.places.count }

  /// Walked row by row, or column by column.
  func compressed(transposed: Bool) -> CompressedRows { transposed ? nonzeros.byColumn : nonzeros.byRow }

  /// Whether every value has a place.
  var isFull: Bool { count == valueCount }

  /// The same elements in the same order.
  public static func == (a: SparsityPattern, b: SparsityPattern) -> Bool {
    (a.rows, a.columns, a.valueCount) == (b.rows, b.columns, b.valueCount)
      && (a.nonzeros === b.nonzeros || a.nonzeros.isEqual(to: b.nonzeros))
  }

  /// Hashes the extents.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(rows)
    hasher.combine(columns)
    hasher.combine(count)
  }
}

/// The nonzeros themselves, shared by all copies of a pattern.
private final class Nonzeros: Sendable {
  let rows: [Int]
  let columns: [Int]
  let places: [Int]
  let byRow: CompressedRows
  let byColumn: CompressedRows

  init(rows: [Int], columns: [Int], places: [Int], shape: (Int, Int)) {
    self.rows = rows
    self.columns = columns
    self.places = places
    byRow = CompressedRows(rowCount: shape.0, columnCount: shape.1, rows: rows, columns: columns, places: places)
    byColumn = CompressedRows(rowCount: shape.1, columnCount: shape.0, rows: columns, columns: rows, places: places)
  }

  func isEqual(to other: Nonzeros) -> Bool {
    rows == other.rows && columns == other.columns && places == other.places
  }
}
