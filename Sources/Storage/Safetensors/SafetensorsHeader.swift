import Tensors

/// What a safetensors file says of its arrays, held against itself and against the file's size.
struct SafetensorsHeader {
  /// An array and the place of its elements behind the header.
  struct Tensor {
    var name: String
    var type: SafetensorsType
    var shape: Shape
    var begin: Int
    var end: Int
  }

  /// Texts about the file.
  var metadata: [String: String] = [:]
  /// The arrays in the order of their elements.
  var tensors: [Tensor] = []

  /// The longest header that is read, as in the format's own library.
  static let maximumLength = 100_000_000
  /// The most axes of an array.
  static let maximumRank = 32
  /// Extents and numbers of elements stay below this, which no file comes near to.
  private static let countLimit = 1 << 48

  /// The header of a file's bytes, and where the elements begin.
  static func parse(_ bytes: [UInt8], path: String) throws(StorageError) -> (header: SafetensorsHeader, start: Int) {
    func foreign(_ detail: String) -> StorageError {
      StorageError(.foreign, "read", path, detail: detail, mend: "Name a file in the format safetensors.")
    }
    func damaged(_ detail: String) -> StorageError {
      StorageError(.damaged, "read", path, detail: detail, mend: "Fetch it again, or write it anew.")
    }
    guard bytes.count >= 8 else { throw foreign("it has \(bytes.count) bytes, and safetensors begins with 8") }
    let claimed = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard claimed <= maximumLength, bytes.count == 8 || bytes[8] == 0x7B else {
      throw foreign("it does not begin with a length below 10^8 and a header in JSON, as safetensors does")
    }
    let start = 8 + Int(claimed)
    guard start <= bytes.count else {
      throw damaged("it is cut short: its header should end at byte \(start), and it has \(bytes.count)")
    }
    let entries: [SafetensorsJSON.Entry]
    var header = SafetensorsHeader()
    do throws(SafetensorsJSON.Malformed) {
      var text = SafetensorsJSON(bytes[8..<start])
      (entries, header.metadata) = try text.header()
    } catch {
      throw damaged("its header is malformed at byte \(error.place): \(error.problem)")
    }
    for entry in entries {
      guard let type = SafetensorsType(rawValue: entry.type) else {
        throw StorageError(
          .foreign, "read", path, detail: "its array \(quoted(entry.name)) is of the type \(quoted(entry.type))",
          mend: "Convert it to F32 or F64 before it is written, or leave it out.")
      }
      guard let count = elementCount(entry.shape) else {
        throw damaged("its array \(quoted(entry.name)) has an impossible shape")
      }
      guard entry.begin <= entry.end, entry.end - entry.begin == count * type.size else {
        throw damaged(
          "its array \(quoted(entry.name)) of \(count) elements of \(type.rawValue) can't lie from \(entry.begin) to \(entry.end)"
        )
      }
      header.tensors.append(
        Tensor(name: entry.name, type: type, shape: Shape(entry.shape), begin: entry.begin, end: entry.end))
    }
    header.tensors.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var end = 0
    for tensor in header.tensors {
      guard tensor.begin == end else {
        throw damaged(
          "its array \(quoted(tensor.name)) begins at \(tensor.begin), and what lies before it ends at \(end)")
      }
      end = tensor.end
    }
    guard end == bytes.count - start else {
      throw damaged("its arrays take \(end) bytes, and \(bytes.count - start) follow the header")
    }
    return (header, start)
  }

  /// The number of elements of a shape; `nil` for one that no file could hold. Extents are not negative.
  private static func elementCount(_ extents: [Int]) -> Int? {
    guard extents.count <= maximumRank else { return nil }
    var count = 1
    for extent in extents {
      guard extent < countLimit else { return nil }
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows, product < countLimit else { return nil }
      count = product
    }
    return count
  }
}
