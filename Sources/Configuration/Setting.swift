/// What a setting takes, in words: "an integer from 1 to 4096", "one of relu, tanh".
package struct Requirement: Hashable, Sendable {
  package let one: String
  package let many: String

  package var list: Requirement { Requirement(one: "a list of \(many)", many: "lists of \(many)") }
  package var optional: Requirement { Requirement(one: "\(one), or null", many: "\(many) or null") }
}

/// The way between YAML and a value of one type.
public struct Converter<Value>: Sendable {
  let requirement: Requirement
  let parse: @Sendable (SourceNode) throws(Unacceptable) -> Value
  let format: @Sendable (Value) -> ConfigurationValue
}

/// The types that a setting may have by themselves: `Int`, `Double`, `Bool`, `String`.
public protocol ScalarValue: Equatable, Sendable {
  /// How such values are read and written.
  static var converter: Converter<Self> { get }
}

extension Int: ScalarValue {
  /// Whole numbers; `1e4` is one too.
  public static var converter: Converter<Int> {
    Converter(
      requirement: Requirement(one: "an integer", many: "integers"),
      parse: { (node) throws(Unacceptable) in
        guard case .scalar(let text, quoted: false) = node.content else { throw Unacceptable(node) }
        if let value = Int(text) { return value }
        guard let number = decimal(text), let value = Int(exactly: number), abs(number) <= 0x1p53 else {
          throw Unacceptable(node)
        }
        return value
      }, format: { .integer($0) })
  }
}

extension Double: ScalarValue {
  /// Numbers, `.inf` and `-.inf`.
  public static var converter: Converter<Double> {
    Converter(
      requirement: Requirement(one: "a number", many: "numbers"),
      parse: { (node) throws(Unacceptable) in
        guard case .scalar(let text, quoted: false) = node.content else { throw Unacceptable(node) }
        if text == ".inf" || text == "+.inf" { return .infinity }
        if text == "-.inf" { return -.infinity }
        guard let value = decimal(text), value.isFinite else { throw Unacceptable(node) }
        return value
      }, format: { .number($0 == 0 ? 0 : $0) })
  }
}

private func decimal(_ text: String) -> Double? {
  guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) else { return nil }
  return Double(text)
}

extension Bool: ScalarValue {
  /// `true` and `false`.
  public static var converter: Converter<Bool> {
    Converter(
      requirement: Requirement(one: "true or false", many: "true or false"),
      parse: { (node) throws(Unacceptable) in
        switch node.content {
        case .scalar("true", quoted: false): return true
        case .scalar("false", quoted: false): return false
        default: throw Unacceptable(node)
        }
      }, format: { .boolean($0) })
  }
}

extension String: ScalarValue {
  /// Text, quoted or not.
  public static var converter: Converter<String> {
    Converter(
      requirement: Requirement(one: "text", many: "texts"),
      parse: { (node) throws(Unacceptable) in
        guard case .scalar(let text, _) = node.content, !node.isNull else { throw Unacceptable(node) }
        return text
      }, format: { .text($0) })
  }
}

extension Converter {
  func restricted(to range: some AllowedRange<Value>) -> Converter {
    Converter(
      requirement: Requirement(
        one: "\(requirement.one) \(range.words)", many: "\(requirement.many) \(range.words)"),
      parse: { (node) throws(Unacceptable) in
        let value = try parse(node)
        guard range.allows(value) else { throw Unacceptable(node) }
        return value
      }, format: format)
  }

  var list: Converter<[Value]> {
    Converter<[Value]>(
      requirement: requirement.list,
      parse: { (node) throws(Unacceptable) in
        guard case .list(let nodes) = node.content else { throw Unacceptable(node) }
        var values: [Value] = []
        for element in nodes { values.append(try parse(element)) }
        return values
      }, format: { .list($0.map(format)) })
  }

  var optional: Converter<Value?> {
    Converter<Value?>(
      requirement: requirement.optional,
      parse: { (node) throws(Unacceptable) in node.isNull ? nil : try parse(node) },
      format: { $0.map(format) ?? .null })
  }
}

extension Converter where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
  static var cases: Converter {
    let names = Value.allCases.map(\.rawValue)
    return Converter(
      requirement: oneOf(names),
      parse: { (node) throws(Unacceptable) in
        guard case .scalar(let text, _) = node.content else { throw Unacceptable(node) }
        guard let value = Value(rawValue: text) else {
          throw Unacceptable(node, nearest: nearestSpelling(to: text, among: names))
        }
        return value
      }, format: { .text($0.rawValue) })
  }
}

extension Converter where Value == String {
  static func names(_ names: [String]) -> Converter {
    Converter(
      requirement: oneOf(names),
      parse: { (node) throws(Unacceptable) in
        guard case .scalar(let text, _) = node.content else { throw Unacceptable(node) }
        guard names.contains(text) else {
          throw Unacceptable(node, nearest: nearestSpelling(to: text, among: names))
        }
        return text
      }, format: { .text($0) })
  }
}

private func oneOf(_ names: [String]) -> Requirement {
  let list = names.joined(separator: ", ")
  return Requirement(one: "one of \(list)", many: "names out of \(list)")
}

/// One documented setting of a configuration: a name, the property it stands for, what it means and what it may be.
public struct Setting<Root> {
  let element: SchemaElement<Root>

  private init<Value>(
    name: String, path: any WritableKeyPath<Root, Value> & Sendable, documentation: String, units: String?,
    converter: Converter<Value>
  ) {
    let leaf = Leaf<Root>(
      path: name, documentation: documentation, units: units, requirement: converter.requirement,
      read: { converter.format($0[keyPath: path]) },
      write: { (root, node) throws(Unacceptable) in root[keyPath: path] = try converter.parse(node) })
    element = SchemaElement(leaves: [leaf], sections: [])
  }

  /// A number, truth value or text without restriction.
  public init<Value: ScalarValue>(
    _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ documentation: String, units: String? = nil
  ) {
    self.init(name: name, path: path, documentation: documentation, units: units, converter: Value.converter)
  }

  /// A number within a range: `1...8`, `0...`, `Above(0.0)`.
  public init<Value: ScalarValue>(
    _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ documentation: String,
    allowed: some AllowedRange<Value>, units: String? = nil
  ) {
    self.init(
      name: name, path: path, documentation: documentation, units: units,
      converter: Value.converter.restricted(to: allowed))
  }

  /// A list of any length.
  public init<Value: ScalarValue>(
    _ name: String, _ path: any WritableKeyPath<Root, [Value]> & Sendable, _ documentation: String, units: String? = nil
  ) {
    self.init(name: name, path: path, documentation: documentation, units: units, converter: Value.converter.list)
  }

  /// A list of numbers, each within a range.
  public init<Value: ScalarValue>(
    _ name: String, _ path: any WritableKeyPath<Root, [Value]> & Sendable, _ documentation: String,
    allowed: some AllowedRange<Value>, units: String? = nil
  ) {
    self.init(
      name: name, path: path, documentation: documentation, units: units,
      converter: Value.converter.restricted(to: allowed).list)
  }

  /// A value that may be absent, written `null`.
  public init<Value: ScalarValue>(
    _ name: String, _ path: any WritableKeyPath<Root, Value?> & Sendable, _ documentation: String, units: String? = nil
  ) {
    self.init(name: name, path: path, documentation: documentation, units: units, converter: Value.converter.optional)
  }

  /// A number within a range, or `null`.
  public init<Value: ScalarValue>(
    _ name: String, _ path: any WritableKeyPath<Root, Value?> & Sendable, _ documentation: String,
    allowed: some AllowedRange<Value>, units: String? = nil
  ) {
    self.init(
      name: name, path: path, documentation: documentation, units: units,
      converter: Value.converter.restricted(to: allowed).optional)
  }

  /// One of an enumeration's cases, written by its raw value.
  public init<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ documentation: String
  ) {
    self.init(name: name, path: path, documentation: documentation, units: nil, converter: .cases)
  }

  /// A list of an enumeration's cases.
  public init<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any WritableKeyPath<Root, [Value]> & Sendable, _ documentation: String
  ) {
    self.init(name: name, path: path, documentation: documentation, units: nil, converter: Converter<Value>.cases.list)
  }

  /// One of the names given.
  public init(
    _ name: String, _ path: any WritableKeyPath<Root, String> & Sendable, _ documentation: String, allowed: [String]
  ) {
    self.init(name: name, path: path, documentation: documentation, units: nil, converter: .names(allowed))
  }
}
