/// Several quantities at each cell of a grid of any shape, computed cell by cell and restartable after any of them.
///
/// NaN means not computed. The first quantity says whether a cell is: where it comes out as NaN, the cell stays among those
/// that are missing, and is tried once more by whoever goes on with the grid.
public struct GridValues: Hashable, Sendable {
  /// The number of cells.
  public let cellCount: Int
  /// The values of each quantity, one a cell.
  public private(set) var fields: [[Double]]

  /// An empty grid of so many cells and quantities.
  public init(cells: Int, quantities: Int) {
    precondition(cells >= 0 && quantities > 0, "a grid of \(cells) cells with \(quantities) quantities")
    cellCount = cells
    fields = [[Double]](repeating: [Double](repeating: .nan, count: cells), count: quantities)
  }

  /// A grid of which some cells were computed before, to be gone on with.
  public init(fields: [[Double]]) {
    precondition(
      !fields.isEmpty && fields.allSatisfy { $0.count == fields[0].count },
      "quantities at \(fields.map(\.count)) cells of one grid")
    cellCount = fields[0].count
    self.fields = fields
  }

  /// The cells that are not computed, ascending.
  public var missing: [Int] { (0..<cellCount).filter { fields[0][$0].isNaN } }

  /// Computes the cells that are missing, in their order.
  ///
  /// When `quantities` throws, the cells before are kept. Cost: one call a missing cell.
  public mutating func compute(_ quantities: (Int) throws -> [Double]) rethrows {
    try compute(quantities) { _, _ in true }
  }

  /// Computes the cells that are missing, in their order; `cellFinished` is told of each with the values so far, for
  /// progress and for keeping them, and may stop the work by returning `false` or throwing.
  public mutating func compute(
    _ quantities: (Int) throws -> [Double], cellFinished: (Int, GridValues) throws -> Bool
  ) rethrows {
    for cell in missing {
      let values = try quantities(cell)
      precondition(values.count == fields.count, "\(values.count) values for \(fields.count) quantities")
      for (field, value) in zip(fields.indices, values) { fields[field][cell] = value }
      if try !cellFinished(cell, self) { return }
    }
  }
}
