/// The sweeps of one YAML file: either one at the top level, or several under `sweeps`, each with a name.
///
/// With `sweeps`, what stands at the top level (`experiment`, `seeds`, `set`) holds for each sweep that doesn't say
/// otherwise.
public struct SweepFile: Sendable {
  /// The sweeps in the file's order.
  public let sweeps: [Sweep]

  /// Reads `yaml`; `file` names it in errors, `name` is what a single sweep is called, and `experiment` is the experiment
  /// where the file names none, as in the files that belong to one.
  ///
  /// Keys of an experiment's configuration are checked when the sweep is expanded.
  public init(
    yaml: String, file: String, name: String, experiment: String? = nil
  ) throws(ConfigurationError) {
    guard let root = try SourceNode.document(yaml, file: file), !root.isNull else {
      throw ConfigurationError(
        origin: .file(file, line: 1),
        problem: .missing("experiment", mend: "the file is empty; write experiment: NAME"))
    }
    let top = try SweepSection(root, allowing: ["experiment", "seeds", "set", "grid", "zip", "sweeps"])
    guard let named = top.parts["sweeps"] else {
      sweeps = [try top.sweep(name: name, inheriting: nil, experiment: experiment)]
      return
    }
    for key in ["grid", "zip"] {
      if let node = top.parts[key] {
        throw ConfigurationError(
          origin: node.origin, problem: .conflict("\(key) belongs into each of the sweeps when there are several"))
      }
    }
    guard case .mapping(let entries) = named.content, !entries.isEmpty else {
      throw ConfigurationError(
        origin: named.origin,
        problem: .unacceptable(
          key: "sweeps", found: named.summary, requirement: "a section with a name for each sweep", nearest: nil))
    }
    var sweeps: [Sweep] = []
    for entry in entries {
      let section = try SweepSection(entry.value, allowing: ["experiment", "seeds", "set", "grid", "zip"])
      sweeps.append(try section.sweep(name: entry.key, inheriting: top, experiment: experiment))
    }
    self.sweeps = sweeps
  }

  /// Reads the bytes of a file, which must be UTF-8.
  public init(
    bytes: [UInt8], file: String, name: String, experiment: String? = nil
  ) throws(ConfigurationError) {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(bytes, file: file) }
    try self.init(yaml: text, file: file, name: name, experiment: experiment)
  }

  /// The sweep of a name, or the error that lists those there are.
  public func sweep(named name: String) throws(ConfigurationError) -> Sweep {
    if let sweep = sweeps.first(where: { $0.name == name }) { return sweep }
    let names = sweeps.map(\.name)
    throw ConfigurationError(
      origin: nil,
      problem: .unacceptable(
        key: "sweep", found: name, requirement: "one of \(names.joined(separator: ", "))",
        nearest: nearestSpelling(to: name, among: names)))
  }
}

private struct SweepSection {
  let origin: Origin
  var parts: [String: SourceNode] = [:]

  init(_ node: SourceNode, allowing known: [String]) throws(ConfigurationError) {
    origin = node.origin
    guard case .mapping(let entries) = node.content else {
      if node.isNull { return }
      throw ConfigurationError(
        origin: node.origin,
        problem: .unacceptable(
          key: "a sweep", found: node.summary,
          requirement: "a section with keys out of \(known.joined(separator: ", "))",
          nearest: nil))
    }
    for entry in entries {
      guard known.contains(entry.key) else {
        throw ConfigurationError(
          origin: entry.origin,
          problem: .unknownKey(entry.key, nearest: nearestSpelling(to: entry.key, among: known), known: known))
      }
      parts[entry.key] = entry.value
    }
  }

  func sweep(
    name: String, inheriting parent: SweepSection?, experiment: String?
  ) throws(ConfigurationError) -> Sweep {
    let named = parts["experiment"] ?? parent?.parts["experiment"]
    var experimentName = experiment
    if let named {
      guard case .scalar(let text, _) = named.content, !named.isNull else {
        throw ConfigurationError(
          origin: named.origin,
          problem: .unacceptable(
            key: "experiment", found: named.summary, requirement: "an experiment's name", nearest: nil))
      }
      experimentName = text
    }
    guard let experimentName else {
      throw ConfigurationError(
        origin: origin,
        problem: .missing("experiment", mend: "write experiment: NAME (landscape list shows the names)"))
    }
    return Sweep(
      name: name, experiment: experimentName, origin: named?.origin ?? origin,
      seeds: try (parts["seeds"] ?? parent?.parts["seeds"]).map(seeds(in:)) ?? [0],
      sharedSettings: parent?.parts["set"], ownSettings: parts["set"], grid: parts["grid"], zip: parts["zip"])
  }
}
