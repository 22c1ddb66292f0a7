/// A Swift type whose arrays can stand in a file.
public protocol StoredElement: Sendable {
  /// The array as a file holds it.
  static func values(_ elements: [Self]) -> Values
  /// The array back, where that loses nothing; else `nil`.
  static func elements(of values: Values) -> [Self]?
}

extension Float: StoredElement {
  /// The array as float32.
  public static func values(_ elements: [Float]) -> Values { .float32(elements) }
  /// The array back, of float32 alone.
  public static func elements(of values: Values) -> [Float]? {
    if case .float32(let elements) = values { elements } else { nil }
  }
}

extension Double: StoredElement {
  /// The array as float64.
  public static func values(_ elements: [Double]) -> Values { .float64(elements) }
  /// The array back, of any type of numbers.
  public static func elements(of values: Values) -> [Double]? { values.doubles }
}

extension Int64: StoredElement {
  /// The array as int64.
  public static func values(_ elements: [Int64]) -> Values { .int64(elements) }
  /// The array back, of int64 or uint8.
  public static func elements(of values: Values) -> [Int64]? {
    switch values {
    case .int64(let elements): elements
    case .uint8(let elements): elements.map(Int64.init)
    default: nil
    }
  }
}

extension Int: StoredElement {
  /// The array as int64.
  public static func values(_ elements: [Int]) -> Values { .int64(elements.map(Int64.init)) }
  /// The array back, of int64 or uint8.
  public static func elements(of values: Values) -> [Int]? { Int64.elements(of: values)?.map(Int.init) }
}

extension UInt8: StoredElement {
  /// The array as uint8.
  public static func values(_ elements: [UInt8]) -> Values { .uint8(elements) }
  /// The array back, of uint8 alone.
  public static func elements(of values: Values) -> [UInt8]? {
    if case .uint8(let elements) = values { elements } else { nil }
  }
}

extension String: StoredElement {
  /// The array as UTF-8 strings.
  public static func values(_ elements: [String]) -> Values { .strings(elements) }
  /// The array back, of strings alone.
  public static func elements(of values: Values) -> [String]? {
    if case .strings(let elements) = values { elements } else { nil }
  }
}
