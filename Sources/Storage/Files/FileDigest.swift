import Crypto
import Foundation

/// The SHA-256 of a file's bytes, in 64 hexadecimal digits.
///
/// - Throws: `StorageError` for a file that can't be read.
public func sha256(ofFile path: String) throws(StorageError) -> String {
  guard let file = fopen(path, "r") else { throw StorageError(errorNumber: errno, "read", path) }
  defer { fclose(file) }
  var hash = SHA256()
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { break }
    buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }
  guard ferror(file) == 0 else { throw StorageError(errorNumber: EIO, "read", path) }
  return hash.finalize().map { byte in
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }.joined()
}
