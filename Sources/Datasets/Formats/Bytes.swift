import CZlib
import Crypto

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The hexadecimal SHA-256 of some bytes.
package func sha256(_ bytes: [UInt8]) -> String {
  var hash = SHA256()
  bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
  let digits = Array("0123456789abcdef")
  return String(hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

/// The file's contents, decompressed if it is a gzip file; one that holds more than `limit` bytes is foreign.
func readFile(_ path: String, limit: Int) throws(DatasetError) -> [UInt8] {
  guard let file = fopen(path, "rb") else {
    throw .unreadable(path: path, reason: String(cString: strerror(errno)))
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    bytes.append(contentsOf: chunk.prefix(count))
    guard bytes.count <= limit else { throw .tooLarge(path: path, limit: limit) }
    if count < chunk.count { break }
  }
  if ferror(file) != 0 { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
  return bytes.starts(with: [0x1f, 0x8b]) ? try inflated(bytes, path: path, limit: limit) : bytes
}

/// The framings of deflated data, as zlib's window bits.
enum Framing: Int32 {
  /// Nothing around the data, as in zip archives.
  case none = -15
  /// RFC 1952; there may be several members one after the other.
  case gzip = 31
}

/// Decompresses a stream of at most `limit` bytes; `path` names it in errors. Memory grows with what is there, not with what
/// a header claims.
package func inflated(_ compressed: [UInt8], path: String, limit: Int) throws(DatasetError) -> [UInt8] {
  try inflated(compressed[...], framing: .gzip, path: path, limit: limit)
}

func inflated(
  _ compressed: ArraySlice<UInt8>, framing: Framing, path: String, limit: Int
) throws(DatasetError) -> [UInt8] {
  var stream = z_stream()
  let opened = inflateInit2_(&stream, framing.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  precondition(opened == Z_OK, "zlib \(ZLIB_VERSION) does not start: code \(opened)")
  defer { inflateEnd(&stream) }
  var output: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 18)
  var input = compressed
  let status = input.withUnsafeMutableBufferPointer { input in
    chunk.withUnsafeMutableBufferPointer { chunk in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      var status = Z_OK
      repeat {
        if status == Z_STREAM_END { inflateReset(&stream) }
        stream.next_out = chunk.baseAddress
        stream.avail_out = UInt32(chunk.count)
        status = inflate(&stream, Z_NO_FLUSH)
        output.append(contentsOf: chunk.prefix(chunk.count - Int(stream.avail_out)))
      } while output.count <= limit
        && (status == Z_OK || (status == Z_STREAM_END && framing == .gzip && stream.avail_in > 0))
      return status
    }
  }
  guard output.count <= limit else { throw .tooLarge(path: path, limit: limit) }
  switch status {
  case Z_STREAM_END: return output
  case Z_BUF_ERROR: throw .truncated(path: path, expected: nil, found: output.count)
  default:
    let reason = stream.msg.map { String(cString: $0) } ?? "code \(status)"
    throw .damaged(
      path: path, expected: framing == .gzip ? "a gzip stream" : "a deflated stream",
      found: "\"\(reason)\" after \(output.count) bytes")
  }
}

/// The number of elements of a shape that a header claims; `nil` for one that no memory could hold.
func elementCount(_ extents: [Int]) -> Int? {
  var count = 1
  for extent in extents {
    let (product, overflows) = count.multipliedReportingOverflow(by: extent)
    guard extent >= 0, !overflows, product < 1 << 48 else { return nil }
    count = product
  }
  return count
}
