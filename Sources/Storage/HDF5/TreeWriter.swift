import CHDF5
import Tensors

/// Writes a group tree into an open file as netCDF-4 lays it out.
///
/// - Dimensions are dimension scales, attached to every axis; one without coordinates carries netCDF's marker.
/// - Links and attributes keep their order of creation; objects carry no times, so that equal trees give equal bytes.
/// - Up to 16 KiB an array lies compactly in its header, whose checksum covers it; above, it is cut into chunks of about
///   1 MiB, shuffled, deflated and given a checksum of its own. Strings lie uncompressed: what stands there are references.
struct TreeWriter {
  /// Where a dimension scale stands.
  struct Scale {
    var path: String
    var dimension: Dimension
  }

  /// The open file.
  let file: hid_t
  /// Whether chunks are shuffled, deflated and given a checksum. What is written live is not: its chunks are written again
  /// in place while others read them.
  var filters = true

  private static let compactLimit = 16 * 1024
  private static let chunkBytes = 1 << 20
  private static let rowsOfGrowth = 256

  /// Writes what is in `group` into the existing group at `path`.
  func write(_ group: Group, at path: String, inherited: [String: Scale] = [:]) throws(LibraryError) {
    let handle = try Handle.group(file, path)
    let attributes = AttributeWriter(object: handle.id, path: path)
    for (name, value) in group.attributes { try attributes.write(name, value) }

    var scales = inherited
    for dimension in group.dimensions {
      let scale = Scale(path: path.appending(component: dimension.name), dimension: dimension)
      try write(scale)
      scales[dimension.name] = scale
    }
    for variable in group.variables { try write(variable, at: path.appending(component: variable.name), scales) }
    for (name, subgroup) in group.groups {
      let subpath = path.appending(component: name)
      try createGroup(subpath)
      try write(subgroup, at: subpath, inherited: scales)
    }
  }

  /// Sets what every group's and the root's creation properties share.
  static func setGroupProperties(_ properties: hid_t) throws(LibraryError) {
    try check("group properties", H5Pset_link_creation_order(properties, h5_creation_order()))
    try check("group properties", H5Pset_attr_creation_order(properties, h5_creation_order()))
    try check("group properties", H5Pset_obj_track_times(properties, false))
  }

  private func createGroup(_ path: String) throws(LibraryError) {
    let properties = try Handle.properties(h5_group_create_class())
    try TreeWriter.setGroupProperties(properties.id)
    _ = try Handle(path, H5Gcreate2(file, path, h5_default(), properties.id, h5_default()), closedBy: H5Gclose)
  }

  private func write(_ scale: Scale) throws(LibraryError) {
    let dimension = scale.dimension
    let path = scale.path
    let extendible = [dimension.isExtendible]
    let name: String
    let dataset: Handle
    if let coordinates = dimension.coordinates {
      name = dimension.name
      dataset = try create(path, ElementType(coordinates), [dimension.length], extendible)
      try fill(dataset.id, path, with: coordinates)
    } else {
      // netCDF's marker for a dimension that is not a variable; the type is the one it uses itself.
      let digits = String(dimension.length)
      let padding = String(repeating: " ", count: max(0, 10 - digits.count))
      name = "This is a netCDF dimension but not a netCDF variable. \(padding)\(digits)"
      dataset = try create(path, .float32, [dimension.length], extendible, holdsData: false)
    }
    try check(path, H5DSset_scale(dataset.id, name))
    let attributes = AttributeWriter(object: dataset.id, path: path)
    if !dimension.units.isEmpty { try attributes.write("units", .string(dimension.units)) }
    try attributes.write("long_name", .string(dimension.longName))
  }

  private func write(_ variable: Variable, at path: String, _ scales: [String: Scale]) throws(LibraryError) {
    let extendible = variable.dimensions.map { scales[$0]?.dimension.isExtendible ?? false }
    let dataset = try create(path, ElementType(variable.values), variable.shape.dimensions, extendible)
    try fill(dataset.id, path, with: variable.values)
    try describe(
      dataset.id, path, ElementType(variable.values), units: variable.units, longName: variable.longName,
      further: variable.attributes)
    try attach(variable.dimensions, dataset.id, path, scales)
  }

  /// Writes the attributes of a variable of a type.
  func describe(
    _ dataset: hid_t, _ path: String, _ type: ElementType, units: String, longName: String,
    further: Named<AttributeValue> = [:]
  ) throws(LibraryError) {
    let attributes = AttributeWriter(object: dataset, path: path)
    switch type {
    case .float32: try attributes.write("_FillValue", .float32([.nan]), shape: [1])
    case .float64: try attributes.write("_FillValue", .float64([.nan]), shape: [1])
    default: break
    }
    if !units.isEmpty { try attributes.write("units", .string(units)) }
    try attributes.write("long_name", .string(longName))
    for (name, value) in further { try attributes.write(name, value) }
  }

  /// Attaches the dimension scales to a dataset's axes.
  func attach(
    _ dimensions: [String], _ dataset: hid_t, _ path: String, _ scales: [String: Scale]
  ) throws(LibraryError) {
    for (axis, name) in dimensions.enumerated() {
      guard let scale = scales[name] else { throw LibraryError(path, "no dimension \"\(name)\" is in its reach") }
      let handle = try Handle.dataset(file, scale.path)
      try check(path, H5DSattach_scale(dataset, handle.id, UInt32(axis)))
    }
  }

  /// The creation properties of every dataset here: order of attributes, no times, NaN where nothing was written.
  static func datasetProperties(_ type: ElementType, _ path: String) throws(LibraryError) -> Handle {
    let properties = try Handle.properties(h5_dataset_create_class())
    try check(path, H5Pset_attr_creation_order(properties.id, h5_creation_order()))
    try check(path, H5Pset_obj_track_times(properties.id, false))
    if type.isFloat {
      var missing = Double.nan
      try check(path, H5Pset_fill_value(properties.id, h5_native_double(), &missing))
    }
    return properties
  }

  private func create(
    _ path: String, _ type: ElementType, _ shape: [Int], _ extendible: [Bool], holdsData: Bool = true
  ) throws(LibraryError) -> Handle {
    let properties = try TreeWriter.datasetProperties(type, path)
    let count = shape.reduce(1, *)
    let bytes = count * type.size
    if extendible.contains(true) {
      try setChunks(properties.id, path, type, zip(shape, extendible).map { $1 ? TreeWriter.rowsOfGrowth : max($0, 1) })
    } else if holdsData, count > 0, bytes <= TreeWriter.compactLimit {
      try check(path, H5Pset_layout(properties.id, H5D_COMPACT))
    } else if holdsData, count > 0, type != .string {
      try setChunks(properties.id, path, type, shape)
    }
    let space = try Handle.space(shape, extendible: extendible)
    let id = try type.withIdentifier(inFile: true) { (fileType) throws(LibraryError) in
      try check(path, H5Dcreate2(file, path, fileType, space.id, h5_default(), properties.id, h5_default()))
    }
    return try Handle(path, id, closedBy: H5Dclose)
  }

  private func setChunks(
    _ properties: hid_t, _ path: String, _ type: ElementType, _ shape: [Int]
  ) throws(LibraryError) {
    // Halve the slowest axis that still can be until a chunk is small enough.
    var chunk = shape
    while chunk.reduce(type.size, *) > TreeWriter.chunkBytes, let axis = chunk.firstIndex(where: { $0 > 1 }) {
      chunk[axis] = (chunk[axis] + 1) / 2
    }
    try check(path, H5Pset_chunk(properties, Int32(chunk.count), chunk.map { hsize_t($0) }))
    if type == .string || !filters { return }
    try check(path, H5Pset_shuffle(properties))
    try check(path, H5Pset_deflate(properties, 4))
    try check(path, H5Pset_fletcher32(properties))
  }

  private func fill(_ dataset: hid_t, _ path: String, with values: Values) throws(LibraryError) {
    if values.count == 0 { return }
    try ElementType(values).withIdentifier(inFile: false) { (memoryType) throws(LibraryError) in
      _ = try values.withRawPointer { (pointer) throws(LibraryError) in
        try check(path, H5Dwrite(dataset, memoryType, h5_all(), h5_all(), h5_default(), pointer))
      }
    }
  }
}

extension String {
  /// The path of a member of the group at this path.
  func appending(component: String) -> String { hasSuffix("/") ? self + component : self + "/" + component }
}
