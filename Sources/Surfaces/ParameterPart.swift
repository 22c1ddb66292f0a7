/// One tensor within a flat parameter vector, as far as directions and measures of sharpness need to know it.
///
/// Elements are row-major and the last axis counts the units, so that the parameters of unit u stand at the places
/// `range.lowerBound + u + k units`: the weights of a dense layer's output, or a convolution's filter.
public struct ParameterPart: Hashable, Sendable {
  /// What it is for.
  public enum Kind: Hashable, Sendable {
    /// Multiplies inputs.
    case weight
    /// Is added to a unit's sum.
    case bias
    /// Anything else, such as the parameters of a normalization.
    case other
  }

  /// Its places in the vector.
  public let range: Range<Int>
  /// The number of units, the extent of the last axis.
  public let units: Int
  /// What it is for.
  public let kind: Kind

  /// A part of a vector. `units` divides the number of its elements.
  public init(_ range: Range<Int>, units: Int, kind: Kind) {
    precondition(
      units > 0 && range.count % units == 0, "a part of \(range.count) parameters does not have \(units) units")
    self.range = range
    self.units = units
    self.kind = kind
  }

  /// The parameters of each unit: the inputs it sums over, for a weight.
  public var inputs: Int { range.count / units }
}
