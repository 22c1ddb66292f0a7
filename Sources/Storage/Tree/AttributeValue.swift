/// What an attribute of a group or variable says. `==` compares bits, as it does for `Values`.
public enum AttributeValue: Sendable, Equatable {
  /// UTF-8 text without the character NUL.
  case string(String)
  /// A signed 64-bit integer.
  case integer(Int64)
  /// A number in double precision.
  case number(Double)
  /// True or false, in the file the byte 1 or 0.
  case boolean(Bool)
  /// Several strings.
  case strings([String])
  /// Several integers.
  case integers([Int64])
  /// Several numbers.
  case numbers([Double])

  /// Whether both are of one case and hold the same bits.
  public static func == (one: AttributeValue, other: AttributeValue) -> Bool {
    switch (one, other) {
    case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
    case (.strings(let a), .strings(let b)): Values.strings(a) == .strings(b)
    case (.number(let a), .number(let b)): a.bitPattern == b.bitPattern
    case (.numbers(let a), .numbers(let b)): Values.float64(a) == .float64(b)
    case (.integer(let a), .integer(let b)): a == b
    case (.integers(let a), .integers(let b)): a == b
    case (.boolean(let a), .boolean(let b)): a == b
    default: false
    }
  }

  /// The text of a string, else `nil`.
  public var text: String? { if case .string(let text) = self { text } else { nil } }

  /// The texts of one string or several, else `nil`.
  public var texts: [String]? {
    switch self {
    case .string(let text): [text]
    case .strings(let texts): texts
    default: nil
    }
  }

  /// The value of an integer, else `nil`.
  public var integer: Int? { if case .integer(let integer) = self { Int(integer) } else { nil } }

  /// The value of a number or an integer, else `nil`.
  public var double: Double? {
    switch self {
    case .number(let number): number
    case .integer(let integer): Double(integer)
    default: nil
    }
  }
}

extension AttributeValue: CustomStringConvertible {
  /// The value as one would write it in a configuration.
  public var description: String {
    switch self {
    case .string(let text): text
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .boolean(let flag): "\(flag)"
    case .strings(let texts): "[\(texts.joined(separator: ", "))]"
    case .integers(let integers): "\(integers)"
    case .numbers(let numbers): "\(numbers)"
    }
  }
}

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An integer.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
}
