extension Group {
  /// The variable at a path such as "measurements/line/loss"; leading and doubled slashes don't count.
  /// - Throws: `StorageError` that names the part of the path that is missing and what there is instead.
  public func variable(_ path: String) throws(StorageError) -> Variable {
    let (holder, name) = try holder(of: path)
    if let variable = holder.variables.first(where: { $0.name == name }) { return variable }
    throw .absent("variable", path, among: holder.variables.map(\.name))
  }

  /// The dimension at a path such as "measurements/line/t".
  /// - Throws: `StorageError` that names the part of the path that is missing and what there is instead.
  public func dimension(_ path: String) throws(StorageError) -> Dimension {
    let (holder, name) = try holder(of: path)
    if let dimension = holder.dimensions.first(where: { $0.name == name }) { return dimension }
    throw .absent("dimension", path, among: holder.dimensions.map(\.name))
  }

  /// The group at a path such as "measurements/line"; the empty path is this group.
  /// - Throws: `StorageError` that names the part of the path that is missing and what there is instead.
  public func group(_ path: String) throws(StorageError) -> Group {
    var group = self
    for component in path.split(separator: "/") {
      guard let next = group.groups[String(component)] else {
        throw .absent("group", path, among: group.groups.names)
      }
      group = next
    }
    return group
  }

  /// The attribute at a path such as "configuration/optimizer.learning_rate".
  /// - Throws: `StorageError` that names the part of the path that is missing and what there is instead.
  public func attribute(_ path: String) throws(StorageError) -> AttributeValue {
    let (holder, name) = try holder(of: path)
    if let value = holder.attributes[name] { return value }
    throw .absent("attribute", path, among: holder.attributes.names)
  }

  /// Every variable of the tree with its path, group by group.
  public var variablePaths: [(path: String, variable: Variable)] {
    variables.map { ($0.name, $0) }
      + groups.flatMap { name, group in group.variablePaths.map { ("\(name)/\($0.path)", $0.variable) } }
  }

  private func holder(of path: String) throws(StorageError) -> (group: Group, name: String) {
    let components = path.split(separator: "/")
    guard let name = components.last else { throw .absent("object", path, among: []) }
    return (try group(components.dropLast().joined(separator: "/")), String(name))
  }
}

extension StorageError {
  /// Something that is asked for by path and is not there.
  static func absent(_ what: String, _ path: String, among names: [String]) -> StorageError {
    StorageError(
      .absent, "find", path, detail: "there is no such \(what)",
      mend: names.isEmpty ? "Nothing of that kind is there." : "There is: \(names.joined(separator: ", ")).")
  }
}
