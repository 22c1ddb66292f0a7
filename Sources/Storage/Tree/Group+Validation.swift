import Tensors

extension Group {
  /// Refuses what a file could not hold, or what would come back as something else.
  ///
  /// - Throws: `StorageError` that names the object: an empty or doubled name, one with a slash, a dimension out of reach or
  ///   of another length, one axis twice in a variable, an attribute that the file layer writes itself, the character NUL.
  func validate(for file: String) throws(StorageError) {
    try validate(at: "", lengths: [:], file)
  }

  private func validate(at path: String, lengths: [String: Int], _ file: String) throws(StorageError) {
    var lengths = lengths
    var seen: Set<String> = []
    func refuse(_ object: String, _ detail: String, _ mend: String) -> StorageError {
      StorageError(.invalidContent, "write", file, detail: "\(path)/\(object) \(detail)", mend: mend)
    }
    for name in dimensions.map(\.name) + variables.map(\.name) + groups.names {
      guard !name.isEmpty, name != ".", !name.utf8.contains(0), !name.contains("/") else {
        throw refuse(name, "is no usable name", "Give it a name of at least one character without a slash.")
      }
      guard seen.insert(name).inserted else {
        throw refuse(name, "is there twice", "Coordinates belong to their Dimension; give other things other names.")
      }
    }
    try validate(attributes, of: "", reserved: ["CLASS", "NAME", "_NCProperties"], refuse)
    for dimension in dimensions {
      lengths[dimension.name] = dimension.length
      let texts = [.string(dimension.units), .string(dimension.longName)] + [dimension.coordinates?.asAttribute]
      if texts.contains(where: { $0?.containsNUL ?? false }) {
        throw refuse(dimension.name, "has a NUL character in its text", "Remove it.")
      }
      if let coordinates = dimension.coordinates, coordinates.count != dimension.length {
        throw refuse(
          dimension.name, "has \(coordinates.count) coordinates for the length \(dimension.length)",
          "Give one for each point.")
      }
    }
    for variable in variables {
      for (axis, name) in variable.dimensions.enumerated() {
        guard let length = lengths[name] else {
          throw refuse(
            variable.name, "stands along \"\(name)\", which no group above declares",
            "Add a Dimension(\"\(name)\", ...) to its group.")
        }
        guard length == variable.shape[axis] else {
          throw refuse(
            variable.name, "has \(variable.shape[axis]) elements along \"\(name)\", whose length is \(length)",
            "Make them equal.")
        }
      }
      guard Set(variable.dimensions).count == variable.dimensions.count else {
        throw refuse(
          variable.name, "has one dimension twice: \(variable.dimensions.joined(separator: ", "))",
          "Declare a second one of the same length under another name, because xarray cannot tell the axes apart.")
      }
      let texts = [.string(variable.units), .string(variable.longName), variable.values.asAttribute]
      if texts.contains(where: { $0?.containsNUL ?? false }) {
        throw refuse(variable.name, "has a NUL character in its text", "Remove it.")
      }
      try validate(variable.attributes, of: variable.name, reserved: TreeReader.ownAttributes, refuse)
    }
    for (name, group) in groups { try group.validate(at: "\(path)/\(name)", lengths: lengths, file) }
  }

  private func validate(
    _ attributes: Named<AttributeValue>, of object: String, reserved: Set<String>,
    _ refuse: (_ object: String, _ detail: String, _ mend: String) -> StorageError
  ) throws(StorageError) {
    for (name, value) in attributes {
      guard !name.isEmpty, !name.utf8.contains(0) else {
        throw refuse(object, "has an attribute without a usable name", "Name it.")
      }
      guard !reserved.contains(name) else {
        throw refuse(object, "has an attribute \"\(name)\", which the file layer writes itself", "Rename it.")
      }
      guard !value.containsNUL else {
        throw refuse(object, "has a NUL character in its attribute \"\(name)\"", "Remove it.")
      }
    }
  }
}

extension Values {
  /// Texts as an attribute, to look into them; `nil` for numbers.
  fileprivate var asAttribute: AttributeValue? { if case .strings(let texts) = self { .strings(texts) } else { nil } }
}

extension AttributeValue {
  /// Whether a text holds the character that ends a text in a file.
  fileprivate var containsNUL: Bool {
    switch self {
    case .string(let text): text.utf8.contains(0)
    case .strings(let texts): texts.contains { $0.utf8.contains(0) }
    default: false
    }
  }
}
