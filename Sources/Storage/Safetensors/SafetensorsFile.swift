import Foundation
public import Tensors

/// The content of a file in Hugging Face's safetensors format: arrays by name, and texts about them.
///
///     let file = SafetensorsFile(entries: [.init("dense1/weight", shape: [2, 3], values: .float32(weights))])
///     try file.write(to: "weights.safetensors")
///
/// The format: the header's length in 8 bytes (little-endian), the header as JSON, then the elements of all arrays, little-endian
/// and in row-major order, without a gap. `F64`, `F32`, `I64`, `U8` and `BOOL` are read as they are, `F16` and `BF16` as
/// Float32, which holds each of their numbers; other types are refused. Source: the format's description in the README of
/// huggingface/safetensors.
public struct SafetensorsFile: Sendable, Equatable {
  /// One array.
  public struct Entry: Sendable, Equatable {
    /// Its name: any text but "__metadata__".
    public var name: String
    /// Its extents.
    public var shape: Shape
    /// Its elements in row-major order.
    public var values: Values

    /// Creates an array; `values` fill the shape.
    public init(_ name: String, shape: Shape, values: Values) {
      precondition(
        values.count == shape.count, "\(values.count) elements do not fill the shape \(shape) of \"\(name)\"")
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// The arrays in the order of the file.
  public var entries: [Entry]
  /// What is said about the file, by key.
  public var metadata: [String: String]

  /// Creates a content.
  public init(entries: [Entry], metadata: [String: String] = [:]) {
    self.entries = entries
    self.metadata = metadata
  }

  /// Reads a file whole. Memory: twice its size at most.
  ///
  /// - Throws: `StorageError`: no file (`missing`), another format (`foreign`), cut or contradicting itself (`damaged`).
  public static func read(_ path: String) throws(StorageError) -> SafetensorsFile {
    try SafetensorsFile(bytes: try contents(of: path), path: path)
  }

  /// The content of a file's bytes; `path` names it in errors.
  package init(bytes: [UInt8], path: String) throws(StorageError) {
    let (header, start) = try SafetensorsHeader.parse(bytes, path: path)
    metadata = header.metadata
    entries = bytes.withUnsafeBytes { bytes in
      header.tensors.map { tensor in
        let own = UnsafeRawBufferPointer(rebasing: bytes[(start + tensor.begin)..<(start + tensor.end)])
        return Entry(tensor.name, shape: tensor.shape, values: tensor.type.values(own))
      }
    }
  }

  /// Writes the file, whole or not at all; an older one is replaced. Larger elements come first, so that all are aligned.
  ///
  /// - Throws: `StorageError`: a name that comes twice or is reserved, or texts as elements (`invalidContent`); what the
  ///   system refuses.
  public func write(to path: String) throws(StorageError) {
    try AtomicFile.write(try encoded(for: path), to: path)
  }

  /// The bytes of the file; `path` names it in errors.
  package func encoded(for path: String) throws(StorageError) -> [UInt8] {
    func refuse(_ detail: String, _ mend: String) -> StorageError {
      StorageError(.invalidContent, "write", path, detail: detail, mend: mend)
    }
    var names: Set<String> = ["__metadata__"]
    var typed: [(entry: Entry, type: SafetensorsType)] = []
    for entry in entries {
      guard names.insert(entry.name).inserted else {
        throw refuse("the name \(quoted(entry.name)) is reserved or there twice", "Give every array a name of its own.")
      }
      guard let type = SafetensorsType(of: entry.values) else {
        throw refuse("\(quoted(entry.name)) holds texts", "Leave it out: the format holds numbers.")
      }
      typed.append((entry, type))
    }
    // Sorting by size alone keeps the order otherwise.
    typed.sort { $0.type.size > $1.type.size }
    var parts: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { "\(json($0.key)):\(json($0.value))" }
      parts.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var end = 0
    for (entry, type) in typed {
      let begin = end
      end += entry.values.count * type.size
      let extents = entry.shape.dimensions.map(String.init).joined(separator: ",")
      parts.append(
        "\(json(entry.name)):{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(extents)],\"data_offsets\":[\(begin),\(end)]}"
      )
    }
    var header = Array("{\(parts.joined(separator: ","))}".utf8)
    // Blanks up to a multiple of 8 bytes.
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    bytes.reserveCapacity(8 + header.count + end)
    bytes += header
    for (entry, _) in typed { entry.values.appendLittleEndian(to: &bytes) }
    return bytes
  }

  private static func contents(of path: String) throws(StorageError) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw StorageError(errorNumber: errno, "read", path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var status = stat()
    if fstat(fileno(file), &status) == 0 { bytes.reserveCapacity(Int(status.st_size)) }
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      bytes.append(contentsOf: chunk.prefix(count))
      if count < chunk.count { break }
    }
    guard ferror(file) == 0 else {
      if errno != EISDIR { throw StorageError(errorNumber: errno, "read", path) }
      throw StorageError(.foreign, "read", path, detail: "it is a folder", mend: "Name a file.")
    }
    return bytes
  }
}

/// A text of another's as a sentence can hold it: quoted, without line breaks, cut where it is long.
func quoted(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(80)
  return String(String.UnicodeScalarView(shown)).debugDescription
    + (shown.endIndex < text.unicodeScalars.endIndex ? "..." : "")
}

/// A text in JSON.
private func json(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{0}"..<"\u{20}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
