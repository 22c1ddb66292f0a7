import CHDF5

/// What an open dataset says about itself before its elements are read.
struct DatasetHeader {
  let type: ElementType
  let shape: [Int]
  let isExtendible: Bool

  init(_ dataset: hid_t, _ path: String) throws(LibraryError) {
    let stored = try Handle(path, H5Dget_type(dataset), closedBy: H5Tclose)
    type = try ElementType(stored: stored.id, of: path)
    let space = try Handle(path, H5Dget_space(dataset), closedBy: H5Sclose)
    let rank = Int(try check(path, H5Sget_simple_extent_ndims(space.id)))
    var current = [hsize_t](repeating: 0, count: rank)
    var maximum = current
    if rank > 0 { try check(path, H5Sget_simple_extent_dims(space.id, &current, &maximum)) }
    shape = current.map { Int($0) }
    isExtendible = maximum.contains(h5_unlimited())
  }

  /// Reads every element.
  func values(of dataset: hid_t, _ path: String) throws(LibraryError) -> Values {
    let space = try Handle(path, H5Dget_space(dataset), closedBy: H5Sclose)
    let count = shape.reduce(1, *)
    return try Values.read(path, type, count: count, space: space.id) { (memoryType, memory) throws(LibraryError) in
      try check(path, H5Dread(dataset, memoryType, h5_all(), h5_all(), h5_default(), memory))
    }
  }
}
