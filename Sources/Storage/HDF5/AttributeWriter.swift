import CHDF5

/// Writes attributes onto one group or dataset.
struct AttributeWriter {
  /// The open object.
  let object: hid_t
  /// Its path, for messages.
  let path: String

  func write(_ name: String, _ value: AttributeValue) throws(LibraryError) {
    switch value {
    case .string(let text): try write(name, .strings([text]), shape: [])
    case .integer(let integer): try write(name, .int64([integer]), shape: [])
    case .number(let number): try write(name, .float64([number]), shape: [])
    case .boolean(let flag): try write(name, .uint8([flag ? 1 : 0]), shape: [])
    case .strings(let texts): try write(name, .strings(texts), shape: [texts.count])
    case .integers(let integers): try write(name, .int64(integers), shape: [integers.count])
    case .numbers(let numbers): try write(name, .float64(numbers), shape: [numbers.count])
    }
  }

  func write(_ name: String, _ values: Values, shape: [Int]) throws(LibraryError) {
    let label = "\(path)@\(name)"
    let type = ElementType(values)
    let space = try Handle.space(shape)
    let properties = try Handle.properties(h5_attribute_create_class())
    try check(label, H5Pset_char_encoding(properties.id, H5T_CSET_UTF8))
    let attribute = try type.withIdentifier(inFile: true) { (fileType) throws(LibraryError) in
      try check(label, H5Acreate2(object, name, fileType, space.id, properties.id, h5_default()))
    }
    let handle = try Handle(label, attribute, closedBy: H5Aclose)
    if values.count == 0 { return }
    try type.withIdentifier(inFile: false) { (memoryType) throws(LibraryError) in
      _ = try values.withRawPointer { (pointer) throws(LibraryError) in
        try check(label, H5Awrite(handle.id, memoryType, pointer))
      }
    }
  }
}
