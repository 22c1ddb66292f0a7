/// The `count` numbers of largest absolute value, descending; all NaN when there is a NaN or there are too few.
public func largestInSize(_ values: [Double], count: Int) -> [Double] {
  guard values.count >= count, !values.contains(where: \.isNaN) else { return [Double](repeating: .nan, count: count) }
  return Array(values.sorted { abs($0) > abs($1) }.prefix(count))
}

/// The largest |a - b| / max(|a|, |b|) between numbers of the same place in several lists; NaN when lists are empty, of
/// different lengths, or hold a NaN.
public func largestRelativeDifference(_ lists: [[Double]]) -> Double {
  guard let first = lists.first, !first.isEmpty, lists.allSatisfy({ $0.count == first.count }) else { return .nan }
  var largest = 0.0
  for place in first.indices {
    for (index, list) in lists.enumerated() {
      for other in lists[..<index] {
        let size = max(abs(list[place]), abs(other[place]))
        let difference = list[place] == other[place] ? 0 : abs(list[place] - other[place]) / size
        if !(difference <= largest) { largest = difference }
        if difference.isNaN { return .nan }
      }
    }
  }
  return largest
}

/// The values recorded in the last third of a training of `total` steps.
///
/// One NaN when training ended before its last step: what did not happen has no median.
public func lastThird(steps: [Int], values: [Double], total: Int) -> [Double] {
  guard let last = steps.last, last >= total else { return [.nan] }
  return zip(steps, values).filter { 3 * $0.0 >= 2 * total }.map(\.1)
}

/// The first step at which a value has come to a level; NaN if none has.
public func firstStep(reaching level: Double, steps: [Int], values: [Double]) -> Double {
  zip(steps, values).first { $0.1 >= level }.map { Double($0.0) } ?? .nan
}

/// Numbers in rows of one length, row by row, short rows filled up with NaN.
func padded(_ rows: [[Double]], to length: Int) -> [Double] {
  rows.flatMap { $0.prefix(length) + [Double](repeating: .nan, count: max(0, length - $0.count)) }
}

/// The share of eigenvalues below -`floor` times the largest in size: the index of a critical point. NaN where one is NaN
/// or there are none.
public func negativeShare(_ eigenvalues: [Double], floor: Double) -> Double {
  guard !eigenvalues.isEmpty, !eigenvalues.contains(where: \.isNaN) else { return .nan }
  let bound = -floor * (eigenvalues.map(abs).max() ?? 0)
  return Double(eigenvalues.count { $0 < bound }) / Double(eigenvalues.count)
}

/// The places of the first of each kind among points told apart by loss and index: a network's critical points come in
/// copies with units exchanged, which have the same of both. Losses closer than `tolerance` times the largest are the same.
public func distinctPoints(losses: [Double], indices: [Double], tolerance: Double = 1e-7) -> [Int] {
  var kept: [Int] = []
  let scale = losses.map(abs).max() ?? 0
  for place in losses.indices {
    let isKnown = kept.contains {
      indices[$0] == indices[place]
        && abs(losses[$0] - losses[place]) <= tolerance * scale
    }
    if !isKnown { kept.append(place) }
  }
  return kept
}

/// `count` places spread evenly over 0 ..< `total`, both ends among them; all where there are fewer.
public func evenlySpread(_ count: Int, over total: Int) -> [Int] {
  guard count < total else { return Array(0..<total) }
  guard count > 1 else { return Array(0..<min(count, 1)) }
  return (0..<count).map { ($0 * (total - 1) + (count - 1) / 2) / (count - 1) }
}
