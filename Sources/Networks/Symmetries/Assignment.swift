/// The permutation p of least total cost, sum over i of costs[i, p[i]] (the linear assignment problem).
///
/// Exact, by shortest augmenting paths with dual prices, one row after the other (Kuhn 1955, Jonker & Volgenant 1987).
/// Costs are row-major, finite and of either sign. Among equal optima the choice depends on the costs alone.
/// Cost: O(count^3) at worst.
public func leastCostAssignment(_ costs: [Double], count: Int) -> [Int] {
  precondition(costs.count == count * count, "\(costs.count) costs for an assignment of \(count) to \(count)")
  precondition(costs.allSatisfy(\.isFinite), "an assignment by costs that are not finite")
  var search = AugmentingSearch(count: count)
  costs.withUnsafeBufferPointer { costs in
    for row in 0..<count { search.assign(row, costs) }
  }
  var columns = [Int](repeating: 0, count: count)
  for column in 0..<count { columns[search.rows[column]] = column }
  return columns
}

/// The state of the search: which row each column has, and prices under which no reduced cost is negative and those of
/// assigned pairs are 0. The last column stands for the row that is being assigned.
private struct AugmentingSearch {
  let count: Int
  var rows: [Int]
  private var rowPrices: [Double]
  private var columnPrices: [Double]
  private var distance: [Double]
  private var previous: [Int]
  private var isDone: [Bool]

  init(count: Int) {
    self.count = count
    rows = [Int](repeating: -1, count: count + 1)
    rowPrices = [Double](repeating: 0, count: count)
    columnPrices = [Double](repeating: 0, count: count + 1)
    distance = [Double](repeating: 0, count: count + 1)
    previous = [Int](repeating: count, count: count + 1)
    isDone = [Bool](repeating: false, count: count + 1)
  }

  /// Gives `row` a column along the cheapest path of exchanges (Dijkstra's search over columns).
  mutating func assign(_ row: Int, _ costs: UnsafeBufferPointer<Double>) {
    for column in 0...count {
      distance[column] = .infinity
      isDone[column] = false
    }
    rows[count] = row
    var column = count
    repeat {
      isDone[column] = true
      column = advance(from: column, costs)
    } while rows[column] >= 0
    while column != count {
      rows[column] = rows[previous[column]]
      column = previous[column]
    }
  }

  /// Looks from a column's row at all columns, and moves prices so that the nearest open one is reached at no cost.
  private mutating func advance(from column: Int, _ costs: UnsafeBufferPointer<Double>) -> Int {
    let row = rows[column]
    var nearest = -1
    var step = Double.infinity
    for other in 0..<count where !isDone[other] {
      let reduced = costs[row * count + other] - rowPrices[row] - columnPrices[other]
      if reduced < distance[other] {
        distance[other] = reduced
        previous[other] = column
      }
      if distance[other] < step {
        step = distance[other]
        nearest = other
      }
    }
    for other in 0...count {
      if isDone[other] {
        rowPrices[rows[other]] += step
        columnPrices[other] -= step
      } else {
        distance[other] -= step
      }
    }
    return nearest
  }
}
