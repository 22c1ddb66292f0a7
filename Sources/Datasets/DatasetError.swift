/// Why a data set can't be had.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No set has this name.
  case unknown(name: String, known: [String])
  /// A file of the set was found in none of the folders.
  case missing(set: String, file: String, looked: [String], howToGet: String)
  /// There is no file of the user's.
  case absent(path: String)
  /// A file is there and can't be read, for the operating system's reason.
  case unreadable(path: String, reason: String)
  /// A file's contents are not those the set is known by (SHA-256 of the uncompressed bytes), or don't decompress.
  case damaged(path: String, expected: String, found: String)
  /// A file ends too early.
  case truncated(path: String, expected: Int?, found: Int)
  /// A file holds more than any file of its kind.
  case tooLarge(path: String, limit: Int)
  /// A set without examples.
  case empty(path: String, part: String)
  /// A file is not of the expected format.
  case foreign(path: String, reason: String)
  /// An entry of a table is not what it must be; `row` and `column` count from 1.
  case malformed(path: String, row: Int, column: Int, reason: String)

  /// One sentence with the mend.
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "There is no data set \"\(name)\"; known are \(known.joined(separator: ", "))."
    case .missing(let set, let file, let looked, let howToGet):
      "The data set \(set) lacks its file \(file), looked for in \(looked.joined(separator: ", ")): \(howToGet)."
    case .absent(let path):
      "There is no data file or folder \(path); name one that is there, relative to the folder the program is started in or "
        + "from the root."
    case .unreadable(let path, let reason):
      "The data file \(path) can't be read: \(reason); mend that or name another file or folder."
    case .damaged(let path, let expected, let found):
      "The data file \(path) is damaged or another version: expected \(expected), found \(found); fetch it again."
    case .truncated(let path, let expected?, let found):
      "The data file \(path) is cut short: it holds \(found) of \(expected) bytes; fetch it again."
    case .truncated(let path, nil, let found):
      "The data file \(path) is cut short: its compressed stream ends after \(found) bytes of data; fetch it again."
    case .tooLarge(let path, let limit):
      "The data file \(path) is of another kind: it holds more than \(limit) bytes; mend it or put the right file in its place."
    case .empty(let path, let part):
      "The data file \(path) holds no \(part) examples; put a file with one at least in its place."
    case .foreign(let path, let reason):
      "The data file \(path) is of another kind: \(reason); mend it or put the right file in its place."
    case .malformed(let path, let row, let column, let reason):
      "The data file \(path) is malformed at row \(row), column \(column): \(reason); mend that entry or fetch the file again."
    }
  }
}
