import CZlib

/// The members of a zip archive, stored or deflated, as NumPy's NPZ files have them.
///
/// Read by its central directory (APPNOTE 6.3.10, sections 4.3 and 4.5), with the 64-bit sizes of large archives; without
/// encryption and without parts on other disks.
package struct ZipArchive: Sendable {
  private struct Member {
    let name: String
    let method: UInt64
    let checksum: UInt64
    let compressedSize: Int
    let size: Int
    let offset: Int
  }

  /// The archive's path, for messages.
  package let path: String
  private let bytes: [UInt8]
  private let members: [Member]

  /// Reads the directory of an archive's bytes.
  package init(bytes: [UInt8], path: String) throws(DatasetError) {
    self.path = path
    self.bytes = bytes
    members = try Directory(bytes: bytes, path: path).members()
  }

  /// The members' names in the archive's order.
  package var names: [String] { members.map(\.name) }

  /// A member's bytes, decompressed and checked against its CRC-32; `nil` when there is none of that name.
  package func contents(of name: String) throws(DatasetError) -> [UInt8]? {
    guard let member = members.first(where: { $0.name == name }) else { return nil }
    let label = "\(path)/\(name)"
    // The local header repeats the name and has extra fields of its own length.
    guard let header = field(member.offset, 30), littleEndian(header.prefix(4)) == 0x0403_4b50 else {
      throw .foreign(path: label, reason: "no member begins where the archive's directory says")
    }
    let names = Int(littleEndian(header.dropFirst(26).prefix(2)) + littleEndian(header.dropFirst(28).prefix(2)))
    guard let data = field(member.offset + 30 + names, member.compressedSize) else {
      throw .truncated(path: label, expected: member.compressedSize, found: bytes.count)
    }
    let contents: [UInt8]
    switch member.method {
    case 0: contents = Array(data)
    case 8: contents = try inflated(data, framing: .none, path: label, limit: member.size)
    default:
      throw .foreign(path: label, reason: "it is compressed by method \(member.method), and only 0 and 8 are known")
    }
    guard contents.count == member.size else {
      throw .truncated(path: label, expected: member.size, found: contents.count)
    }
    let checksum = contents.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
    guard UInt64(checksum) == member.checksum else {
      throw .damaged(
        path: label, expected: "CRC-32 \(String(member.checksum, radix: 16))",
        found: "CRC-32 \(String(checksum, radix: 16))")
    }
    return contents
  }

  private func field(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? { slice(of: bytes, offset, count) }

  /// The list at an archive's end.
  private struct Directory {
    let bytes: [UInt8]
    let path: String

    func members() throws(DatasetError) -> [Member] {
      guard let end = endRecord() else {
        throw .foreign(path: path, reason: "it has no directory of a zip archive at its end, or is cut short")
      }
      var members: [Member] = []
      var offset = end.offset
      for _ in 0..<end.count {
        guard let header = slice(of: bytes, offset, 46), number(header, 0, 4) == 0x0201_4b50 else {
          throw .foreign(path: path, reason: "its directory has fewer than \(end.count) entries")
        }
        let nameLength = Int(number(header, 28, 2))
        let extraLength = Int(number(header, 30, 2))
        guard let name = slice(of: bytes, offset + 46, nameLength),
          let extra = slice(of: bytes, offset + 46 + nameLength, extraLength)
        else { throw .foreign(path: path, reason: "its directory is cut short") }
        guard number(header, 8, 2) & 1 == 0 else { throw .foreign(path: path, reason: "its members are encrypted") }
        var sizes = [number(header, 24, 4), number(header, 20, 4), number(header, 42, 4)]
        widen(&sizes, from: extra)
        guard sizes.allSatisfy({ $0 < 1 << 48 }) else {
          throw .foreign(path: path, reason: "its directory gives impossible sizes")
        }
        members.append(
          Member(
            name: String(decoding: name, as: UTF8.self), method: number(header, 10, 2), checksum: number(header, 16, 4),
            compressedSize: Int(sizes[1]), size: Int(sizes[0]), offset: Int(sizes[2])))
        offset += 46 + nameLength + extraLength + Int(number(header, 32, 2))
      }
      return members
    }

    /// Replaces the values that don't fit 32 bits by those of the extra field 1.
    private func widen(_ sizes: inout [UInt64], from extra: ArraySlice<UInt8>) {
      var rest = extra
      while rest.count >= 4 {
        let length = Int(number(rest, 2, 2))
        guard rest.count >= 4 + length else { return }
        if number(rest, 0, 2) == 1 {
          var field = rest.dropFirst(4).prefix(length)
          for index in sizes.indices where sizes[index] == 0xFFFF_FFFF && field.count >= 8 {
            sizes[index] = littleEndian(field.prefix(8))
            field = field.dropFirst(8)
          }
        }
        rest = rest.dropFirst(4 + length)
      }
    }

    /// Where the directory begins and how many members it lists; the end record is followed by a comment at most.
    private func endRecord() -> (offset: Int, count: Int)? {
      var start = bytes.count - 22
      while start >= max(0, bytes.count - 22 - 0xFFFF) {
        defer { start -= 1 }
        guard let record = slice(of: bytes, start, 22), number(record, 0, 4) == 0x0605_4b50,
          start + 22 + Int(number(record, 20, 2)) == bytes.count
        else { continue }
        let (count, offset) = (Int(number(record, 10, 2)), Int(number(record, 16, 4)))
        guard count == 0xFFFF || offset == 0xFFFF_FFFF else { return (offset, count) }
        guard let locator = slice(of: bytes, start - 20, 20), number(locator, 0, 4) == 0x0706_4b50,
          let place = Int(exactly: number(locator, 8, 8)), let wide = slice(of: bytes, place, 56),
          number(wide, 0, 4) == 0x0606_4b50, let wideCount = Int(exactly: number(wide, 32, 8)),
          let wideOffset = Int(exactly: number(wide, 48, 8))
        else { return nil }
        return (wideOffset, wideCount)
      }
      return nil
    }

    private func number(_ bytes: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> UInt64 {
      littleEndian(bytes.dropFirst(offset).prefix(count))
    }
  }
}

/// `count` bytes from `offset` on, or `nil` where there are fewer.
private func slice(of bytes: [UInt8], _ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
  guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
  return bytes[offset..<(offset + count)]
}
