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
    shape = current.map { Int(clamping: $0) }
    isExtendible = maximum.contains(h5_unlimited())
  }

  /// Reads every element.
  func values(of dataset: hid_t, _ path: String) throws(LibraryError) -> Values {
    let space = try Handle(path, H5Dget_space(dataset), closedBy: H5Sclose)
    let count = try elementCount(of: dataset, path)
    return try Values.read(path, type, count: count, space: space.id) { (memoryType, memory) throws(LibraryError) in
      try check(path, H5Dread(dataset, memoryType, h5_all(), h5_all(), h5_default(), memory))
    }
  }

  /// The number of elements, if the file can hold as many: a damaged header may claim any number of them and of bytes
  /// stored, and HDF5 makes up what is missing. No filter makes less than a thousandth of anything; views of other files
  /// hold nothing themselves.
  private func elementCount(of dataset: hid_t, _ path: String) throws(LibraryError) -> Int {
    var bytes = type.size
    for extent in shape {
      let (product, overflows) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflows else { throw LibraryError(path, "it claims the impossible shape \(shape)") }
      bytes = product
    }
    let properties = try Handle(path, H5Dget_create_plist(dataset), closedBy: H5Pclose)
    let stored = min(Int(clamping: H5Dget_storage_size(dataset)), try fileSize(holding: dataset, path))
    guard H5Pget_layout(properties.id) == H5D_VIRTUAL || bytes / 2048 <= stored + 512 else {
      throw LibraryError(path, "it claims \(bytes) bytes, and \(stored) are stored")
    }
    return bytes / type.size
  }
}
