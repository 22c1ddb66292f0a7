internal import Crypto

/// A setting's key and its value.
public struct KeyedValue: Hashable, Sendable {
  /// The dotted key, such as `optimizer.learning_rate`.
  public let key: String
  /// The value.
  public let value: ConfigurationValue
}

/// A row of the table that documents a configuration.
public struct SettingDocumentation: Hashable, Sendable {
  /// The dotted key; for a section its name.
  public let key: String
  /// Whether this is a section's heading, which has no default and takes no value.
  public let isSection: Bool
  /// The default in canonical YAML.
  public let defaultValue: String
  /// What is allowed: "an integer from 1 to 4096".
  public let allowed: String
  /// The units, if the value has any.
  public let units: String?
  /// What it means.
  public let documentation: String
}

extension Configurable {
  /// Every setting with its value, in the schema's order.
  public var values: [KeyedValue] { Self.schema.leaves.map { KeyedValue(key: $0.path, value: $0.read(self)) } }

  /// The settings that differ from the defaults, in the schema's order.
  public var differenceFromDefaults: [KeyedValue] {
    let defaults = Self()
    return Self.schema.leaves.compactMap { leaf in
      let value = leaf.read(self)
      return value == leaf.read(defaults) ? nil : KeyedValue(key: leaf.path, value: value)
    }
  }

  /// All settings as YAML, sections nested, in the schema's order: the same text for the same value, and read back as it.
  public var canonicalYAML: String { nestedYAML(values) }

  /// The identity of a run: the SHA-256, in 64 hexadecimal digits, of what differs from the defaults, sorted by key, with
  /// the experiment's name and the seed.
  public func digest(experiment: String, seed: Int) -> String {
    sha256(identityText(name: experiment, seed: seed, difference: differenceFromDefaults))
  }

  /// The rows of the configuration's documentation, with the defaults.
  public static var documentation: [SettingDocumentation] {
    let defaults = Self()
    var rows: [SettingDocumentation] = []
    var open: Set<String> = []
    for leaf in schema.leaves {
      for section in schema.sections where leaf.path.hasPrefix(section.path + ".") && open.insert(section.path).inserted
      {
        rows.append(
          SettingDocumentation(
            key: section.path, isSection: true, defaultValue: "", allowed: "", units: nil,
            documentation: section.documentation))
      }
      rows.append(
        SettingDocumentation(
          key: leaf.path, isSection: false, defaultValue: leaf.read(defaults).description,
          allowed: leaf.requirement.one, units: leaf.units, documentation: leaf.documentation))
    }
    return rows
  }
}

package func identityText(name: String, seed: Int, difference: [KeyedValue]) -> String {
  let lines = difference.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }
  return "experiment: \(ConfigurationValue.text(name))\nseed: \(seed)\n" + lines.joined()
}

/// Dotted keys as nested YAML mappings, in their order.
package func nestedYAML(_ values: [KeyedValue]) -> String {
  var result = ""
  var open: [Substring] = []
  for entry in values {
    let components = entry.key.split(separator: ".")
    let parents = components.dropLast()
    let shared = zip(open, parents).prefix { $0 == $1 }.count
    for (depth, name) in parents.enumerated().dropFirst(shared) {
      result += String(repeating: "  ", count: depth) + name + ":\n"
    }
    open = Array(parents)
    result += String(repeating: "  ", count: parents.count) + "\(components.last ?? ""): \(entry.value)\n"
  }
  return result
}

/// The SHA-256 of a text's UTF-8 bytes in 64 hexadecimal digits.
public func sha256(_ text: String) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var result: [UInt8] = []
  for byte in SHA256.hash(data: Array(text.utf8)) {
    result.append(digits[Int(byte >> 4)])
    result.append(digits[Int(byte & 15)])
  }
  return String(decoding: result, as: UTF8.self)
}
