internal import Yams

/// Where a value was written.
public enum Origin: Hashable, Sendable, CustomStringConvertible {
  /// A line of a file.
  case file(String, line: Int)
  /// A command line option, as it was typed.
  case option(String)

  /// "sweep.yaml, line 7" or "--set optimizer.learning_rate=fast".
  public var description: String {
    switch self {
    case .file(let name, let line): "\(name), line \(line)"
    case .option(let text): text
    }
  }
}

/// A YAML node with its place: scalars as they are written, so that each setting reads them by its own type.
package struct SourceNode: Hashable, Sendable {
  package indirect enum Content: Hashable, Sendable {
    case scalar(String, quoted: Bool)
    case list([SourceNode])
    case mapping([Entry])
  }

  package struct Entry: Hashable, Sendable {
    package let key: String
    package let origin: Origin
    package let value: SourceNode
  }

  package let content: Content
  package let origin: Origin

  package init(content: Content, origin: Origin) {
    self.content = content
    self.origin = origin
  }

  /// The root of a YAML document, or `nil` for an empty one.
  package static func document(_ text: String, file: String) throws(ConfigurationError) -> SourceNode? {
    try composed(text) { .file(file, line: $0) }
  }

  /// The value of an option `option`, which is YAML on one line.
  package static func option(_ text: String, option: String) throws(ConfigurationError) -> SourceNode {
    try composed(text) { _ in .option(option) }
      ?? SourceNode(content: .scalar("", quoted: false), origin: .option(option))
  }

  private static func composed(
    _ text: String, origin: (Int) -> Origin
  ) throws(ConfigurationError) -> SourceNode? {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      switch error {
      case .duplicatedKeysInMapping(let duplicates, let context):
        throw ConfigurationError(
          origin: origin(context.mark.line), problem: .duplicate(duplicates.joined(separator: ", ")))
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        throw ConfigurationError(origin: origin(mark.line), problem: .syntax(problem))
      default:
        throw ConfigurationError(origin: origin(1), problem: .syntax("\(error)"))
      }
    } catch {
      throw ConfigurationError(origin: origin(1), problem: .syntax("\(error)"))
    }
    guard let node else { return nil }
    var left = nodeLimit
    return try converted(node, origin: origin, left: &left)
  }

  /// No configuration comes near to this; a few lines of aliases to aliases would.
  private static let nodeLimit = 1_000_000

  private static func converted(
    _ node: Node, origin: (Int) -> Origin, left: inout Int
  ) throws(ConfigurationError) -> SourceNode {
    let place = origin(node.mark?.line ?? 1)
    left -= 1
    guard left > 0 else {
      throw ConfigurationError(
        origin: place, problem: .syntax("it has more than \(nodeLimit) values; aliases multiply what they refer to"))
    }
    switch node {
    case .scalar(let scalar):
      return SourceNode(content: .scalar(scalar.string, quoted: scalar.style != .plain), origin: place)
    case .sequence(let sequence):
      var elements: [SourceNode] = []
      for element in sequence { elements.append(try converted(element, origin: origin, left: &left)) }
      return SourceNode(content: .list(elements), origin: place)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, value) in mapping {
        let keyPlace = origin(key.mark?.line ?? 1)
        guard let name = key.scalar?.string else {
          throw ConfigurationError(origin: keyPlace, problem: .syntax("a key must be text"))
        }
        entries.append(Entry(key: name, origin: keyPlace, value: try converted(value, origin: origin, left: &left)))
      }
      return SourceNode(content: .mapping(entries), origin: place)
    case .alias:
      throw ConfigurationError(origin: place, problem: .syntax("an alias that refers to nothing"))
    }
  }
}

extension SourceNode {
  /// What was written, shortened for a message.
  package var summary: String {
    switch content {
    case .scalar(let text, let quoted): quoted ? "\"\(text)\"" : text.isEmpty ? "empty" : text
    case .list(let elements): "[" + elements.map(\.summary).joined(separator: ", ") + "]"
    case .mapping([]): "an empty section"
    case .mapping(let entries): "a section with " + entries.map(\.key).joined(separator: ", ")
    }
  }

  package var isNull: Bool {
    if case .scalar(let text, quoted: false) = content { return ["", "~", "null"].contains(text) }
    return false
  }
}
