public import Tensors

/// A quantity on a grid of a plane, computed row by row and restartable after any row.
///
/// Values are ordered [alpha, beta], beta fastest: the number at (alphas[i], betas[j]) is `values[i * betas.count +
/// j]`. What was not computed is NaN.
public struct PlaneGrid: Hashable, Sendable {
  /// The coordinates along the plane's u, one a row.
  public let alphas: [Double]
  /// The coordinates along the plane's v, one a column.
  public let betas: [Double]
  /// The values, [alpha, beta].
  public private(set) var values: [Double]
  /// The number of rows that are computed, from the first.
  public private(set) var completedRows: Int

  /// An empty grid at these coordinates.
  public init(alphas: [Double], betas: [Double]) {
    self.alphas = alphas
    self.betas = betas
    values = [Double](repeating: .nan, count: alphas.count * betas.count)
    completedRows = 0
  }

  /// An empty grid of evenly spaced coordinates, ends included; a single one stands at the middle of its range.
  public init(
    alphas alphaRange: ClosedRange<Double>, count alphaCount: Int, betas betaRange: ClosedRange<Double>,
    count betaCount: Int
  ) {
    self.init(alphas: spaced(alphaRange, alphaCount), betas: spaced(betaRange, betaCount))
  }

  /// A grid whose first rows were computed before, to be gone on with.
  public init(alphas: [Double], betas: [Double], values: [Double], completedRows: Int) {
    precondition(
      values.count == alphas.count * betas.count && (0...alphas.count).contains(completedRows),
      "\(values.count) values and \(completedRows) rows of a grid of \(alphas.count) by \(betas.count)")
    self.alphas = alphas
    self.betas = betas
    self.values = values
    self.completedRows = completedRows
  }

  /// The value at (alphas[i], betas[j]).
  public subscript(i: Int, j: Int) -> Double {
    precondition(
      alphas.indices.contains(i) && betas.indices.contains(j),
      "position (\(i), \(j)) of a grid of \(alphas.count) by \(betas.count)")
    return values[i * betas.count + j]
  }

  /// Whether every row is computed.
  public var isComplete: Bool { completedRows == alphas.count }

  /// Computes the rows that are missing. Cost: one value a grid point.
  public mutating func compute<Element: Scalar>(
    on plane: Plane<Element>, of quantity: ([Element]) throws -> Double
  ) rethrows {
    try compute(on: plane, of: quantity) { _ in true }
  }

  /// Computes the rows that are missing; `rowFinished` is told of each, for progress and for keeping it, and may stop
  /// the work by returning `false` or throwing.
  ///
  /// A row counts once it is whole: when the quantity throws, the row begun is left as it was.
  /// Cost: one value a grid point.
  public mutating func compute<Element: Scalar>(
    on plane: Plane<Element>, of quantity: ([Element]) throws -> Double,
    rowFinished: (PlaneGrid) throws -> Bool
  ) rethrows {
    var point = plane.origin
    while completedRows < alphas.count {
      let row = try betas.map { beta in
        plane.point(alpha: alphas[completedRows], beta: beta, into: &point)
        return try quantity(point)
      }
      let start = completedRows * betas.count
      values.replaceSubrange(start..<start + betas.count, with: row)
      completedRows += 1
      if try !rowFinished(self) { return }
    }
  }
}

private func spaced(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
  precondition(count > 0, "an axis has at least one coordinate, not \(count)")
  if count == 1 { return [(range.lowerBound + range.upperBound) / 2] }
  return (0..<count).map { index in
    let share = Double(index) / Double(count - 1)
    return (1 - share) * range.lowerBound + share * range.upperBound
  }
}
