public import Differentiation

/// What one evaluation of a network knows and notes besides its parameters and inputs.
///
/// By default layers that normalize over the batch use the batch's own moments, and nothing is dropped out. With
/// `statistics` they use the moments given there; with `words`, dropout is on.
public final class ForwardPass {
  /// Moments to normalize by, in the network's ``Network/statisticsLayout``; `nil` for the batch's own.
  public let statistics: Symbol?
  /// Two random whole numbers below 2^24 for each example, [n, 2], by which units are dropped out; `nil` for no dropout.
  public let words: Symbol?
  /// The moments of the batch, in the order of the statistics' layout; noted where none are given.
  public private(set) var moments: [Symbol] = []
  /// The result of each product or convolution with its weight, before bias and nonlinearity.
  public private(set) var products: [(weight: Symbol, output: Symbol)] = []

  private var nextStatistic = 0
  private var dropouts = 0

  /// Creates a pass; one is good for one evaluation.
  public init(statistics: Symbol? = nil, words: Symbol? = nil) {
    self.statistics = statistics
    self.words = words
  }

  /// The next `count` moments out of those that were given, or `nil` after noting the batch's own.
  func givenMoments(count: Int) -> Symbol? {
    defer { nextStatistic += count }
    return statistics?.slice(nextStatistic, count: count)
  }

  func note(moments: [Symbol]) { self.moments += moments }
  func note(product: Symbol, of weight: Symbol) { products.append((weight, product)) }

  /// The number of the next layer that drops out units.
  func nextDropout() -> Int {
    defer { dropouts += 1 }
    return dropouts
  }
}
