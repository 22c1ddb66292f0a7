import Tensors

/// CIFAR-10 and CIFAR-100 (Krizhevsky 2009) in their binary version: 32 x 32 colour images, 50,000 + 10,000.
///
/// A record is one label byte (CIFAR-100: the coarse label, then the fine one, which is taken), then 1,024 bytes each of
/// red, green and blue, rows from the top. Examples have the shape [32, 32, 3], colours last.
public struct CIFARDataset: Sendable {
  /// The set's name, and the name of the folder it is looked for in.
  public let name: String
  /// The number of classes: 10 or 100.
  public let classCount: Int
  let files: [String]
  let subfolders: [String]
  private let labelBytes: Int

  private static let pixels = 32 * 32

  /// CIFAR-10: five training files and one test file.
  public static let cifar10 = CIFARDataset(
    name: "cifar10", classCount: 10, files: (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"],
    subfolders: ["cifar-10-batches-bin"], labelBytes: 1)

  /// CIFAR-100 with its 100 fine labels.
  public static let cifar100 = CIFARDataset(
    name: "cifar100", classCount: 100, files: ["train.bin", "test.bin"], subfolders: ["cifar-100-binary"],
    labelBytes: 2)

  /// The images of one file, colours last, and their labels. Throws `foreign` for a wrong size, `malformed` for a label out
  /// of range.
  package func parse(
    _ bytes: [UInt8], records: Int, path: String
  ) throws(DatasetError) -> (pixels: [Float], labels: [Int]) {
    let length = labelBytes + 3 * Self.pixels
    guard bytes.count >= records * length else {
      throw .truncated(path: path, expected: records * length, found: bytes.count)
    }
    guard bytes.count == records * length else {
      throw .foreign(
        path: path, reason: "it holds \(bytes.count) bytes, and \(records) records of \(length) bytes are due")
    }
    var labels: [Int] = []
    for record in 0..<records {
      let label = Int(bytes[record * length + labelBytes - 1])
      guard label < classCount else {
        throw .malformed(
          path: path, row: record + 1, column: labelBytes, reason: "the label \(label) is not below \(classCount)")
      }
      labels.append(label)
    }
    let pixels = [Float](unsafeUninitializedCapacity: records * 3 * Self.pixels) { pixels, count in
      for record in 0..<records {
        for colour in 0..<3 {
          let plane = record * length + labelBytes + colour * Self.pixels
          for pixel in 0..<Self.pixels {
            pixels.initializeElement(
              at: (record * Self.pixels + pixel) * 3 + colour, to: Float(bytes[plane + pixel]))
          }
        }
      }
      count = records * 3 * Self.pixels
    }
    return (pixels, labels)
  }
}

extension CIFARDataset: FileSet {
  var exampleShape: Shape { [32, 32, 3] }
  var counts: (train: Int, test: Int) { (50_000, 10_000) }

  var howToGet: String {
    "put the files of the binary version (\(name == "cifar10" ? "cifar-10-binary.tar.gz" : "cifar-100-binary.tar.gz") from "
      + "www.cs.toronto.edu/~kriz/cifar.html, unpacked) into a folder \(name) and name that folder's parent in "
      + "LANDSCAPE_DATA"
  }

  var provenance: Provenance {
    Provenance(
      title: "The CIFAR-\(classCount) dataset",
      citation: """
        @techreport{krizhevsky2009learning,
          author = {Krizhevsky, Alex},
          title = {Learning Multiple Layers of Features from Tiny Images},
          institution = {University of Toronto},
          year = {2009}
        }
        """,
      licence: "none stated; cite Krizhevsky 2009", checksums: [:])
  }

  func load(paths: [String], scaling: DatasetScaling) throws(DatasetError) -> SplitDataset {
    var inputs: [Float] = []
    var labels: [Int] = []
    var checksums: [String: String] = [:]
    inputs.reserveCapacity(60_000 * 3 * Self.pixels)
    for (index, path) in paths.enumerated() {
      let bytes = try readFile(path, limit: 1 << 28)
      let isTest = index == paths.count - 1
      let part = try parse(bytes, records: isTest ? counts.test : counts.train / (paths.count - 1), path: path)
      inputs += part.pixels
      labels += part.labels
      checksums[files[index]] = sha256(bytes)
    }
    var train = Array(inputs.prefix(counts.train * exampleShape.count))
    var test = Array(inputs.dropFirst(counts.train * exampleShape.count))
    scaling.apply(train: &train, test: &test, bound: 255, channels: 3)
    func part(_ inputs: [Float], _ labels: some Sequence<Int>) -> Dataset {
      Dataset(
        name: name, exampleShape: exampleShape, classCount: classCount, inputs: inputs, labels: Array(labels))
    }
    return SplitDataset(
      train: part(train, labels.prefix(counts.train)), test: part(test, labels.dropFirst(counts.train)),
      provenance: Provenance(
        title: provenance.title, citation: provenance.citation, licence: provenance.licence, checksums: checksums))
  }
}
