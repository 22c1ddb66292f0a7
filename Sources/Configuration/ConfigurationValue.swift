/// The value of one setting, without its Swift type.
public enum ConfigurationValue: Hashable, Sendable {
  /// A whole number.
  case integer(Int)
  /// A number.
  case number(Double)
  /// True or false.
  case boolean(Bool)
  /// Text, or the name of a case.
  case text(String)
  /// A list.
  case list([ConfigurationValue])
  /// The absence of an optional value.
  case null
}

extension ConfigurationValue: CustomStringConvertible {
  /// The value in canonical YAML: the same text for the same value, and read back as that value.
  ///
  /// Numbers have the shortest form that reads back exactly, with a decimal point also before an exponent, because
  /// YAML 1.1 readers take `1e-05` for text.
  public var description: String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): numberText(value)
    case .boolean(let value): value ? "true" : "false"
    case .text(let value): isPlain(value) ? value : quoted(value)
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .null: "null"
    }
  }
}

extension ConfigurationValue: Encodable {
  /// Encodes the value as JSON has it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .boolean(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .null: try container.encodeNil()
    }
  }
}

package func numberText(_ value: Double) -> String {
  if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
  if value.isNaN { return ".nan" }
  let text = "\(value)"
  guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
  return text[..<exponent] + ".0" + text[exponent...]
}

/// Whether YAML reads the unquoted text as that text and as nothing else.
private func isPlain(_ text: String) -> Bool {
  guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20) else {
    return false
  }
  let reserved: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"]
  return !reserved.contains(text.lowercased())
    && text.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "/")
    }
}

private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case "\r": result += "\\r"
    case let control where control.value < 0x20 || control.value == 0x7f:
      let digits = String(control.value, radix: 16)
      result += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
