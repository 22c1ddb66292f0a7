/// Reads the JSON of a safetensors header, and no other: an object of arrays' descriptions and, under "__metadata__", of texts.
///
/// What a lenient reader would pass over is refused: keys that come twice, keys that the format doesn't know, numbers that
/// are no natural ones.
struct SafetensorsJSON {
  /// The description of one array, as it stands there.
  struct Entry {
    var name: String
    var type = ""
    var shape: [Int] = []
    var begin = 0
    var end = 0
  }

  /// What is wrong, and at which byte of the file.
  struct Malformed: Error {
    let problem: String
    let place: Int
  }

  private let bytes: ArraySlice<UInt8>
  private var place: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// The whole header; blanks may follow it.
  mutating func header() throws(Malformed) -> (entries: [Entry], metadata: [String: String]) {
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    try members { (json, name) throws(Malformed) in
      if name == "__metadata__" {
        try json.members { (json, key) throws(Malformed) in metadata[key] = try json.string() }
      } else {
        entries.append(try json.entry(name))
      }
    }
    skipBlanks()
    guard place == bytes.endIndex else { throw malformed("something follows the header") }
    return (entries, metadata)
  }

  private mutating func entry(_ name: String) throws(Malformed) -> Entry {
    var entry = Entry(name: name)
    var count = 0
    try members { (json, key) throws(Malformed) in
      count += 1
      switch key {
      case "dtype": entry.type = try json.string()
      case "shape": entry.shape = try json.numbers(atMost: SafetensorsHeader.maximumRank)
      case "data_offsets":
        let offsets = try json.numbers(atMost: 2)
        guard offsets.count == 2 else { throw json.malformed("data_offsets are two numbers") }
        (entry.begin, entry.end) = (offsets[0], offsets[1])
      default: throw json.malformed("an array has dtype, shape and data_offsets, not \(quoted(key))")
      }
    }
    guard count == 3 else { throw malformed("the array \(quoted(name)) lacks dtype, shape or data_offsets") }
    return entry
  }

  /// An object: `body` reads the value of each key. A key that comes twice is refused.
  private mutating func members(
    _ body: (inout SafetensorsJSON, String) throws(Malformed) -> Void
  ) throws(Malformed) {
    try expect(0x7B, "an object")
    var keys: Set<String> = []
    if take(0x7D) { return }
    repeat {
      let key = try string()
      guard keys.insert(key).inserted else { throw malformed("the key \(quoted(key)) comes twice") }
      try expect(0x3A, "a colon")
      try body(&self, key)
    } while take(0x2C)
    try expect(0x7D, "the end of an object")
  }

  private mutating func numbers(atMost limit: Int) throws(Malformed) -> [Int] {
    try expect(0x5B, "a list")
    var numbers: [Int] = []
    if take(0x5D) { return numbers }
    repeat {
      guard numbers.count < limit else { throw malformed("a list is longer than \(limit)") }
      numbers.append(try number())
    } while take(0x2C)
    try expect(0x5D, "the end of a list")
    return numbers
  }

  /// A natural number below 2^62, without sign, point, exponent or leading zero.
  private mutating func number() throws(Malformed) -> Int {
    skipBlanks()
    let digits = bytes[place...].prefix(20).prefix { (0x30...0x39).contains($0) }
    guard let first = digits.first, first != 0x30 || digits.count == 1,
      let number = Int(String(decoding: digits, as: UTF8.self)), number < 1 << 62
    else { throw malformed("a natural number below 2^62 should stand here") }
    place = digits.endIndex
    return number
  }

  private mutating func string() throws(Malformed) -> String {
    try expect(0x22, "a text")
    var text: [UInt8] = []
    while place < bytes.endIndex {
      let byte = bytes[place]
      place += 1
      switch byte {
      case 0x22:
        guard let string = String(validating: text, as: UTF8.self) else { throw malformed("a text is not UTF-8") }
        return string
      case 0x5C: text += try escape()
      case ..<0x20: throw malformed("a text holds a control character")
      default: text.append(byte)
      }
    }
    throw malformed("a text does not end")
  }

  /// What stands behind a backslash, as UTF-8.
  private mutating func escape() throws(Malformed) -> [UInt8] {
    guard place < bytes.endIndex else { throw malformed("a text does not end") }
    let byte = bytes[place]
    place += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: return [byte]
    case 0x62: return [8]
    case 0x66: return [12]
    case 0x6E: return [10]
    case 0x72: return [13]
    case 0x74: return [9]
    case 0x75:
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), bytes[place...].starts(with: [0x5C, 0x75]) {
        place += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw malformed("half of a surrogate pair is missing") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw malformed("half of a surrogate pair is missing") }
      return Array(String(Character(scalar)).utf8)
    default: throw malformed("there is no such escape")
    }
  }

  private mutating func hexadecimal() throws(Malformed) -> UInt32 {
    let digits = bytes[place...].prefix(4)
    let isHexadecimal = digits.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0)
    }
    guard digits.count == 4, isHexadecimal, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
      throw malformed("four hexadecimal digits should stand here")
    }
    place = digits.endIndex
    return code
  }

  private mutating func skipBlanks() {
    while place < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard place < bytes.endIndex, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private mutating func expect(_ byte: UInt8, _ what: String) throws(Malformed) {
    guard take(byte) else { throw malformed("\(what) should stand here") }
  }

  private func malformed(_ problem: String) -> Malformed { Malformed(problem: problem, place: place) }
}
