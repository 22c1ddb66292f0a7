/// The values that a setting may have.
public protocol AllowedRange<Bound>: Sendable {
  /// The type of the values.
  associatedtype Bound
  /// Whether a value is among them.
  func allows(_ value: Bound) -> Bool
  /// The range as it ends the phrase "a number ...".
  var words: String { get }
}

extension ClosedRange: AllowedRange where Bound: ScalarValue {
  /// Whether the range contains the value.
  public func allows(_ value: Bound) -> Bool { contains(value) }
  /// "from 1 to 8".
  public var words: String { "from \(text(lowerBound)) to \(text(upperBound))" }
}

extension Range: AllowedRange where Bound: ScalarValue {
  /// Whether the range contains the value.
  public func allows(_ value: Bound) -> Bool { contains(value) }
  /// "from 0.0 to below 1.0".
  public var words: String { "from \(text(lowerBound)) to below \(text(upperBound))" }
}

extension PartialRangeFrom: AllowedRange where Bound: ScalarValue {
  /// Whether the range contains the value.
  public func allows(_ value: Bound) -> Bool { contains(value) }
  /// "of at least 1".
  public var words: String { "of at least \(text(lowerBound))" }
}

extension PartialRangeThrough: AllowedRange where Bound: ScalarValue {
  /// Whether the range contains the value.
  public func allows(_ value: Bound) -> Bool { contains(value) }
  /// "of at most 8".
  public var words: String { "of at most \(text(upperBound))" }
}

/// The values strictly above a bound, such as learning rates: `Above(0.0)`.
public struct Above<Bound: ScalarValue & Comparable>: AllowedRange {
  /// The bound, itself not allowed.
  public let bound: Bound
  /// The values above `bound`.
  public init(_ bound: Bound) { self.bound = bound }
  /// Whether the value is above the bound.
  public func allows(_ value: Bound) -> Bool { value > bound }
  /// "above 0.0".
  public var words: String { "above \(text(bound))" }
}

private func text<Value: ScalarValue>(_ value: Value) -> String { Value.converter.format(value).description }
