import Tensors

/// One array in NumPy's NPY format, versions 1 to 3.
///
/// The format: `\x93NUMPY`, the version's two bytes, the header's length (little-endian, 2 bytes in version 1, 4 after), the
/// header, a Python dictionary such as `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }`, then the elements.
/// Taken are integers, truth values and floats of 4 or 8 bytes, of either byte order and either order of axes.
package enum NPYFile {
  private static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The array in the bytes of a file; `path` names it in errors.
  package static func array(_ bytes: ArraySlice<UInt8>, path: String) throws(DatasetError) -> StoredArray {
    guard bytes.starts(with: signature) else {
      throw .foreign(path: path, reason: "an NPY file begins with the byte 0x93 and NUMPY")
    }
    let start = bytes.startIndex
    guard bytes.count >= 12 else { throw .truncated(path: path, expected: 12, found: bytes.count) }
    let lengthBytes = bytes[start + 6] == 1 ? 2 : 4
    guard (1...3).contains(bytes[start + 6]) else {
      throw .foreign(path: path, reason: "its version of NPY is \(bytes[start + 6]), and 1 to 3 are known")
    }
    let length = Int(truncatingIfNeeded: littleEndian(bytes[(start + 8)..<(start + 8 + lengthBytes)]))
    let dataStart = 8 + lengthBytes + length
    guard bytes.count >= dataStart else { throw .truncated(path: path, expected: dataStart, found: bytes.count) }
    guard let text = String(validating: bytes[(start + 8 + lengthBytes)..<(start + dataStart)], as: UTF8.self),
      let header = NPYHeader(text)
    else { throw .foreign(path: path, reason: "its NPY header is no dictionary of descr, fortran_order and shape") }
    guard let element = NPYElement(header.description) else {
      throw .foreign(
        path: path,
        reason:
          "its elements are of the type \(header.description), and integers, truth values and floats of 4 or 8 bytes are "
          + "read (NumPy's astype converts)")
    }
    guard let count = elementCount(header.shape) else {
      throw .foreign(path: path, reason: "its header gives the impossible shape \(header.shape)")
    }
    let expected = dataStart + count * element.size
    guard bytes.count >= expected else { throw .truncated(path: path, expected: expected, found: bytes.count) }
    guard bytes.count == expected else {
      throw .foreign(path: path, reason: "\(bytes.count - expected) bytes follow the data of shape \(header.shape)")
    }
    let values = element.values(in: bytes[(start + dataStart)...], count: count)
    return StoredArray(
      shape: Shape(header.shape), kind: element.kind,
      values: header.isColumnMajor ? rowMajor(values, shape: header.shape) : values)
  }

  /// The elements of a column-major array in row-major order.
  private static func rowMajor(_ values: [Float], shape: [Int]) -> [Float] {
    var strides: [Int] = []
    var stride = 1
    for extent in shape {
      strides.append(stride)
      stride *= extent
    }
    var indices = [Int](repeating: 0, count: shape.count)
    return (0..<values.count).map { _ in
      defer {
        var axis = shape.count - 1
        while axis >= 0 {
          indices[axis] += 1
          if indices[axis] < shape[axis] { break }
          indices[axis] = 0
          axis -= 1
        }
      }
      return values[zip(indices, strides).reduce(0) { $0 + $1.0 * $1.1 }]
    }
  }
}

/// The number in up to 8 bytes, the lowest first.
func littleEndian(_ bytes: some Sequence<UInt8>) -> UInt64 {
  var value: UInt64 = 0
  for (place, byte) in bytes.enumerated() { value |= UInt64(byte) << UInt64(8 * place) }
  return value
}

/// What NPY calls `descr`: byte order, kind and size, such as `<f4`.
private struct NPYElement {
  let isBigEndian: Bool
  let code: Character
  let size: Int

  init?(_ description: String) {
    let characters = Array(description)
    guard characters.count == 3, "<>|=".contains(characters[0]), let size = characters[2].wholeNumberValue else {
      return nil
    }
    switch characters[1] {
    case "f": guard [4, 8].contains(size) else { return nil }
    case "i", "u": guard [1, 2, 4, 8].contains(size) else { return nil }
    case "b": guard size == 1 else { return nil }
    default: return nil
    }
    isBigEndian = characters[0] == ">"
    code = characters[1]
    self.size = size
  }

  var kind: StoredArray.Kind { code == "f" ? .reals : code == "u" && size == 1 ? .bytes : .integers }

  func values(in bytes: ArraySlice<UInt8>, count: Int) -> [Float] {
    bytes.withUnsafeBytes { bytes in
      switch (code, size) {
      case ("f", 4): read(bytes, count) { Float(bitPattern: $0) }
      case ("f", _): read(bytes, count) { Float(Double(bitPattern: $0)) }
      case ("i", 1): read(bytes, count) { Float(Int8(bitPattern: $0)) }
      case ("i", 2): read(bytes, count) { Float(Int16(bitPattern: $0)) }
      case ("i", 4): read(bytes, count) { Float(Int32(bitPattern: $0)) }
      case ("i", _): read(bytes, count) { Float(Int64(bitPattern: $0)) }
      case (_, 1): read(bytes, count) { (bits: UInt8) in Float(bits) }
      case (_, 2): read(bytes, count) { (bits: UInt16) in Float(bits) }
      case (_, 4): read(bytes, count) { (bits: UInt32) in Float(bits) }
      default: read(bytes, count) { (bits: UInt64) in Float(bits) }
      }
    }
  }

  private func read<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ count: Int, _ number: (Bits) -> Float
  ) -> [Float] {
    (0..<count).map { index in
      let bits = bytes.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
      return number(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
    }
  }
}
