import Harness
import Statistics

// Pure functions from numbers to numbers: what the findings rest on.

/// The mean, over lines of `ends` points each and both of their ends, of how far the values lie above a level.
public func meanRise(_ values: [Double], above level: Double, ends count: Int) -> Double {
  precondition(count > 0 && values.count % count == 0, "\(values.count) values on lines of \(count) points")
  let lines = stride(from: 0, to: values.count, by: count)
  return mean(lines.flatMap { [values[$0] - level, values[$0 + count - 1] - level] })
}

/// Two samples side by side, a number of each for every seed that has both.
public struct Pairing: Hashable, Sendable {
  /// The seeds, ascending.
  public let seeds: [Int]
  /// The first sample.
  public let first: [Double]
  /// The second sample.
  public let second: [Double]

  /// Pairs numbers by seed. A seed that comes twice in a sample is counted by its last number.
  public init(_ first: [(seed: Int, value: Double)], _ second: [(seed: Int, value: Double)]) {
    let left = Dictionary(first.map { ($0.seed, $0.value) }) { $1 }
    let right = Dictionary(second.map { ($0.seed, $0.value) }) { $1 }
    seeds = left.keys.filter { right[$0] != nil }.sorted()
    self.first = seeds.compactMap { left[$0] }
    self.second = seeds.compactMap { right[$0] }
  }
}

/// Kendall's rank correlation of a measure with the gap over a grid, for each seed by itself: seeds differ by chance, a grid
/// by choice.
///
/// - Returns: a number a seed, in ascending order of the seeds
public func correlationsBySeed(_ points: [(seed: Int, measure: Double, gap: Double)]) -> [Double] {
  Set(points.map(\.seed)).sorted().map { seed in
    let own = points.filter { $0.seed == seed }
    return kendallTau(own.map(\.measure), own.map(\.gap))
  }
}
