// Pure functions from numbers to numbers: what the findings rest on.

/// The place of the lowest number, the first of several; `nil` when there is none or a NaN among them.
public func earliestMinimum(_ values: [Double]) -> Int? {
  guard let lowest = values.min(), !values.contains(where: \.isNaN) else { return nil }
  return values.firstIndex(of: lowest)
}

/// The first round after which at most a share of the weights is left; `nil` if none gets there.
public func firstRound(atMost density: Double, of densities: [Double]) -> Int? {
  densities.firstIndex { $0 <= density }
}

/// Values recorded at some steps, put on a common axis: NaN where there is none.
public func aligned(_ values: [Double], at steps: [Int], on axis: [Int]) -> [Double] {
  let known = Dictionary(zip(steps, values)) { first, _ in first }
  return axis.map { known[$0] ?? .nan }
}
