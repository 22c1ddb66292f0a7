/// A named axis that the variables of a group, and of the groups below it, share.
///
/// In the file it is a dimension scale. With coordinates it is what netCDF calls a coordinate variable.
public struct Dimension: Sendable, Equatable {
  /// The name, for example "step".
  public var name: String
  /// The number of points along it.
  public var length: Int
  /// One number or string for each point, or `nil` when the points are only counted.
  public var coordinates: Values?
  /// The unit of the coordinates; "1" for pure numbers. Empty: none is written.
  public var units: String
  /// What the axis is, in words.
  public var longName: String
  /// Whether the file lets it grow later, as a trajectory's `step` may.
  public var isExtendible: Bool

  /// Creates a dimension without coordinates.
  public init(
    _ name: String, length: Int, units: String = "1", longName: String? = nil, isExtendible: Bool = false
  ) {
    precondition(length >= 0, "the dimension \"\(name)\" has the negative length \(length)")
    self.name = name
    self.length = length
    self.coordinates = nil
    self.units = units
    self.longName = longName ?? words(of: name)
    self.isExtendible = isExtendible
  }

  /// Creates a dimension from the coordinates of its points. Strings have no units unless said otherwise.
  public init<Element: StoredElement>(
    _ name: String, coordinates: [Element], units: String? = nil, longName: String? = nil, isExtendible: Bool = false
  ) {
    let isText = Element.self == String.self
    self.init(
      name, length: coordinates.count, units: units ?? (isText ? "" : "1"), longName: longName,
      isExtendible: isExtendible)
    self.coordinates = Element.values(coordinates)
  }
}

/// "gradient_norm" becomes "gradient norm": the long name of what was given none.
func words(of name: String) -> String { String(name.map { $0 == "_" ? " " : $0 }) }
