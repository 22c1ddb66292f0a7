/// The dictionary at the head of an NPY file, read as strictly as NumPy writes it: three keys in any order.
struct NPYHeader: Equatable {
  var description = ""
  var isColumnMajor = false
  var shape: [Int] = []

  /// Reads the text; `nil` for what isn't such a dictionary.
  init?(_ text: String) {
    var scanner = Scanner(rest: Array(text.utf8)[...])
    var keys: Set<String> = []
    guard scanner.take("{") else { return nil }
    while !scanner.take("}") {
      guard let key = scanner.quoted(), keys.insert(key).inserted, scanner.take(":") else { return nil }
      switch key {
      case "descr":
        guard let value = scanner.quoted() else { return nil }
        description = value
      case "fortran_order":
        if scanner.take("True") {
          isColumnMajor = true
        } else if !scanner.take("False") {
          return nil
        }
      case "shape":
        guard let value = scanner.tuple() else { return nil }
        shape = value
      default: return nil
      }
      if !scanner.take(",") {
        guard scanner.take("}") else { return nil }
        break
      }
    }
    guard keys.count == 3, scanner.isAtEnd else { return nil }
  }
}

/// Takes tokens off the front of a text, blanks before each skipped.
private struct Scanner {
  var rest: ArraySlice<UInt8>

  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return rest.isEmpty
    }
  }

  mutating func skipBlanks() { rest = rest.drop { $0 == 0x20 || $0 == 0x0A } }

  mutating func take(_ token: String) -> Bool {
    skipBlanks()
    guard rest.starts(with: token.utf8) else { return false }
    rest = rest.dropFirst(token.utf8.count)
    return true
  }

  /// A text in single or double quotes, without escapes.
  mutating func quoted() -> String? {
    skipBlanks()
    guard let quote = rest.first, quote == 0x27 || quote == 0x22 else { return nil }
    let body = rest.dropFirst().prefix { $0 != quote }
    guard body.endIndex < rest.endIndex else { return nil }
    rest = rest[(body.endIndex + 1)...]
    return String(validating: body, as: UTF8.self)
  }

  /// Integers in parentheses: (), (3,), (3, 2).
  mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var values: [Int] = []
    while !take(")") {
      skipBlanks()
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard let value = Int(String(decoding: digits, as: UTF8.self)), values.count < 32 else { return nil }
      rest = rest[digits.endIndex...]
      values.append(value)
      if !take(",") {
        guard take(")") else { return nil }
        break
      }
    }
    return values
  }
}
