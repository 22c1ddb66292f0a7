/// A configuration: a value with defaults whose settings are documented and can be read from YAML.
///
/// ```swift
/// struct Settings: Configurable {
///   var width = 64
///   var optimizer = OptimizerSettings()
///
///   static let schema = Schema<Self> {
///     Setting("width", \.width, "Units in each hidden layer.", allowed: 1...4096)
///     Section("optimizer", \.optimizer, "How the network is trained.")
///   }
/// }
/// ```
public protocol Configurable: Equatable, Sendable {
  /// The defaults.
  init()

  /// The settings in the order in which they are documented and written.
  static var schema: Schema<Self> { get }

  /// A sentence (without its full stop) that says why these values don't go together, or `nil` when they do.
  ///
  /// Single values are checked by the schema; this is for what involves several, such as a batch larger than the data.
  var conflict: String? { get }

  /// Writes into settings what the configuration names but does not hold, such as the digest of a file's content, so that
  /// the run's identity covers it. `digests` keeps the digests of files by their paths.
  mutating func pin(_ digests: inout [String: String])
}

extension Configurable {
  /// No conflict.
  public var conflict: String? { nil }

  /// Nothing is named.
  public mutating func pin(_ digests: inout [String: String]) {}

  /// This configuration with everything in it and in its sections pinned.
  public func pinned(_ digests: inout [String: String]) -> Self {
    var pinned = self
    pinned.pin(&digests)
    for pin in Self.schema.pins { pin(&pinned, &digests) }
    return pinned
  }

  /// This configuration with everything in it and in its sections pinned.
  public func pinned() -> Self {
    var digests: [String: String] = [:]
    return pinned(&digests)
  }
}

/// The settings of a configuration: what is read, written, documented and digested.
public struct Schema<Root>: Sendable {
  package let leaves: [Leaf<Root>]
  package let sections: [SectionDocumentation]
  package let conflicts: [@Sendable (Root) -> String?]
  package let pins: [@Sendable (inout Root, inout [String: String]) -> Void]

  /// The settings listed in `content`, in their order.
  ///
  /// Two settings of the same name are a programmer's error.
  public init(@SchemaBuilder<Root> _ content: () -> [SchemaElement<Root>]) {
    let elements = content()
    leaves = elements.flatMap(\.leaves)
    sections = elements.flatMap(\.sections)
    conflicts = elements.flatMap(\.conflicts)
    pins = elements.flatMap(\.pins)
    let paths = leaves.map(\.path) + sections.map(\.path)
    precondition(Set(paths).count == paths.count, "a schema names a setting twice among \(paths)")
  }
}

/// Collects the settings and sections of a schema.
@resultBuilder
public enum SchemaBuilder<Root> {
  /// One setting.
  public static func buildExpression(_ setting: Setting<Root>) -> [SchemaElement<Root>] { [setting.element] }
  /// One section.
  public static func buildExpression(_ section: Section<Root>) -> [SchemaElement<Root>] { [section.element] }
  /// All of them.
  public static func buildBlock(_ parts: [SchemaElement<Root>]...) -> [SchemaElement<Root>] { parts.flatMap { $0 } }
}

/// A setting or a section, as the schema keeps it.
public struct SchemaElement<Root>: Sendable {
  let leaves: [Leaf<Root>]
  let sections: [SectionDocumentation]
  var conflicts: [@Sendable (Root) -> String?] = []
  var pins: [@Sendable (inout Root, inout [String: String]) -> Void] = []
}

/// One setting with its place, its documentation and the way between YAML and the value.
package struct Leaf<Root>: Sendable {
  package let path: String
  package let documentation: String
  package let units: String?
  package let requirement: Requirement
  package let read: @Sendable (Root) -> ConfigurationValue
  package let write: @Sendable (inout Root, SourceNode) throws(Unacceptable) -> Void
}

/// The heading of a section.
package struct SectionDocumentation: Sendable {
  package let path: String
  package let documentation: String
}

/// A nested configuration, written as a mapping under its name.
public struct Section<Root> {
  let element: SchemaElement<Root>

  /// The settings of the configuration at `path`, under `name`.
  public init<Value: Configurable>(
    _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ documentation: String
  ) {
    let inner = Value.schema
    element = SchemaElement(
      leaves: inner.leaves.map { leaf in
        Leaf(
          path: "\(name).\(leaf.path)", documentation: leaf.documentation, units: leaf.units,
          requirement: leaf.requirement, read: { leaf.read($0[keyPath: path]) },
          write: { (root, node) throws(Unacceptable) in try leaf.write(&root[keyPath: path], node) })
      },
      sections: [SectionDocumentation(path: name, documentation: documentation)]
        + inner.sections.map {
          SectionDocumentation(path: "\(name).\($0.path)", documentation: $0.documentation)
        },
      conflicts: [{ root in root[keyPath: path].anyConflict.map { "\(name): \($0)" } }],
      pins: [{ root, digests in root[keyPath: path] = root[keyPath: path].pinned(&digests) }])
  }
}
