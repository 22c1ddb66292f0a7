public import Networks
public import Tensors

/// Which parameters of a network are kept; the others are zero and stay so.
public struct Mask: Hashable, Sendable {
  /// One for each parameter.
  public let isKept: [Bool]
  /// The places of those that are kept, ascending.
  public let places: [Int]

  /// A mask from its truth values.
  public init(_ isKept: [Bool]) {
    self.isKept = isKept
    places = isKept.indices.filter { isKept[$0] }
  }

  /// The mask that keeps all of `count` parameters.
  public static func full(_ count: Int) -> Mask { Mask([Bool](repeating: true, count: count)) }

  /// The number of parameters, kept or not.
  public var count: Int { isKept.count }

  /// How many parameters of a range are kept.
  public func keptCount(in range: Range<Int>) -> Int { isKept[range].count { $0 } }

  /// The share of a block's parameters that are kept; 1 for an empty block.
  public func density(of block: ParameterLayout.Block) -> Double {
    block.range.isEmpty ? 1 : Double(keptCount(in: block.range)) / Double(block.range.count)
  }

  /// The parameters that are kept, one after the other.
  @specialized(where S == Float) @specialized(where S == Double)
  public func compressed<S: Scalar>(_ parameters: [S]) -> [S] {
    precondition(parameters.count == count, "\(parameters.count) parameters for a mask of \(count)")
    return places.map { parameters[$0] }
  }

  /// Kept parameters in their places, zero elsewhere.
  @specialized(where S == Float) @specialized(where S == Double)
  public func expanded<S: Scalar>(_ kept: [S]) -> [S] {
    precondition(kept.count == places.count, "\(kept.count) parameters for a mask that keeps \(places.count)")
    var parameters = [S](repeating: 0, count: count)
    for (place, value) in zip(places, kept) { parameters[place] = value }
    return parameters
  }

  /// Two masks are equal if they keep the same.
  public static func == (a: Mask, b: Mask) -> Bool { a.isKept == b.isKept }
  /// Hashes the truth values.
  public func hash(into hasher: inout Hasher) { hasher.combine(isKept) }
}

extension Network {
  /// The blocks that hold weights, in order: what is pruned. Biases and the scales of normalizations are always kept.
  public var weightBlocks: [ParameterLayout.Block] {
    zip(parameters, layout.blocks).compactMap { $0.isWeight ? $1 : nil }
  }

  /// The share of all weights that a mask keeps.
  public func weightDensity(of mask: Mask) -> Double {
    let blocks = weightBlocks
    let total = blocks.reduce(0) { $0 + $1.range.count }
    return total == 0 ? 1 : Double(blocks.reduce(0) { $0 + mask.keptCount(in: $1.range) }) / Double(total)
  }
}
