public import Tensors

/// A named array along named dimensions.
public struct Variable: Sendable, Equatable {
  /// The name, for example "gradient_norm".
  public var name: String
  /// The name of the dimension of each axis; each stands in the variable's group or in one above it.
  public let dimensions: [String]
  /// The extent of each axis.
  public let shape: Shape
  /// The elements in row-major order.
  public var values: Values
  /// The unit in UDUNITS' spelling ("1" for pure numbers, "s" for seconds). Empty: none is written.
  public var units: String
  /// What the variable is, in words.
  public var longName: String
  /// Whatever else is to be said.
  public var attributes: Named<AttributeValue>

  /// Creates a variable from elements in row-major order.
  ///
  /// As many dimensions as axes, and as many elements as the shape counts, else it is a programmer's error. Strings have
  /// no units unless said otherwise, all else is in units of "1"; the long name is the name with spaces.
  public init(
    _ name: String, along dimensions: [String], shape: Shape, values: Values, units: String? = nil,
    longName: String? = nil, attributes: Named<AttributeValue> = [:]
  ) {
    precondition(
      dimensions.count == shape.rank, "the variable \"\(name)\" of shape \(shape) stands along \(dimensions)")
    precondition(
      values.count == shape.count, "\(values.count) elements do not fill the shape \(shape) of \"\(name)\"")
    self.name = name
    self.dimensions = dimensions
    self.shape = shape
    self.values = values
    self.units = units ?? (values.typeName == "string" ? "" : "1")
    self.longName = longName ?? words(of: name)
    self.attributes = attributes
  }

  /// Creates a variable from an array. `shape` may be left out along one dimension.
  ///
  ///     Variable("loss", along: ["step"], values: losses, longName: "mean training loss")
  public init<Element: StoredElement>(
    _ name: String, along dimensions: [String], shape: Shape? = nil, values: [Element], units: String? = nil,
    longName: String? = nil, attributes: Named<AttributeValue> = [:]
  ) {
    precondition(shape != nil || dimensions.count == 1, "the variable \"\(name)\" along \(dimensions) needs a shape")
    self.init(
      name, along: dimensions, shape: shape ?? [values.count], values: Element.values(values), units: units,
      longName: longName, attributes: attributes)
  }

  /// Creates a variable from a tensor.
  public init<Element: Scalar & StoredElement>(
    _ name: String, along dimensions: [String], tensor: Tensor<Element>, units: String? = nil,
    longName: String? = nil, attributes: Named<AttributeValue> = [:]
  ) {
    self.init(
      name, along: dimensions, shape: tensor.shape, values: Element.values(tensor.elements), units: units,
      longName: longName, attributes: attributes)
  }

  /// Creates a variable of rank 0.
  ///
  ///     Variable("barrier", value: 0.25, longName: "largest excess of the loss over the chord")
  public init<Element: StoredElement>(
    _ name: String, value: Element, units: String? = nil, longName: String? = nil,
    attributes: Named<AttributeValue> = [:]
  ) {
    self.init(
      name, along: [], shape: [], values: Element.values([value]), units: units, longName: longName,
      attributes: attributes)
  }

  /// The elements as an array of the wanted type.
  ///
  /// Numbers of every type may be had as `Double`, integers as `Int`; nothing else is converted.
  /// - Throws: `StorageError` that names the variable and both types.
  public func elements<Element: StoredElement>(_ type: Element.Type = Element.self) throws(StorageError) -> [Element] {
    if let elements = Element.elements(of: values) { return elements }
    throw StorageError(
      .invalidContent, "read", name, detail: "the variable \"\(name)\" holds \(values.typeName), not \(type)",
      mend: "Ask for the type it has.")
  }

  /// The elements as a tensor of the wanted type, converted as in `elements(_:)`.
  public func tensor<Element: Scalar & StoredElement>(
    _ type: Element.Type = Element.self
  ) throws(StorageError) -> Tensor<Element> {
    Tensor(try elements(type), shape: shape)
  }

  /// The only element of a variable of rank 0 or of one element, converted as in `elements(_:)`.
  public func value<Element: StoredElement>(_ type: Element.Type = Element.self) throws(StorageError) -> Element {
    let elements = try elements(type)
    guard elements.count == 1 else {
      throw StorageError(
        .invalidContent, "read", name, detail: "the variable \"\(name)\" has the shape \(shape), not one element",
        mend: "Ask for its elements.")
    }
    return elements[0]
  }
}
