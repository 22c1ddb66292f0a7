import Datasets
import Tensors
import Testing

@Suite("digits")
struct DigitsTests {
  private let catalogue = DatasetCatalogue(onlyFolders: [])

  @Test("it has 3,823 training and 1,797 test rows of 64 greys from 0 to 16")
  func raw() throws {
    let digits = try catalogue.load("digits", scaling: .raw)
    #expect(digits.train.count == 3_823)
    #expect(digits.test.count == 1_797)
    #expect(digits.train.exampleShape == [8, 8])
    #expect(digits.train.classCount == 10)
    #expect(Array(digits.train[0].prefix(8)) == [0, 1, 6, 15, 12, 1, 0, 0])
    #expect(digits.train.labels.prefix(3) == [0, 0, 7])
    #expect(digits.test.labels.last == 8)
    #expect(digits.train.inputs.max() == 16)
    #expect(digits.train.inputs.min() == 0)
    // The class counts that the set's own description gives.
    #expect(counts(digits.train) == [376, 389, 380, 389, 387, 376, 377, 387, 380, 382])
    #expect(counts(digits.test) == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  }

  private func counts(_ set: Dataset) -> [Int] { (0..<10).map { label in set.labels.count { $0 == label } } }

  @Test("unit scaling divides by 16")
  func unit() throws {
    let raw = try catalogue.load("digits", scaling: .raw)
    let unit = try catalogue.load("digits", scaling: .unit)
    #expect(unit.train.inputs == raw.train.inputs.map { $0 / 16 })
    #expect(unit.test.inputs == raw.test.inputs.map { $0 / 16 })
  }

  @Test("standardized inputs have mean 0 and deviation 1 over the training part, and the test part is mapped alike")
  func standardized() throws {
    let raw = try catalogue.load("digits", scaling: .raw)
    let set = try catalogue.load("digits", scaling: .standardized)
    let inputs: [Double] = set.train.features().elements
    let mean = inputs.reduce(0, +) / Double(inputs.count)
    let square = inputs.reduce(0) { $0 + $1 * $1 } / Double(inputs.count)
    #expect(abs(mean) < 1e-6)
    #expect(abs(square - 1) < 1e-6)
    // The map is the same line for both parts.
    let (low, high) = (set.train.inputs.min()!, set.train.inputs.max()!)
    for index in stride(from: 0, to: raw.test.inputs.count, by: 997) {
      let expected = low + (high - low) * raw.test.inputs[index] / 16
      #expect(abs(set.test.inputs[index] - expected) < 1e-5)
    }
  }

  private static func line(_ replacement: (column: Int, cell: String)? = nil) -> String {
    var cells = [String](repeating: "16", count: 64) + ["9"]
    if let replacement { cells[replacement.column - 1] = replacement.cell }
    return cells.joined(separator: ",")
  }

  @Test(
    "a bad entry is named by row and column",
    arguments: [
      (2, "17", "\"17\" is not an integer from 0 to 16"), (65, "10", "\"10\" is not an integer from 0 to 9"),
      (7, "", "\"\" is not an integer from 0 to 16"), (7, " 3", "\" 3\" is not an integer from 0 to 16"),
      (1, "+3", "\"+3\" is not an integer from 0 to 16"), (65, "1,2", "there are more than 65 columns"),
      (64, "1\r", "\"1\r\" is not an integer from 0 to 16"),
    ])
  func malformed(column: Int, cell: String, reason: String) {
    let text = Self.line() + "\n" + Self.line((column, cell)) + "\n"
    let place = reason.hasPrefix("there are") ? 66 : column
    #expect(
      throws: DatasetError.malformed(
        path: "optdigits.csv (inside the program)", row: 2, column: place, reason: reason)
    ) { try Digits.parse(Array(text.utf8), rows: 2) }
  }

  @Test("a missing or an extra row is an error; a whole table parses, with or without the last line break")
  func rows() throws {
    let one = Array((Self.line() + "\n").utf8)
    #expect(throws: DatasetError.self) { try Digits.parse(one, rows: 2) }
    #expect(throws: DatasetError.self) { try Digits.parse(one + one, rows: 1) }
    #expect(try Digits.parse(one, rows: 1).pixels == [UInt8](repeating: 16, count: 64))
    #expect(try Digits.parse(one.dropLast(), rows: 1).labels == [9])
    #expect(throws: DatasetError.self) { try Digits.parse(one + Array("\n".utf8), rows: 1) }
  }

  @Test("other contents fail their checksum")
  func checksum() {
    let error = #expect(throws: DatasetError.self) { try Digits.verified(Array("abc".utf8)) }
    // FIPS 180-2's digest of "abc".
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(error?.description.contains("found SHA-256 \(digest)") == true)
  }
}
