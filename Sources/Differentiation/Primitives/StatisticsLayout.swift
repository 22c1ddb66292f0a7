import Tensors

/// A tensor as [outer, rows, columns, depth], where rows and depth are reduced and outer and columns stay.
///
/// That covers sums over leading, trailing and middle axes, and every normalization: per channel (outer = depth = 1), per
/// example (rows = columns = 1), per example and channel (depth = 1), per example and group of channels.
struct StatisticsLayout: Hashable {
  private(set) var outer = 1
  private(set) var rows = 1
  private(set) var columns = 1
  private(set) var depth = 1

  /// The number of elements behind each statistic.
  var reducedCount: Int { rows * depth }
  /// The number of statistics.
  var keptCount: Int { outer * columns }

  /// `nil` where kept and reduced axes alternate more often.
  init?(_ shape: Shape, reducing axes: [Int]) {
    // Neighbouring axes of one kind, as one.
    var runs: [(reduced: Bool, extent: Int)] = []
    for (axis, extent) in shape.dimensions.enumerated() where extent != 1 {
      let reduced = axes.contains(axis)
      if runs.last?.reduced == reduced { runs[runs.count - 1].extent *= extent } else { runs.append((reduced, extent)) }
    }
    if runs.last?.reduced == true { depth = runs.removeLast().extent }
    if runs.last?.reduced == false { columns = runs.removeLast().extent }
    if runs.last?.reduced == true { rows = runs.removeLast().extent }
    if runs.last?.reduced == false { outer = runs.removeLast().extent }
    if !runs.isEmpty { return nil }
  }

  /// Rows taken together before they are added to the total: partial sums stay short, so that Float loses little, and
  /// lie in the first-level cache.
  static let blockRows = 256
  static let blockDepth = 1024

  /// y = the sums of x.
  @inline(__always)
  func sum<S: Scalar>(_ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    y.update(repeating: 0, count: keptCount)
    addSums(x, y)
  }

  /// Adds to y the sums of the elements `range`, which start at x.
  @inline(__always)
  func add<S: Scalar>(_ x: UnsafePointer<S>, _ range: Range<Int>, to y: UnsafeMutablePointer<S>) {
    var index = range.lowerBound
    while index < range.upperBound {
      let x = x + (index - range.lowerBound)
      let left = range.upperBound - index
      let row = index / (columns * depth)
      let column = index / depth % columns
      let y = y + row / rows * columns + column
      let wholeRows = column == 0 && index % depth == 0 ? min(left / (columns * depth), rows - row % rows) : 0
      let step: Int
      if wholeRows > 0 {
        var block = self
        (block.outer, block.rows) = (1, wholeRows)
        block.addSums(x, y)
        step = wholeRows * columns * depth
      } else if depth > 1 {
        step = min(depth - index % depth, left)
        y[0] += Differentiation.sum(step, x)
      } else {
        step = min(columns - column, left)
        for place in 0..<step { y[place] += x[place] }
      }
      index += step
    }
  }

  @inline(__always)
  private func addSums<S: Scalar>(_ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    forEachBlock { statistic, lanes, start, count in
      if lanes == 0 {
        y[statistic] += Differentiation.sum(count, x + start)
      } else {
        let total = sumOfRows(count, x + start)
        for lane in 0..<lanes { y[statistic + lane] += total[lane] }
      }
    } narrow: { statistic, start in
      y[statistic] += x[start]
    }
  }

  /// y[0 ..< kept] = the means, y[kept ..< 2 kept] = the variances, in one pass over main memory.
  ///
  /// Means and squared deviations of blocks, the latter from the block's own mean, are merged (Chan, Golub, LeVeque,
  /// "Algorithms for computing the sample variance", 1983), so that a large mean does no harm.
  @inline(__always)
  func moments<S: Scalar>(_ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>) {
    let kept = keptCount
    y.update(repeating: 0, count: 2 * kept)
    // Blocks of one statistic come in order; how many elements it has seen follows from where the block starts.
    forEachBlock { statistic, lanes, start, count in
      let seen = S(seenCount(before: start, lanes: lanes))
      if lanes == 0 {
        let mean = Differentiation.sum(count, x + start) / S(count)
        let squares = sumOfSquares(count, x + start, around: mean)
        merge(mean, squares, S(count), seen, &y[statistic], &y[kept + statistic])
      } else {
        let mean = sumOfRows(count, x + start) / S(count)
        let squares = sumOfSquaresOfRows(count, x + start, around: mean)
        for lane in 0..<lanes {
          merge(mean[lane], squares[lane], S(count), seen, &y[statistic + lane], &y[kept + statistic + lane])
        }
      }
    } narrow: { statistic, start in
      merge(x[start], 0, 1, S(seenCount(before: start, lanes: 1)), &y[statistic], &y[kept + statistic])
    }
    for statistic in kept..<2 * kept { y[statistic] /= S(reducedCount) }
  }

  /// How many elements of its statistic lie before the element at `start`.
  private func seenCount(before start: Int, lanes: Int) -> Int {
    let row = start / (columns * depth) % rows
    return lanes == 0 ? row * depth + start % depth : row
  }

  /// Cuts the tensor into blocks that fit the first-level cache.
  ///
  /// - Parameters:
  ///   - wide: gets the first statistic, the number of statistics side by side (0 where the block's `count` elements
  ///     belong to one statistic; else 1 to 16, the block then having `count` rows of which 16 elements may be read), and
  ///     where the block starts.
  ///   - narrow: gets single elements at the very end, where 16 can't be read.
  @inline(__always)
  private func forEachBlock(
    _ wide: (_ statistic: Int, _ lanes: Int, _ start: Int, _ count: Int) -> Void,
    narrow: (_ statistic: Int, _ start: Int) -> Void
  ) {
    let total = outer * rows * columns * depth
    if total == 0 { return }
    for block in 0..<outer {
      let origin = block * rows * columns * depth
      if depth > 1 {
        for row in 0..<rows {
          for column in 0..<columns {
            for part in stride(from: 0, to: depth, by: StatisticsLayout.blockDepth) {
              wide(
                block * columns + column, 0, origin + (row * columns + column) * depth + part,
                min(StatisticsLayout.blockDepth, depth - part))
            }
          }
        }
        continue
      }
      for row in stride(from: 0, to: rows, by: StatisticsLayout.blockRows) {
        let count = min(StatisticsLayout.blockRows, rows - row)
        for column in stride(from: 0, to: columns, by: 16) {
          let start = origin + row * columns + column
          let lanes = min(16, columns - column)
          let readable = min(count, max(0, (total - start - 16) / columns + (total - start >= 16 ? 1 : 0)))
          if readable > 0 { wide(block * columns + column, lanes, start, readable) }
          for rest in readable..<count {
            for lane in 0..<lanes { narrow(block * columns + column + lane, start + rest * columns + lane) }
          }
        }
      }
    }
  }

  /// The sum of `count` rows, sixteen columns of them.
  @inline(__always)
  private func sumOfRows<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>) -> SIMD16<S> {
    sumOfRows(count) { UnsafeRawPointer(x + $0).loadUnaligned(as: SIMD16<S>.self) }
  }

  @inline(__always)
  private func sumOfSquaresOfRows<S: Scalar>(
    _ count: Int, _ x: UnsafePointer<S>, around mean: SIMD16<S>
  ) -> SIMD16<S> {
    sumOfRows(count) {
      let deviation = UnsafeRawPointer(x + $0).loadUnaligned(as: SIMD16<S>.self) - mean
      return deviation * deviation
    }
  }

  /// Four rows at a time, so that additions don't wait for each other.
  @inline(__always)
  private func sumOfRows<S: Scalar>(_ count: Int, _ term: (_ offset: Int) -> SIMD16<S>) -> SIMD16<S> {
    var (a, b, c, d) = (
      SIMD16<S>(repeating: 0), SIMD16<S>(repeating: 0), SIMD16<S>(repeating: 0), SIMD16<S>(repeating: 0)
    )
    var row = 0
    while row + 4 <= count {
      a += term(row * columns)
      b += term((row + 1) * columns)
      c += term((row + 2) * columns)
      d += term((row + 3) * columns)
      row += 4
    }
    while row < count {
      a += term(row * columns)
      row += 1
    }
    return (a + b) + (c + d)
  }
}

@inline(__always)
private func sumOfSquares<S: Scalar>(_ count: Int, _ x: UnsafePointer<S>, around mean: S) -> S {
  var lanes = SIMD8<S>(repeating: 0)
  var index = 0
  while index + 8 <= count {
    let deviation = UnsafeRawPointer(x + index).loadUnaligned(as: SIMD8<S>.self) - mean
    lanes += deviation * deviation
    index += 8
  }
  var total = lanes.sum()
  while index < count {
    total += (x[index] - mean) * (x[index] - mean)
    index += 1
  }
  return total
}

/// Adds a block's mean and sum of squared deviations to those of the `seen` elements before it.
@inline(__always)
private func merge<S: Scalar>(
  _ blockMean: S, _ blockSquares: S, _ count: S, _ seen: S, _ mean: inout S, _ squares: inout S
) {
  let delta = blockMean - mean
  let share = count / (seen + count)
  mean += delta * share
  squares += blockSquares + delta * delta * seen * share
}
