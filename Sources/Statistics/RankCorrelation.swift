/// Kendall's tau-b: (concordant - discordant) / sqrt(pairs untied in x . pairs untied in y), in -1 ... 1.
///
/// NaN when there are fewer than two points, one of the samples is constant, or a number is NaN. Cost: O(n^2).
public func kendallTau(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "a correlation of samples of lengths \(x.count) and \(y.count)")
  guard !x.contains(where: \.isNaN), !y.contains(where: \.isNaN) else { return .nan }
  var balance = 0
  var untiedX = 0
  var untiedY = 0
  for i in x.indices {
    for j in 0..<i {
      let signX = (x[i] > x[j] ? 1 : 0) - (x[i] < x[j] ? 1 : 0)
      let signY = (y[i] > y[j] ? 1 : 0) - (y[i] < y[j] ? 1 : 0)
      balance += signX * signY
      untiedX += signX * signX
      untiedY += signY * signY
    }
  }
  return Double(balance) / (Double(untiedX) * Double(untiedY)).squareRoot()
}

/// Spearman's rho: Pearson's correlation of the ranks, ties taking their mean rank.
///
/// NaN when there are fewer than two points, one of the samples is constant, or a number is NaN. Cost: a sort.
public func spearmanRho(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "a correlation of samples of lengths \(x.count) and \(y.count)")
  guard !x.contains(where: \.isNaN), !y.contains(where: \.isNaN) else { return .nan }
  return pearsonCorrelation(ranks(x), ranks(y))
}

/// Pearson's correlation; NaN when one of the samples is constant or empty.
public func pearsonCorrelation(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "a correlation of samples of lengths \(x.count) and \(y.count)")
  let meanX = mean(x)
  let meanY = mean(y)
  var squareX = 0.0
  var squareY = 0.0
  var product = 0.0
  for (x, y) in zip(x, y) {
    squareX += (x - meanX) * (x - meanX)
    squareY += (y - meanY) * (y - meanY)
    product += (x - meanX) * (y - meanY)
  }
  return product / (squareX.squareRoot() * squareY.squareRoot())
}

/// The rank of each value from 1, tied values sharing the mean of their ranks; all NaN when a value is NaN.
public func ranks(_ values: [Double]) -> [Double] {
  guard !values.contains(where: \.isNaN) else { return values.map { _ in .nan } }
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var first = 0
  while first < order.count {
    var end = first + 1
    while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
    for position in first..<end { ranks[order[position]] = Double(first + 1 + end) / 2 }
    first = end
  }
  return ranks
}
