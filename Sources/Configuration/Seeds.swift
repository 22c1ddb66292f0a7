/// The seeds of a sweep: `0..4` (both ends), `[0, 3, 7]`, `0,3,7` or a single `3`.
package func seeds(in node: SourceNode) throws(ConfigurationError) -> [Int] {
  let unacceptable = ConfigurationError(
    origin: node.origin,
    problem: .unacceptable(
      key: "seeds", found: node.summary,
      requirement: "a range such as 0..4 (both ends are included) or a list of different integers of at least 0",
      nearest: nil))
  func tooMany(_ count: Int) -> ConfigurationError {
    ConfigurationError(
      origin: node.origin,
      problem: .conflict("seeds names \(count) seeds, and a sweep may have \(seedLimit); make several sweeps of them"))
  }
  var result: [Int] = []
  switch node.content {
  case .scalar(let text, quoted: false):
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let seeds = range(in: part.trimmingSpaces) else { throw unacceptable }
      guard seeds.count <= seedLimit else { throw tooMany(seeds.count) }
      result += seeds
    }
  case .list(let elements):
    for element in elements {
      guard case .scalar(let text, quoted: false) = element.content, let seed = Int(text) else { throw unacceptable }
      result.append(seed)
    }
  default: throw unacceptable
  }
  guard result.count <= seedLimit else { throw tooMany(result.count) }
  guard !result.isEmpty, result.allSatisfy({ $0 >= 0 }), Set(result).count == result.count else { throw unacceptable }
  return result
}

/// The seeds of the command line's `--seeds`.
public func seeds(option text: String) throws(ConfigurationError) -> [Int] {
  try seeds(in: SourceNode(content: .scalar(text, quoted: false), origin: .option("--seeds \(text)")))
}

/// More seeds than this take longer to list than anybody waits.
private let seedLimit = 10_000

private func range(in text: String) -> ClosedRange<Int>? {
  if let seed = Int(text) { return seed...seed }
  guard let dots = text.firstRange(of: ".."), let first = Int(text[..<dots.lowerBound]),
    let last = Int(text[dots.upperBound...]), first >= 0, first <= last, last < .max
  else { return nil }
  return first...last
}
