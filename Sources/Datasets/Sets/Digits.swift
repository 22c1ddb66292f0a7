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

  /// The embedded table, parsed when it is first asked for and kept.
  private static let embedded = Result { () throws(DatasetError) in
    let bytes = Array(UnsafeBufferPointer(start: landscape_optdigits_bytes(), count: landscape_optdigits_count()))
    return try parse(try verified(try inflated(bytes, path: path, limit: 1 << 20)))
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
  package static func parse(
    _ text: [UInt8], rows: Int = trainCount + testCount
  ) throws(DatasetError) -> IntegerTable {
    try IntegerTable(text, rows: rows, columns: 64, greyLimit: 16, labelLimit: 9, path: path)
  }
}
