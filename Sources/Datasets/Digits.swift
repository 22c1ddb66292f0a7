import COptdigits
import Tensors

/// The UCI set "Optical Recognition of Handwritten Digits": 8 x 8 greys 0 ... 16 and 10 classes, inside the program.
///
/// 3,823 training and 1,797 test rows, written by different people (Alpaydin & Kaynak 1998).
package enum Digits {
  static let name = "digits"
  package static let trainCount = 3_823
  package static let testCount = 1_797
  static let shape: Shape = [8, 8]
  static let checksum = "ff5bdca1a597fde4361854eeec741dc671a97633a1de46f1ac23fc173f95306b"
  static let path = "optdigits.csv (inside the program)"

  static let provenance = Provenance(
    title: "Optical Recognition of Handwritten Digits",
    citation: """
      @misc{alpaydin1998optdigits,
        author = {Alpaydin, Ethem and Kaynak, Cenk},
        title = {Optical Recognition of Handwritten Digits},
        howpublished = {UCI Machine Learning Repository},
        year = {1998},
        doi = {10.24432/C50P49}
      }
      """,
    licence: "CC BY 4.0", checksums: ["optdigits.csv": checksum])

  /// One parsed table: 64 greys for each row and its label.
  package struct Table: Sendable, Equatable {
    package var pixels: [UInt8] = []
    package var labels: [UInt8] = []
  }

  /// The embedded table, parsed when it is first asked for and kept.
  private static let embedded = Result { () throws(DatasetError) in
    let bytes = Array(UnsafeBufferPointer(start: landscape_optdigits_bytes(), count: landscape_optdigits_count()))
    return try parse(try verified(try inflated(bytes, path: path)))
  }

  static func load(scaling: DatasetScaling) throws(DatasetError) -> SplitDataset {
    let table = try embedded.get()
    var train = table.pixels.prefix(trainCount * shape.count).map { Float($0) }
    var test = table.pixels.dropFirst(trainCount * shape.count).map { Float($0) }
    scaling.apply(train: &train, test: &test, bound: 16)
    func part(_ inputs: [Float], _ labels: some Sequence<UInt8>) -> Dataset {
      Dataset(name: name, exampleShape: shape, classCount: 10, inputs: inputs, labels: labels.map { Int($0) })
    }
    return SplitDataset(
      train: part(train, table.labels.prefix(trainCount)), test: part(test, table.labels.dropFirst(trainCount)),
      provenance: provenance)
  }

  package static func verified(_ text: [UInt8]) throws(DatasetError) -> [UInt8] {
    let found = sha256(text)
    guard found == checksum else {
      throw .damaged(path: path, expected: "SHA-256 \(checksum)", found: "SHA-256 \(found)")
    }
    return text
  }

  /// Reads lines of 65 decimal integers with commas between them: 64 greys 0 ... 16, then a label 0 ... 9.
  package static func parse(_ text: [UInt8], rows: Int = trainCount + testCount) throws(DatasetError) -> Table {
    var table = Table()
    table.pixels.reserveCapacity(rows * 64)
    table.labels.reserveCapacity(rows)
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // The last line ends with a line break, so that the split's last piece is empty.
    for (row, line) in lines.dropLast(lines.last?.isEmpty == true ? 1 : 0).enumerated() {
      let cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      for (column, cell) in cells.prefix(65).enumerated() {
        let limit: UInt8 = column < 64 ? 16 : 9
        guard let text = String(validating: cell, as: UTF8.self), let value = UInt8(text), value <= limit,
          text.utf8.first != UInt8(ascii: "+")
        else {
          let found = String(decoding: cell, as: UTF8.self)
          throw .malformed(
            path: path, row: row + 1, column: column + 1, reason: "\"\(found)\" is not an integer from 0 to \(limit)")
        }
        if column < 64 { table.pixels.append(value) } else { table.labels.append(value) }
      }
      guard cells.count == 65 else {
        throw .malformed(
          path: path, row: row + 1, column: min(cells.count, 65) + 1, reason: "there are \(cells.count) columns, not 65"
        )
      }
    }
    guard table.labels.count == rows else {
      throw .malformed(
        path: path, row: table.labels.count + 1, column: 1, reason: "there are \(table.labels.count) rows, not \(rows)")
    }
    return table
  }
}
