import CHDF5

/// An HDF5 identifier that is closed exactly once, at the latest when it goes out of scope.
struct Handle: ~Copyable {
  /// The identifier.
  let id: hid_t
  private let closing: @convention(c) (hid_t) -> herr_t

  /// Takes ownership of an identifier; a negative one is the failure of the call that made it.
  init(
    _ object: String, _ id: hid_t, closedBy closing: @escaping @convention(c) (hid_t) -> herr_t
  ) throws(LibraryError) {
    try check(object, id)
    self.id = id
    self.closing = closing
  }

  deinit { _ = closing(id) }

  /// Closes the identifier and says whether that worked: for a file, closing is the last write.
  consuming func close(_ object: String) throws(LibraryError) {
    let status = closing(id)
    discard self
    try check(object, status)
  }
}

extension Handle {
  /// Opens a dataset.
  static func dataset(_ location: hid_t, _ path: String) throws(LibraryError) -> Handle {
    try Handle(path, H5Dopen2(location, path, h5_default()), closedBy: H5Dclose)
  }

  /// Opens a group.
  static func group(_ location: hid_t, _ path: String) throws(LibraryError) -> Handle {
    try Handle(path, H5Gopen2(location, path, h5_default()), closedBy: H5Gclose)
  }

  /// Makes a property list.
  static func properties(_ kind: hid_t) throws(LibraryError) -> Handle {
    try Handle("property list", H5Pcreate(kind), closedBy: H5Pclose)
  }

  /// Makes a dataspace; rank 0 is a scalar's.
  static func space(_ extents: [Int], extendible: [Bool] = []) throws(LibraryError) -> Handle {
    if extents.isEmpty { return try Handle("dataspace", H5Screate(H5S_SCALAR), closedBy: H5Sclose) }
    let current = extents.map { hsize_t($0) }
    let maximum = current.indices.map { axis in
      extendible.indices.contains(axis) && extendible[axis] ? h5_unlimited() : current[axis]
    }
    return try Handle(
      "dataspace", H5Screate_simple(Int32(extents.count), current, maximum), closedBy: H5Sclose)
  }
}

/// The size in bytes of the file that an open object lies in.
func fileSize(holding object: hid_t, _ path: String) throws(LibraryError) -> Int {
  let file = try Handle(path, H5Iget_file_id(object), closedBy: H5Fclose)
  var size: hsize_t = 0
  try check(path, H5Fget_filesize(file.id, &size))
  return Int(clamping: size)
}
