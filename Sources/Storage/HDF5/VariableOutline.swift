import CHDF5

/// A variable without its elements.
struct VariableOutline: Sendable, Equatable {
  var path: String
  var type: ElementType
  var shape: [Int]
  /// The path of the dimension of each axis.
  var dimensions: [String]
  var units: String
  var longName: String
}

extension TreeReader {
  /// The variables below a group and, by path, every dimension that they stand along. A group that is not there has none.
  mutating func outline(
    of path: String
  ) throws(LibraryError) -> (variables: [VariableOutline], dimensions: [String: Dimension]) {
    guard try check(path, H5Lexists(file, path, h5_default())) > 0 else { return ([], [:]) }
    try registerScales(above: path)
    var variables: [VariableOutline] = []
    try collect(path, into: &variables)
    var dimensions: [String: Dimension] = [:]
    for dimension in Set(variables.flatMap(\.dimensions)) { dimensions[dimension] = try readDimension(dimension) }
    return (variables, dimensions)
  }

  private mutating func collect(_ path: String, into variables: inout [VariableOutline]) throws(LibraryError) {
    let members = try members(of: path)
    register(members, of: path)
    for (name, member) in members {
      let memberPath = path.appending(component: name)
      switch member {
      case .scale: continue
      case .group: try collect(memberPath, into: &variables)
      case .variable:
        let dataset = try Handle.dataset(file, memberPath)
        let header = try DatasetHeader(dataset.id, memberPath)
        let attributes = AttributeReader(object: dataset.id, path: memberPath)
        variables.append(
          VariableOutline(
            path: memberPath, type: header.type, shape: header.shape,
            dimensions: try scalePaths(of: dataset.id, memberPath, rank: header.shape.count),
            units: try attributes.text("units") ?? "", longName: try attributes.text("long_name") ?? words(of: name)))
      }
    }
  }
}
