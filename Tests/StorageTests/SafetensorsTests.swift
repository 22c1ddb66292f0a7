import Foundation
import Storage
import Tensors
import Testing

/// A file's bytes from its header and the bytes behind.
private func file(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
  let text = Array(header.utf8)
  let length = length ?? UInt64(text.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text + data
}

private func refusal(_ bytes: [UInt8]) -> StorageError? {
  do throws(StorageError) {
    _ = try SafetensorsFile(bytes: bytes, path: "x.safetensors")
    return nil
  } catch { return error }
}

@Suite("Safetensors files")
struct SafetensorsTests {
  let fixture: [UInt8]
  let path: String

  init() throws {
    path = try #require(Bundle.module.path(forResource: "Fixtures/sample.safetensors", ofType: nil))
    fixture = [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  @Test("of the format's own library give every number that was written")
  func library() throws {
    let read = try SafetensorsFile.read(path)
    #expect(read.metadata == ["layout": "landscape", "Größe": "a\"b\\c\n"])
    let entries = Dictionary(uniqueKeysWithValues: read.entries.map { ($0.name, $0) })
    func expect(_ name: String, _ shape: Shape, _ values: Values) {
      #expect(entries[name] == SafetensorsFile.Entry(name, shape: shape, values: values))
    }
    expect("dense1/weight", [2, 3], .float32([1, -2.5, 3e38, 0, -0.0, 1 / 3]))
    expect("double", [3], .float64([1 / 3, -.leastNonzeroMagnitude, .infinity]))
    // The nearest number of 11 bits to 1/3 is 1365/4096.
    expect(
      "half", [5, 2],
      .float32([0, -0.0, 1365 / 4096, 65504, 0x1p-24, -1023 * 0x1p-24, .infinity, -.infinity, .nan, -1.5]))
    expect("brain", [4], .float32([1, -3.140625, Float(bitPattern: 0x7F62_0000), Float(bitPattern: 0x1_0000)]))
    expect("integer", [3], .int64([.min, 0, .max]))
    expect("byte", [3], .uint8([0, 255, 7]))
    expect("truth", [2], .uint8([1, 0]))
    expect("scalar", [], .float32([2.5]))
    expect("empty", [0, 4], .float32([]))
    expect("Grüße \"\\\n\t🏔", [1], .float32([1]))
    #expect(entries.count == 10)
  }

  @Test("are written byte for byte as the format says: large elements first, the header filled up to 8 bytes")
  func bytes() throws {
    let content = SafetensorsFile(
      entries: [
        .init("mask", shape: [3], values: .uint8([1, 0, 1])),
        .init("a\"\n", shape: [1, 2], values: .float32([1, -2])),
        .init("d", shape: [], values: .float64([0.5])),
      ], metadata: ["k": "v\\"])
    let header =
      "{\"__metadata__\":{\"k\":\"v\\\\\"},\"d\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]},"
      + "\"a\\\"\\u000a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[8,16]},"
      + "\"mask\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[16,19]}}"
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let data: [UInt8] = [0, 0, 0, 0, 0, 0, 0xE0, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 1, 0, 1]
    #expect(try content.encoded(for: "x") == file(padded, data))
    let folder = try TemporaryFolder()
    try content.write(to: folder.file("a.safetensors"))
    let read = try SafetensorsFile.read(folder.file("a.safetensors"))
    #expect(read.entries.map(\.name) == ["d", "a\"\n", "mask"] && read.metadata == content.metadata)
    #expect(Set(read.entries.map(\.name)) == Set(content.entries.map(\.name)))
    for entry in content.entries { #expect(read.entries.contains(entry)) }
    // Nothing but the file is left in the folder.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.safetensors"])
  }

  @Test("are not written with a name twice, a reserved name, or texts")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let one = SafetensorsFile.Entry("a", shape: [], values: .float32([1]))
    for entries in [
      [one, one], [.init("__metadata__", shape: [], values: .float32([1]))],
      [.init("a", shape: [1], values: .strings(["b"]))],
    ] {
      let error = #expect(throws: StorageError.self) {
        try SafetensorsFile(entries: entries).write(to: folder.file("a.safetensors"))
      }
      #expect(error?.kind == .invalidContent)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    let missing = #expect(throws: StorageError.self) {
      try SafetensorsFile(entries: [one]).write(to: folder.file("none/a.safetensors"))
    }
    #expect(missing?.kind == .missing)
  }

  private static let whole = "\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}"

  @Test(
    "that are sound but for one thing are refused for that",
    arguments: [
      ("{\(whole)}", 3, "3 follow the header"),
      ("{\(whole)}", 1, "1 follow the header"),
      ("{\(whole),\(whole)}", 2, "the key \"a\" comes twice"),
      (
        "{\(whole),\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3,
        "begins at 1, and what lies before it ends at 2"
      ),
      (
        "{\(whole),\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[3,5]}}", 5,
        "begins at 3, and what lies before it ends at 2"
      ),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,0]}}", 2, "can't lie from 2 to 0"),
      (
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "2 elements of F64 can't lie from 0 to 8"
      ),
      (
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952,8],\"data_offsets\":[0,0]}}", 0, "an impossible shape"
      ),
      (
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[0,9223372036854775807],\"data_offsets\":[0,0]}}", 0,
        "a natural number below 2^62"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[281474976710656],\"data_offsets\":[0,281474976710656]}}", 2,
        "an impossible shape"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[16777215,16777216],\"data_offsets\":[0,281474959933440]}}", 2,
        "take 281474959933440 bytes"
      ),
      ("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2, "of the type \"F8_E4M3\""),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[-2],\"data_offsets\":[0,2]}}", 2, "a natural number below 2^62"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[2.0],\"data_offsets\":[0,2]}}", 2, "the end of a list"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[02],\"data_offsets\":[0,2]}}", 2, "a natural number"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2,2]}}", 2, "a list is longer than 2"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2]}}", 2, "data_offsets are two numbers"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[2]}}", 2, "lacks dtype, shape or data_offsets"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2],\"strides\":[1]}}", 2, "not \"strides\""),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[\(String(repeating: "1,", count: 32))2],\"data_offsets\":[0,2]}}", 2,
        "longer than 32"
      ),
      ("{\(whole)} x", 2, "something follows the header"),
      ("{\(whole),}", 2, "a text should stand here"),
      ("{\"__metadata__\":{\"a\":1}}", 0, "a text should stand here"),
      ("{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}", 0, "comes twice"),
      ("{\"__metadata__\":{\"a\":\"\\ud800\"}}", 0, "a surrogate pair"),
      ("{\"__metadata__\":{\"a\":\"\\x\"}}", 0, "no such escape"),
      ("{\"__metadata__\":{\"a\":\"\\u12g4\"}}", 0, "four hexadecimal digits"),
      ("{\"__metadata__\":{\"a\":\"\n\"}}", 0, "a control character"),
      ("{\"a", 0, "a text does not end"),
      ("{", 0, "a text should stand here"),
      ("[]", 0, "does not begin with"),
      ("", 0, "an object should stand here"),
    ])
  func contradictions(header: String, data: Int, reason: String) throws {
    let error = try #require(refusal(file(header, [UInt8](repeating: 0, count: data))))
    #expect(error.description.contains(reason), "\(error)")
    #expect(error.description.hasPrefix("cannot read x.safetensors: ") && !error.description.contains("\n"))
  }

  @Test("may hold nothing, blanks and escapes")
  func lenience() throws {
    #expect(try SafetensorsFile(bytes: file("{}"), path: "x") == SafetensorsFile(entries: []))
    let text = "{ \"__metadata__\" : {\"\\u0041\\ud83c\\udfd4\":\"\\b\\f\\n\\r\\t\\/\"},\r\n\t\(Self.whole) }   "
    let read = try SafetensorsFile(bytes: file(text, [3, 4]), path: "x")
    #expect(read.metadata == ["A🏔": "\u{8}\u{C}\n\r\t/"])
    #expect(read.entries == [.init("a", shape: [2], values: .uint8([3, 4]))])
  }

  @Test("cut anywhere are refused, and changed anywhere refused or read, never trapped on")
  func damage() throws {
    for count in 0..<fixture.count { #expect(refusal(Array(fixture.prefix(count))) != nil, "\(count) bytes") }
    #expect(refusal(fixture + [0])?.kind == .damaged)
    let start = fixture.count - 113
    for place in 0..<start {
      for flip in [0x01, 0x20, 0x80] as [UInt8] {
        var changed = fixture
        changed[place] ^= flip
        if let error = refusal(changed) { #expect(!error.description.contains("\n")) }
      }
    }
  }

  @Test("that claim a length beyond themselves or the limit are refused at once")
  func lengths() throws {
    for length in [UInt64.max, 1 << 63, 100_000_001] {
      #expect(refusal(file("{}", length: length))?.kind == .foreign)
    }
    #expect(
      refusal(file("{}", length: 100_000_000))?.description.contains("should end at byte 100000008, and it has 10")
        == true)
    #expect(refusal([1, 2, 3])?.kind == .foreign && refusal([])?.kind == .foreign)
    let folder = try TemporaryFolder()
    let isFolder = #expect(throws: StorageError.self) { try SafetensorsFile.read(folder.path) }
    #expect(isFolder?.description.contains("it is a folder. Name a file.") == true)
    let missing = #expect(throws: StorageError.self) { try SafetensorsFile.read(folder.file("none")) }
    #expect(missing?.kind == .missing)
  }

  @Test("get their axes in another order by the definition, index by index")
  func axes() {
    let shape: Shape = [2, 3, 4, 5]
    let values = Values.int64((0..<120).map { Int64($0) })
    guard case .int64(let moved) = values.permuted(shape, axes: [3, 2, 0, 1]) else { return }
    var expected: [Int64] = []
    for l in 0..<5 {
      for k in 0..<4 {
        for i in 0..<2 {
          for j in 0..<3 {
            expected.append(Int64(((i * 3 + j) * 4 + k) * 5 + l))
          }
        }
      }
    }
    #expect(moved == expected)
    #expect(Values.uint8([7]).permuted([], axes: []) == .uint8([7]))
  }

  @Test("have the SHA-256 of their bytes")
  func digest() throws {
    let folder = try TemporaryFolder()
    try Data("abc".utf8).write(to: URL(filePath: folder.file("abc")))
    // FIPS 180-2, appendix B.1.
    #expect(
      try sha256(ofFile: folder.file("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
