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

/// The file's contents, decompressed if it is a gzip file.
func readFile(_ path: String) throws(DatasetError) -> [UInt8] {
  guard let file = fopen(path, "rb") else {
    throw .unreadable(path: path, reason: String(cString: strerror(errno)))
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    bytes.append(contentsOf: chunk.prefix(count))
    if count < chunk.count { break }
  }
  if ferror(file) != 0 { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
  return bytes.starts(with: [0x1f, 0x8b]) ? try inflated(bytes, path: path) : bytes
}

/// Decompresses a gzip stream (RFC 1952), which may have several members; `path` names it in errors.
package func inflated(_ compressed: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
  var stream = z_stream()
  let gzipOnly: Int32 = 15 + 16
  let opened = inflateInit2_(&stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
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
      } while status == Z_OK || (status == Z_STREAM_END && stream.avail_in > 0)
      return status
    }
  }
  switch status {
  case Z_STREAM_END: return output
  case Z_BUF_ERROR: throw .truncated(path: path, expected: nil, found: output.count)
  default:
    let reason = stream.msg.map { String(cString: $0) } ?? "code \(status)"
    throw .damaged(path: path, expected: "a gzip stream", found: "\"\(reason)\" after \(output.count) bytes")
  }
}
