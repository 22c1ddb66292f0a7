internal import Foundation
internal import Harness

/// Where a command writes: results and messages. Tests put their own in its place.
package struct Console: Sendable {
  package let out: @Sendable (String) throws -> Void
  package let error: @Sendable (String) -> Void

  package init(out: @escaping @Sendable (String) throws -> Void, error: @escaping @Sendable (String) -> Void) {
    self.out = out
    self.error = error
  }

  /// The console of the command under way.
  @TaskLocal package static var current = Console(
    out: { try StandardStream.output.write($0) }, error: { StandardStream.error.tell($0) })
}

/// A value as JSON text with sorted keys; NaN and infinities become the strings "nan", "inf", "-inf".
func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}

/// Sentences, each once with the names of what it is about, in the order in which they first come.
func grouped(_ sentences: [(name: String, sentence: String)]) -> [(names: [String], sentence: String)] {
  var groups: [(names: [String], sentence: String)] = []
  for (name, sentence) in sentences {
    if let known = groups.firstIndex(where: { $0.sentence == sentence }) {
      groups[known].names.append(name)
    } else {
      groups.append(([name], sentence))
    }
  }
  return groups
}

/// Text broken into lines of at most `width` characters, each after `indent`.
func wrapped(_ text: String, width: Int = 100, indent: String = "") -> String {
  var lines: [String] = []
  var line = ""
  for word in text.split(whereSeparator: \.isWhitespace) {
    if !line.isEmpty, indent.count + line.count + 1 + word.count > width {
      lines.append(indent + line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  if !line.isEmpty { lines.append(indent + line) }
  return lines.map { $0 + "\n" }.joined()
}
