import CHDF5

/// Reads the attributes of one open group or dataset.
struct AttributeReader {
  /// The open object.
  let object: hid_t
  /// Its path, for messages.
  let path: String

  /// Every attribute in its order of creation, or by name where that was not kept.
  func all(except hidden: Set<String>) throws(LibraryError) -> Named<AttributeValue> {
    let count = try check(path, h5_attribute_count(object))
    var result: Named<AttributeValue> = [:]
    for position in 0..<UInt64(count) {
      var id = H5Aopen_by_idx(
        object, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, position, h5_default(), h5_default())
      if id < 0 {
        _ = H5Eclear2(h5_error_stack())
        id = H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, position, h5_default(), h5_default())
      }
      let attribute = try Handle(path, id, closedBy: H5Aclose)
      let name = try nameBuffer(path) { H5Aget_name(attribute.id, $1, $0) }
      if !hidden.contains(name) { result[name] = try read(attribute.id, "\(path)@\(name)") }
    }
    return result
  }

  /// The text of one attribute, or `nil` when there is none of that name.
  func text(_ name: String) throws(LibraryError) -> String? {
    guard try check(path, H5Aexists(object, name)) > 0 else { return nil }
    let attribute = try Handle(path, H5Aopen(object, name, h5_default()), closedBy: H5Aclose)
    return try read(attribute.id, "\(path)@\(name)").text
  }

  private func read(_ attribute: hid_t, _ label: String) throws(LibraryError) -> AttributeValue {
    let stored = try Handle(label, H5Aget_type(attribute), closedBy: H5Tclose)
    let type = try ElementType(stored: stored.id, of: label)
    let space = try Handle(label, H5Aget_space(attribute), closedBy: H5Sclose)
    let isArray: Bool
    switch H5Sget_simple_extent_type(space.id) {
    case H5S_NULL: return .string("")
    case H5S_SCALAR: isArray = false
    default: isArray = true
    }
    let count = Int(try check(label, H5Sget_simple_extent_npoints(space.id)))
    // A damaged header may claim any number of elements of any size.
    let (bytes, overflows) = count.multipliedReportingOverflow(by: H5Tget_size(stored.id))
    guard !overflows, bytes <= (try fileSize(holding: attribute, label)) else {
      throw LibraryError(label, "it claims more bytes than the file has")
    }
    if type == .string, try check(label, H5Tis_variable_str(stored.id)) == 0 {
      return .string(try fixedText(attribute, stored.id, label, count: count))
    }
    let values = try Values.read(label, type, count: count, space: space.id) {
      (memoryType, memory) throws(LibraryError) in
      try check(label, H5Aread(attribute, memoryType, memory))
    }
    switch values {
    case .float32(let numbers): return isArray ? .numbers(numbers.map(Double.init)) : .number(Double(numbers[0]))
    case .float64(let numbers): return isArray ? .numbers(numbers) : .number(numbers[0])
    case .int64(let integers): return isArray ? .integers(integers) : .integer(integers[0])
    case .uint8(let bytes): return isArray ? .integers(bytes.map(Int64.init)) : .boolean(bytes[0] != 0)
    case .strings(let texts): return isArray ? .strings(texts) : .string(texts[0])
    }
  }

  /// A text of fixed length, as the dimension scales' own attributes are written.
  private func fixedText(
    _ attribute: hid_t, _ type: hid_t, _ label: String, count: Int
  ) throws(LibraryError) -> String {
    guard count == 1 else { throw LibraryError(label, "an array of texts of fixed length") }
    var bytes = [UInt8](repeating: 0, count: H5Tget_size(type))
    try check(label, H5Aread(attribute, type, &bytes))
    guard let text = String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self) else {
      throw LibraryError(label, "its text is not valid UTF-8")
    }
    return text
  }
}

/// Asks for a name twice: for its length, then for its bytes.
func nameBuffer(
  _ object: String, _ call: (UnsafeMutablePointer<CChar>?, Int) -> Int
) throws(LibraryError) -> String {
  let length = try check(object, call(nil, 0))
  var bytes = [CChar](repeating: 0, count: length + 1)
  try check(object, call(&bytes, length + 1))
  guard let name = String(validating: bytes.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) else {
    throw LibraryError(object, "a name in it is not valid UTF-8")
  }
  return name
}
