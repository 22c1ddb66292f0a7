public import Tensors

/// A quantity on a grid of a plane, computed cell by cell and restartable after any of them.
///
/// Values are ordered [alpha, beta], beta fastest: the number at (alphas[i], betas[j]) is `values[i * betas.count +
/// j]`. NaN means not computed, as in ``GridValues``.
public struct PlaneGrid: Hashable, Sendable {
  /// The coordinates along the plane's u, one a row.
  public let alphas: [Double]
  /// The coordinates along the plane's v, one a column.
  public let betas: [Double]
  private var grid: GridValues

  /// An empty grid at these coordinates.
  public init(alphas: [Double], betas: [Double]) {
    self.alphas = alphas
    self.betas = betas
    grid = GridValues(cells: alphas.count * betas.count, quantities: 1)
  }

  /// An empty grid of evenly spaced coordinates, ends included; a single one stands at the middle of its range.
  public init(
    alphas alphaRange: ClosedRange<Double>, count alphaCount: Int, betas betaRange: ClosedRange<Double>,
    count betaCount: Int
  ) {
    self.init(alphas: evenlySpaced(alphaRange, count: alphaCount), betas: evenlySpaced(betaRange, count: betaCount))
  }

  /// A grid of which some cells were computed before, to be gone on with.
  public init(alphas: [Double], betas: [Double], values: [Double]) {
    precondition(
      values.count == alphas.count * betas.count,
      "\(values.count) values of a grid of \(alphas.count) by \(betas.count)")
    self.alphas = alphas
    self.betas = betas
    grid = GridValues(fields: [values])
  }

  /// The values, [alpha, beta].
  public var values: [Double] { grid.fields[0] }

  /// The value at (alphas[i], betas[j]).
  public subscript(i: Int, j: Int) -> Double {
    precondition(
      alphas.indices.contains(i) && betas.indices.contains(j),
      "position (\(i), \(j)) of a grid of \(alphas.count) by \(betas.count)")
    return values[i * betas.count + j]
  }

  /// Whether every cell is computed.
  public var isComplete: Bool { grid.missing.isEmpty }

  /// Computes the cells that are missing. Cost: one value each.
  public mutating func compute<Element: Scalar>(
    on plane: Plane<Element>, of quantity: ([Element]) throws -> Double
  ) rethrows {
    try compute(on: plane, of: quantity) { _ in true }
  }

  /// Computes the cells that are missing; `cellFinished` is told of each, for progress and for keeping the values, and
  /// may stop the work by returning `false` or throwing. When the quantity throws, the cells before are kept.
  public mutating func compute<Element: Scalar>(
    on plane: Plane<Element>, of quantity: ([Element]) throws -> Double,
    cellFinished: ([Double]) throws -> Bool
  ) rethrows {
    var point = plane.origin
    let (alphas, betas) = (self.alphas, self.betas)
    try grid.compute { cell in
      plane.point(alpha: alphas[cell / betas.count], beta: betas[cell % betas.count], into: &point)
      return [try quantity(point)]
    } cellFinished: { _, grid in
      try cellFinished(grid.fields[0])
    }
  }
}

/// `count` numbers at even distances, the range's ends included and exact; a single one is the range's middle.
public func evenlySpaced(_ range: ClosedRange<Double>, count: Int) -> [Double] {
  precondition(count > 0, "an axis has at least one coordinate, not \(count)")
  if count == 1 { return [(range.lowerBound + range.upperBound) / 2] }
  return (0..<count).map { index in
    let share = Double(index) / Double(count - 1)
    return (1 - share) * range.lowerBound + share * range.upperBound
  }
}
