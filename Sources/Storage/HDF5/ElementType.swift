import CHDF5

/// The element types that files hold, as HDF5 knows them.
enum ElementType: Sendable, Equatable {
  case float32, float64, int64, uint8, string

  init(_ values: Values) {
    self =
      switch values {
      case .float32: .float32
      case .float64: .float64
      case .int64: .int64
      case .uint8: .uint8
      case .strings: .string
      }
  }

  /// The type that values of a stored type are read as: integers of every width but unsigned bytes as int64, floats wider
  /// than single precision as float64.
  init(stored type: hid_t, of object: String) throws(LibraryError) {
    let size = H5Tget_size(type)
    switch H5Tget_class(type) {
    case H5T_FLOAT: self = size <= 4 ? .float32 : .float64
    case H5T_INTEGER: self = size == 1 && H5Tget_sign(type) == H5T_SGN_NONE ? .uint8 : .int64
    case H5T_STRING: self = .string
    default: throw LibraryError(object, "its type is neither a number nor a string")
    }
  }

  /// Bytes of an element in memory, for strings of the pointer to it.
  var size: Int {
    switch self {
    case .float32: 4
    case .float64, .int64, .string: 8
    case .uint8: 1
    }
  }

  var isFloat: Bool { self == .float32 || self == .float64 }

  /// Gives `body` the identifier of the type in memory or in the file.
  func withIdentifier<Result>(
    inFile: Bool, _ body: (hid_t) throws(LibraryError) -> Result
  ) throws(LibraryError) -> Result {
    switch self {
    case .float32: return try body(inFile ? h5_file_float32() : h5_native_float())
    case .float64: return try body(inFile ? h5_file_float64() : h5_native_double())
    case .int64: return try body(inFile ? h5_file_int64() : h5_native_int64())
    case .uint8: return try body(inFile ? h5_file_uint8() : h5_native_uint8())
    case .string:
      let type = try Handle("string type", H5Tcopy(h5_c_string()), closedBy: H5Tclose)
      try check("string type", H5Tset_size(type.id, h5_variable_length()))
      try check("string type", H5Tset_cset(type.id, H5T_CSET_UTF8))
      return try body(type.id)
    }
  }
}

extension Values {
  /// Gives `body` the elements as HDF5 wants them: numbers as they are, strings as an array of C strings.
  func withRawPointer<Result>(
    _ body: (UnsafeRawPointer) throws(LibraryError) -> Result
  ) throws(LibraryError) -> Result {
    switch self {
    case .float32(let values): return try Values.withPointer(to: values, body)
    case .float64(let values): return try Values.withPointer(to: values, body)
    case .int64(let values): return try Values.withPointer(to: values, body)
    case .uint8(let values): return try Values.withPointer(to: values, body)
    case .strings(let values):
      // All texts in one buffer, each ended by NUL, and an array of pointers into it.
      let bytes = values.flatMap { $0.utf8 + [0] }
      var offsets: [Int] = []
      var offset = 0
      for text in values {
        offsets.append(offset)
        offset += text.utf8.count + 1
      }
      return try Values.withPointer(to: bytes) { (base) throws(LibraryError) in
        try Values.withPointer(to: offsets.map { base + $0 }, body)
      }
    }
  }

  private static func withPointer<Element, Result>(
    to elements: [Element], _ body: (UnsafeRawPointer) throws(LibraryError) -> Result
  ) throws(LibraryError) -> Result {
    // An empty array has no address; HDF5 wants one, and reads nothing from it.
    if elements.isEmpty { return try withUnsafePointer(to: 0) { (pointer) throws(LibraryError) in try body(pointer) } }
    return try elements.withUnsafeBufferPointer { (buffer) throws(LibraryError) in try body(buffer.baseAddress!) }
  }

  /// Reads `count` elements through `fill`, which is given memory and the type to read as.
  ///
  /// `space` describes the memory, for giving strings back to the library.
  static func read(
    _ object: String, _ type: ElementType, count: Int, space: hid_t,
    fill: (_ memoryType: hid_t, _ memory: UnsafeMutableRawPointer) throws(LibraryError) -> Void
  ) throws(LibraryError) -> Values {
    switch type {
    case .float32: return .float32(try array(type, count, fill))
    case .float64: return .float64(try array(type, count, fill))
    case .int64: return .int64(try array(type, count, fill))
    case .uint8: return .uint8(try array(type, count, fill))
    case .string:
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      if count == 0 { return .strings([]) }
      return .strings(
        try type.withIdentifier(inFile: false) { (memoryType) throws(LibraryError) in
          try pointers.withUnsafeMutableBufferPointer { (buffer) throws(LibraryError) in
            let memory = UnsafeMutableRawPointer(buffer.baseAddress!)
            defer { _ = H5Dvlen_reclaim(memoryType, space, h5_default(), memory) }
            try fill(memoryType, memory)
            var texts: [String] = []
            texts.reserveCapacity(count)
            for pointer in buffer {
              guard let pointer else {
                texts.append("")
                continue
              }
              guard let text = String(validatingCString: pointer) else {
                throw LibraryError(object, "its text is not valid UTF-8")
              }
              texts.append(text)
            }
            return texts
          }
        })
    }
  }

  private static func array<Element>(
    _ type: ElementType, _ count: Int,
    _ fill: (_ memoryType: hid_t, _ memory: UnsafeMutableRawPointer) throws(LibraryError) -> Void
  ) throws(LibraryError) -> [Element] {
    if count == 0 { return [] }
    return try type.withIdentifier(inFile: false) { (memoryType) throws(LibraryError) in
      try [Element](unsafeUninitializedCapacity: count) { (buffer, initialized) throws(LibraryError) in
        try fill(memoryType, UnsafeMutableRawPointer(buffer.baseAddress!))
        initialized = count
      }
    }
  }
}
