import CHDF5
import Tensors

/// Reads group trees out of an open file.
///
/// It remembers each dimension scale by its object's address, so that a variable's axes are named by what is attached to
/// them, wherever in the file that stands.
struct TreeReader {
  /// The attributes through which dimensions, units and missing values are told, and that are not the writer's own.
  static let ownAttributes: Set<String> = [
    "CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST", "DIMENSION_LABELS", "_FillValue", "_Netcdf4Dimid",
    "_Netcdf4Coordinates", "_NCProperties", "units", "long_name",
  ]

  /// A member of a group, by kind.
  enum Member {
    case group
    case scale(address: UInt64)
    case variable
  }

  /// The open file.
  let file: hid_t
  /// Paths of the dimension scales seen so far, by address.
  private var scales: [UInt64: String] = [:]

  init(file: hid_t) { self.file = file }

  /// Reads the whole tree below the group at `path`, with the dimensions above it that its own variables use.
  mutating func tree(at path: String) throws(LibraryError) -> Group {
    try registerScales(above: path)
    return try subtree(at: path, isRoot: true)
  }

  /// Reads one variable.
  mutating func variable(at path: String) throws(LibraryError) -> Variable {
    let components = path.split(separator: "/")
    let parent = "/" + components.dropLast().joined(separator: "/")
    try registerScales(above: parent)
    guard let name = components.last,
      case .variable? = try members(of: parent).first(where: { $0.name == name })?.member
    else { throw LibraryError(path, "there is no such variable", kind: .absent) }
    return try readVariable(parent.appending(component: String(name)))
  }

  /// Reads the attributes of the group at `path`.
  func attributes(ofGroup path: String) throws(LibraryError) -> Named<AttributeValue> {
    try requireGroup(path)
    let handle = try Handle.group(file, path)
    return try AttributeReader(object: handle.id, path: path).all(except: ["_NCProperties", "CLASS", "NAME"])
  }

  /// The names of the groups within the group at `path`, in order.
  func groupNames(in path: String) throws(LibraryError) -> [String] {
    try requireGroup(path)
    return try members(of: path).compactMap { if case .group = $0.member { $0.name } else { nil } }
  }

  /// Registers the dimension scales of a group and of every group above it.
  mutating func registerScales(above path: String) throws(LibraryError) {
    var current = "/"
    register(try members(of: current), of: current)
    for component in path.split(separator: "/") {
      current = current.appending(component: String(component))
      try requireGroup(current)
      register(try members(of: current), of: current)
    }
  }

  mutating func register(_ members: [(name: String, member: Member)], of path: String) {
    for (name, member) in members {
      if case .scale(let address) = member { scales[address] = path.appending(component: name) }
    }
  }

  private func requireGroup(_ path: String) throws(LibraryError) {
    if path == "/" { return }
    let exists = try check(path, H5Lexists(file, path, h5_default()))
    guard exists > 0 else { throw LibraryError(path, "there is no such group", kind: .absent) }
    let object = try Handle(path, H5Oopen(file, path, h5_default()), closedBy: H5Oclose)
    guard H5Iget_type(object.id) == H5I_GROUP else {
      throw LibraryError(path, "it is not a group", kind: .absent)
    }
  }

  private mutating func subtree(at path: String, isRoot: Bool = false) throws(LibraryError) -> Group {
    let members = try members(of: path)
    register(members, of: path)
    var group = Group(attributes: try attributes(ofGroup: path))
    for (name, member) in members {
      let memberPath = path.appending(component: name)
      switch member {
      case .group: group.groups[name] = try subtree(at: memberPath)
      case .scale: group.dimensions.append(try readDimension(memberPath))
      case .variable: group.variables.append(try readVariable(memberPath))
      }
    }
    if isRoot { try adoptInherited(into: &group, at: path) }
    return group
  }

  /// Adds the dimensions from above that the variables of a subtree use, so that it stands by itself.
  private func adoptInherited(into group: inout Group, at path: String) throws(LibraryError) {
    for name in group.namesOutOfReach() {
      // The nearest one above is the one meant.
      let candidates = scales.values.filter { candidate in
        let (parent, last) = candidate.splitLast()
        return last == name && (parent == "/" || path.hasPrefix(parent + "/"))
      }
      guard let nearest = candidates.max(by: { $0.count < $1.count }) else {
        throw LibraryError(path, "its dimension \"\(name)\" is not in the file")
      }
      group.dimensions.append(try readDimension(nearest))
    }
  }

  /// The members of a group in their order of creation, or by name where that was not kept.
  func members(of path: String) throws(LibraryError) -> [(name: String, member: Member)] {
    let group = try Handle.group(file, path)
    var info = H5G_info_t()
    try check(path, H5Gget_info(group.id, &info))
    let properties = try Handle(path, H5Gget_create_plist(group.id), closedBy: H5Pclose)
    var order: UInt32 = 0
    try check(path, H5Pget_link_creation_order(properties.id, &order))
    let index = order & h5_creation_order() == h5_creation_order() ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME

    var members: [(name: String, member: Member)] = []
    for position in 0..<info.nlinks {
      let name = try nameBuffer(path) { buffer, size in
        H5Lget_name_by_idx(group.id, ".", index, H5_ITER_INC, position, buffer, size, h5_default())
      }
      let memberPath = path.appending(component: name)
      let object = try Handle(memberPath, H5Oopen(group.id, name, h5_default()), closedBy: H5Oclose)
      switch H5Iget_type(object.id) {
      case H5I_GROUP: members.append((name, .group))
      case H5I_DATASET:
        if try check(memberPath, H5DSis_scale(object.id)) > 0 {
          members.append((name, .scale(address: try TreeReader.address(of: object.id, memberPath))))
        } else {
          members.append((name, .variable))
        }
      default: throw LibraryError(memberPath, "it is neither a group nor an array")
      }
    }
    return members
  }

  /// The address that identifies an open object.
  static func address(of object: hid_t, _ path: String) throws(LibraryError) -> UInt64 {
    var address: UInt64 = 0
    try check(path, h5_object_identity(object, &address))
    return address
  }

  /// The path of the dimension scale on each axis of an open dataset.
  func scalePaths(of dataset: hid_t, _ path: String, rank: Int) throws(LibraryError) -> [String] {
    var paths: [String] = []
    for axis in 0..<rank {
      var address: UInt64 = 0
      let found = H5DSiterate_scales(
        dataset, UInt32(axis), nil,
        { _, _, scale, context in
          guard let context else { return -1 }
          return h5_object_identity(scale, context.assumingMemoryBound(to: UInt64.self)) < 0 ? -1 : 1
        }, &address)
      try check(path, found)
      guard found > 0, let scale = scales[address] else {
        throw LibraryError(path, "its axis \(axis) has no dimension scale in reach")
      }
      paths.append(scale)
    }
    return paths
  }

  func readDimension(_ path: String) throws(LibraryError) -> Dimension {
    let dataset = try Handle.dataset(file, path)
    let header = try DatasetHeader(dataset.id, path)
    guard header.shape.count == 1 else { throw LibraryError(path, "a dimension scale of rank \(header.shape.count)") }
    let attributes = AttributeReader(object: dataset.id, path: path)
    let name = path.splitLast().last
    let longName = try attributes.text("long_name") ?? words(of: name)
    let units = try attributes.text("units") ?? ""
    var dimension = Dimension(
      name, length: header.shape[0], units: units, longName: longName, isExtendible: header.isExtendible)
    let marker = try attributes.text("NAME") ?? ""
    if !marker.hasPrefix("This is a netCDF dimension but not a netCDF variable") {
      dimension.coordinates = try header.values(of: dataset.id, path)
    }
    return dimension
  }

  private func readVariable(_ path: String) throws(LibraryError) -> Variable {
    let dataset = try Handle.dataset(file, path)
    let header = try DatasetHeader(dataset.id, path)
    let dimensions = try scalePaths(of: dataset.id, path, rank: header.shape.count).map { $0.splitLast().last }
    let attributes = AttributeReader(object: dataset.id, path: path)
    let name = path.splitLast().last
    let units = try attributes.text("units") ?? ""
    let longName = try attributes.text("long_name")
    let values = try header.values(of: dataset.id, path)
    guard values.count == header.shape.reduce(1, *) else { throw LibraryError(path, "it holds too few elements") }
    return Variable(
      name, along: dimensions, shape: Shape(header.shape), values: values, units: units, longName: longName,
      attributes: try attributes.all(except: TreeReader.ownAttributes))
  }
}

extension Group {
  /// The dimensions that variables of this subtree stand along and that it does not declare.
  fileprivate func namesOutOfReach(declared: Set<String> = []) -> [String] {
    let declared = declared.union(dimensions.map(\.name))
    let missing =
      variables.flatMap(\.dimensions).filter { !declared.contains($0) }
      + groups.flatMap { $0.value.namesOutOfReach(declared: declared) }
    var seen: Set<String> = []
    return missing.filter { seen.insert($0).inserted }
  }
}

extension String {
  /// "/a/b/c" in two: "/a/b" and "c".
  func splitLast() -> (parent: String, last: String) {
    guard let slash = lastIndex(of: "/") else { return ("/", self) }
    let parent = String(self[..<slash])
    return (parent.isEmpty ? "/" : parent, String(self[index(after: slash)...]))
  }
}
