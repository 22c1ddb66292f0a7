internal import Harness

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

/// The verdict of a statement that is made of several: reproduced when all are, not reproduced when one is not.
func conjunction(_ verdicts: [Verdict]) -> Verdict {
  if verdicts.contains(.notReproduced) { return .notReproduced }
  return verdicts.isEmpty || verdicts.contains(.inconclusive) ? .inconclusive : .reproduced
}

/// Numbers in rows of one length, row by row, short rows filled up with NaN.
func padded(_ rows: [[Double]], to length: Int) -> [Double] {
  rows.flatMap { $0.prefix(length) + [Double](repeating: .nan, count: max(0, length - $0.count)) }
}
