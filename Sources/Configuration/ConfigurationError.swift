/// What is wrong with a configuration, and where.
public struct ConfigurationError: Error, Hashable, Sendable {
  /// The kinds of mistakes.
  public enum Problem: Hashable, Sendable {
    /// A key that no setting has, the nearest that exists, and those that stand where it was written.
    case unknownKey(String, nearest: String?, known: [String])
    /// A value of a wrong type or outside what is allowed.
    case unacceptable(key: String, found: String, requirement: String, nearest: String?)
    /// A key written twice.
    case duplicate(String)
    /// Text that isn't YAML.
    case syntax(String)
    /// Values that don't go together.
    case conflict(String)
    /// A key that must be there.
    case missing(String, mend: String)
  }

  /// Where it was written; `nil` for the defaults.
  public let origin: Origin?
  /// What is wrong.
  public let problem: Problem

  /// An error at a place.
  public init(origin: Origin?, problem: Problem) {
    self.origin = origin
    self.problem = problem
  }
}

extension ConfigurationError: CustomStringConvertible {
  /// One sentence that names the place, the key, what is allowed and the nearest spelling.
  public var description: String { (origin.map { "\($0): " } ?? "") + problem.description + "." }
}

extension ConfigurationError.Problem: CustomStringConvertible {
  /// The sentence without its place and full stop.
  public var description: String {
    switch self {
    case .unknownKey(let key, let nearest, let known):
      "unknown key \(key)" + (nearest.map { ", did you mean \($0)" } ?? "")
        + (known.isEmpty ? "" : " (known here: \(known.joined(separator: ", ")))")
    case .unacceptable(let key, let found, let requirement, let nearest):
      "\(key) is \(found), but must be \(requirement)" + (nearest.map { " (did you mean \($0)?)" } ?? "")
    case .duplicate(let key): "\(key) is given more than once"
    case .syntax(let problem): "not readable as YAML: \(problem)"
    case .conflict(let sentence): sentence
    case .missing(let key, let mend): "\(key) is missing, \(mend)"
    }
  }
}

extension ConfigurationError {
  /// The error about the first byte that isn't UTF-8.
  static func notUTF8(_ bytes: [UInt8], file: String) -> ConfigurationError {
    var parser = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .valid(let scalar) = parser.parseScalar(from: &iterator) { offset += scalar.count }
    let byte = String(bytes[offset], radix: 16, uppercase: true)
    return ConfigurationError(
      origin: .file(file, line: 1 + bytes[..<offset].count { $0 == UInt8(ascii: "\n") }),
      problem: .syntax("its byte \(offset + 1), 0x\(byte), is not UTF-8; save the file as UTF-8"))
  }
}

/// Why a node can't be the value of a setting; the schema adds the key.
package struct Unacceptable: Error {
  package let origin: Origin
  package let found: String
  package let nearest: String?

  package init(_ node: SourceNode, nearest: String? = nil) {
    origin = node.origin
    found = node.summary
    self.nearest = nearest
  }
}

/// The candidate that differs from `word` by the fewest insertions, deletions, replacements and swaps of neighbours, if
/// that is at most a third of the word (at least two, so that short names are still found).
package func nearestSpelling(to word: String, among candidates: [String]) -> String? {
  let limit = max(2, word.count / 3)
  let scored = candidates.map { (spelling: $0, distance: editDistance(word, $0)) }
  guard let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= limit,
    best.distance < max(word.count, best.spelling.count)
  else { return nil }
  return best.spelling
}

/// The restricted Damerau-Levenshtein distance.
package func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first)
  let b = Array(second)
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1] + [Int](repeating: 0, count: b.count)
    for j in b.indices {
      row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1) }
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
