import Foundation

/// The first bytes of an HDF5 file, as far as they say whether HDF5 can be trusted with the rest.
///
/// HDF5 1.10 believes what stands here: a damaged base address, end or driver block makes it fill gigabytes with zeros
/// before it gives up. So the few numbers that matter are held against the file's size first. Source: HDF5 File Format
/// Specification 3.0, section II.A; versions 0 to 3.
struct Superblock {
  /// The bytes that a file begins with.
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The most bytes that a superblock takes.
  static let maximumCount = 96

  /// What is wrong, or `nil`. `bytes` are the file's first ones, at most `maximumCount`; `isLive` if a writer may be at
  /// work, whose end of file runs ahead of the file.
  static func problem(_ bytes: [UInt8], fileSize: Int, isLive: Bool) -> String? {
    let cut = "it ends after \(bytes.count) bytes"
    guard bytes.count > 14 else { return cut }
    let version = bytes[8]
    guard version <= 3 else { return "its superblock has version \(version)" }
    let isOld = version < 2
    let width = Int(bytes[isOld ? 13 : 9])
    guard [2, 4, 8].contains(width), [2, 4, 8].contains(bytes[isOld ? 14 : 10]) else {
      return "its addresses take \(width) bytes"
    }
    let start = isOld ? (version == 1 ? 28 : 24) : 12
    guard bytes.count >= start + 4 * width else { return cut }
    func number(_ place: Int, _ count: Int) -> UInt64 {
      bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    if isOld {
      let orders = [number(16, 2), number(18, 2)] + (version == 1 ? [number(24, 2)] : [])
      guard orders.allSatisfy({ (1...4096).contains($0) }), number(20, 4) <= 3 else {
        return "its superblock holds impossible sizes"
      }
      // Base, free space, end, driver block.
      let undefined = width == 8 ? UInt64.max : 1 << (8 * width) - 1
      guard number(start + 3 * width, width) == undefined else { return "its superblock names a driver of its own" }
    }
    guard number(start, width) == 0 else { return "its superblock holds an impossible base address" }
    let end = number(start + 2 * width, width)
    if !isLive, end > fileSize { return "it is truncated: it should have \(end) bytes, and has \(fileSize)" }
    return nil
  }
}
