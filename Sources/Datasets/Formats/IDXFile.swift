public import Tensors

/// An array of bytes in the IDX format of the MNIST family, plain or gzipped.
///
/// The format: two zero bytes, the type (8 for bytes), the number of axes, each extent as a big-endian 32-bit integer,
/// then the data with the last axis fastest.
public struct IDXFile: Sendable, Equatable {
  /// The extents, the number of examples first.
  public let shape: Shape
  /// The data in row-major order.
  public let values: [UInt8]
  /// The SHA-256 of the whole uncompressed file.
  public let checksum: String

  /// Reads a file of at most `limit` bytes, uncompressed. Throws `unreadable`, `foreign`, `truncated`, `tooLarge` or
  /// `damaged`.
  public init(path: String, limit: Int = 1 << 30) throws(DatasetError) {
    try self.init(bytes: try readFile(path, limit: limit), path: path)
  }

  /// Reads uncompressed bytes; `path` names them in errors.
  package init(bytes: [UInt8], path: String) throws(DatasetError) {
    let magic = bytes.prefix(4).map { String($0) }.joined(separator: " ")
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, bytes[2] == 8, bytes[3] > 0 else {
      throw .foreign(path: path, reason: "an IDX file of bytes begins with 0 0 8 and its number of axes, not \(magic)")
    }
    let axes = Int(bytes[3])
    guard bytes.count >= 4 + 4 * axes else {
      throw .truncated(path: path, expected: 4 + 4 * axes, found: bytes.count)
    }
    let extents = (0..<axes).map { axis in bytes[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) } }
    guard let expected = elementCount(extents) else {
      throw .foreign(path: path, reason: "its header gives the impossible shape \(extents)")
    }
    let header = 4 + 4 * axes
    guard bytes.count >= header + expected else {
      throw .truncated(path: path, expected: header + expected, found: bytes.count)
    }
    guard bytes.count == header + expected else {
      throw .foreign(path: path, reason: "\(bytes.count - header - expected) bytes follow the data of shape \(extents)")
    }
    shape = Shape(extents)
    values = Array(bytes.dropFirst(header))
    checksum = sha256(bytes)
  }
}
