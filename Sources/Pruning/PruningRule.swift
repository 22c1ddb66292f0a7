public import Networks
public import Tensors

/// Which of the weights that are left go next: those of the lowest scores.
///
/// With magnitudes as scores and `layerwise` this is the rule of Frankle & Carbin 2019. Of n weights that are left,
/// round(rate n) go; among equal scores those that come first in the parameter vector.
public struct PruningRule: Hashable, Sendable {
  /// Whether scores are compared within a layer or across all of them.
  public enum Scope: String, CaseIterable, Codable, Sendable {
    /// The same share of each layer goes.
    case layerwise
    /// The lowest of all layers go.
    case global
  }

  /// Where scores are compared.
  public var scope: Scope
  /// The share of the weights left that goes.
  public var rate: Double
  /// The share of the output layer's weights left that goes; they are then ranked by themselves. `nil`: as the others.
  public var outputRate: Double?
  /// Blocks that are left as they are, by name.
  public var excluded: Set<String>

  /// Creates a rule.
  public init(_ scope: Scope, rate: Double, outputRate: Double? = nil, excluded: Set<String> = []) {
    precondition((0...1).contains(rate) && (0...1).contains(outputRate ?? 0), "pruning \(rate), \(outputRate ?? 0)")
    self.scope = scope
    self.rate = rate
    self.outputRate = outputRate
    self.excluded = excluded
  }

  /// The mask without the weights that go. A NaN among the scores counts as the lowest.
  ///
  /// Cost: a sort of the weights that are left.
  @specialized(where S == Float) @specialized(where S == Double)
  public func applied<S: Scalar>(to mask: Mask, scores: [S], of network: Network) -> Mask {
    precondition(
      scores.count == mask.count && mask.count == network.parameterCount,
      "\(scores.count) scores and a mask of \(mask.count) for \(network.parameterCount) parameters")
    var isKept = mask.isKept
    for group in groups(of: network) {
      let left = group.ranges.flatMap { range in range.filter { mask.isKept[$0] } }
      let count = Int((group.rate * Double(left.count)).rounded())
      func isLower(_ a: Int, _ b: Int) -> Bool {
        let (x, y) = (scores[a].isNaN ? -S.infinity : scores[a], scores[b].isNaN ? -S.infinity : scores[b])
        return x == y ? a < b : x < y
      }
      for place in left.sorted(by: isLower).prefix(count) { isKept[place] = false }
    }
    return Mask(isKept)
  }

  private func groups(of network: Network) -> [(ranges: [Range<Int>], rate: Double)] {
    let blocks = network.weightBlocks
    let output = outputRate == nil ? nil : blocks.last?.name
    let inner = blocks.filter { !excluded.contains($0.name) && $0.name != output }.map(\.range)
    var groups = scope == .layerwise ? inner.map { ([$0], rate) } : [(inner, rate)]
    if let outputRate, let last = blocks.last, !excluded.contains(last.name) {
      groups.append(([last.range], outputRate))
    }
    return groups
  }
}
