/// One value for one key, with its place.
package struct Assignment: Hashable, Sendable {
  package let key: String
  package let keyOrigin: Origin
  package let value: SourceNode

  package init(key: String, keyOrigin: Origin, value: SourceNode) {
    self.key = key
    self.keyOrigin = keyOrigin
    self.value = value
  }

  /// A setting given on the command line as `key=value`.
  package init(option text: String) throws(ConfigurationError) {
    let option = "--set \(text)"
    guard let equals = text.firstIndex(of: "=") else {
      throw ConfigurationError(
        origin: .option(option), problem: .missing("a value", mend: "write --set key=value"))
    }
    let key = text[..<equals].trimmingSpaces
    self.init(
      key: key, keyOrigin: .option(option),
      value: try SourceNode.option(String(text[text.index(after: equals)...]), option: option))
  }
}

extension Assignment {
  /// Where it stands: "--set steps=5", or "sweep.yaml, line 7 (steps)".
  fileprivate var place: String {
    if case .option = keyOrigin { return "\(keyOrigin)" }
    return "\(keyOrigin) (\(key))"
  }
}

extension Substring {
  var trimmingSpaces: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

extension Schema {
  /// The assignments of a mapping, nested sections and dotted keys alike, each key known and given once.
  package func assignments(in node: SourceNode) throws(ConfigurationError) -> [Assignment] {
    var result: [Assignment] = []
    try collect(node, under: "", into: &result)
    var seen: Set<String> = []
    for assignment in result where !seen.insert(assignment.key).inserted {
      throw ConfigurationError(origin: assignment.keyOrigin, problem: .duplicate(assignment.key))
    }
    return result
  }

  private func collect(
    _ node: SourceNode, under prefix: String, into result: inout [Assignment]
  ) throws(ConfigurationError) {
    guard case .mapping(let entries) = node.content else {
      if node.isNull { return }
      throw ConfigurationError(
        origin: node.origin,
        problem: .unacceptable(
          key: prefix.isEmpty ? "the configuration" : prefix, found: node.summary,
          requirement: "a section with keys out of \(keys(under: prefix).joined(separator: ", "))", nearest: nil))
    }
    for entry in entries {
      let key = prefix.isEmpty ? entry.key : "\(prefix).\(entry.key)"
      if sections.contains(where: { $0.path == key }) {
        try collect(entry.value, under: key, into: &result)
      } else {
        _ = try leaf(key, origin: entry.origin)
        result.append(Assignment(key: key, keyOrigin: entry.origin, value: entry.value))
      }
    }
  }

  /// The setting at `key`, or the error that names the nearest.
  package func leaf(_ key: String, origin: Origin) throws(ConfigurationError) -> Leaf<Root> {
    if let leaf = leaves.first(where: { $0.path == key }) { return leaf }
    let section = sections.map(\.path).filter { key.hasPrefix($0 + ".") }.max { $0.count < $1.count } ?? ""
    throw ConfigurationError(
      origin: origin,
      problem: .unknownKey(key, nearest: nearest(to: key), known: keys(under: section)))
  }

  /// The key most like the one written: the same setting in another section, else the nearest spelling.
  private func nearest(to key: String) -> String? {
    let all = leaves.map(\.path)
    let last = key.split(separator: ".").last.map(String.init) ?? key
    if let moved = all.first(where: { $0.hasSuffix("." + last) || $0 == last }) { return moved }
    if let spelling = nearestSpelling(to: key, among: all + sections.map(\.path)) { return spelling }
    let names = all.map { String($0.split(separator: ".").last ?? "") }
    return nearestSpelling(to: last, among: names).flatMap { name in
      names.firstIndex(of: name).map { all[$0] }
    }
  }

  private func keys(under section: String) -> [String] {
    var names: [String] = []
    for path in leaves.map(\.path) where section.isEmpty || path.hasPrefix(section + ".") {
      let rest = section.isEmpty ? Substring(path) : path.dropFirst(section.count + 1)
      let name = String(rest.prefix { $0 != "." })
      if names.last != name { names.append(name) }
    }
    return names
  }

  /// Writes one value into `root`.
  package func apply(_ assignment: Assignment, to root: inout Root) throws(ConfigurationError) {
    let leaf: Leaf<Root>
    if sections.contains(where: { $0.path == assignment.key }) {
      for inner in try assignments(
        in: SourceNode(
          content: .mapping([.init(key: assignment.key, origin: assignment.keyOrigin, value: assignment.value)]),
          origin: assignment.keyOrigin))
      {
        try apply(inner, to: &root)
      }
      return
    }
    leaf = try self.leaf(assignment.key, origin: assignment.keyOrigin)
    do {
      try leaf.write(&root, assignment.value)
    } catch {
      throw ConfigurationError(
        origin: error.origin,
        problem: .unacceptable(
          key: leaf.path, found: error.found, requirement: leaf.requirement.one, nearest: error.nearest))
    }
  }
}

extension Configurable {
  /// The defaults with these assignments made in their order.
  package init(_ assignments: [Assignment]) throws(ConfigurationError) {
    try self.init(unchecked: assignments)
    if let conflict = anyConflict { throw try Self.error(conflict, among: assignments) }
  }

  private init(unchecked assignments: [Assignment]) throws(ConfigurationError) {
    self.init()
    for assignment in assignments { try Self.schema.apply(assignment, to: &self) }
  }

  /// The error that names what conflicts: the assignments without which the conflict would be gone, or another one.
  private static func error(
    _ conflict: String, among assignments: [Assignment]
  ) throws(ConfigurationError) -> ConfigurationError {
    var involved: [Assignment] = []
    for index in assignments.indices {
      var others = assignments
      others.remove(at: index)
      if try Self(unchecked: others).anyConflict != conflict { involved.append(assignments[index]) }
    }
    guard Set(involved.map(\.keyOrigin)).count > 1 else {
      return ConfigurationError(origin: involved.first?.keyOrigin, problem: .conflict(conflict))
    }
    let places = involved.map { $0.place }
    let words = places.dropLast().joined(separator: ", ") + " and " + places[places.count - 1]
    return ConfigurationError(origin: nil, problem: .conflict("\(words): \(conflict)"))
  }

  /// The first conflict among these values or within a section.
  var anyConflict: String? { conflict ?? Self.schema.conflicts.lazy.compactMap { $0(self) }.first }

  /// Reads YAML over the defaults; `file` names the text in errors.
  ///
  /// Strict: an unknown key, a wrong type, a value out of range, a key given twice is an error.
  public init(yaml: String, file: String = "configuration") throws(ConfigurationError) {
    guard let node = try SourceNode.document(yaml, file: file) else {
      self.init()
      return
    }
    try self.init(Self.schema.assignments(in: node))
  }

  /// Changes settings as the command line's `--set` does: each text is `key=value`.
  public init(overrides: [String]) throws(ConfigurationError) {
    var assignments: [Assignment] = []
    for text in overrides { assignments.append(try Assignment(option: text)) }
    try self.init(assignments)
  }
}
