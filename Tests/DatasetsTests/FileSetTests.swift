import Datasets
import Foundation
import Tensors
import Testing

@Suite("Sets in files")
struct FileSetTests {
  /// Records of CIFAR: label bytes, then each pixel's byte as a formula of record, colour, row and column.
  private static func records(_ count: Int, labels: Int, classes: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for record in 0..<count {
      bytes += [UInt8](repeating: 77, count: labels - 1)
      bytes.append(UInt8(record % classes))
      for colour in 0..<3 {
        for pixel in 0..<1024 { bytes.append(UInt8(value(record, pixel / 32, pixel % 32, colour))) }
      }
    }
    return bytes
  }

  private static func value(_ record: Int, _ row: Int, _ column: Int, _ colour: Int) -> Int {
    (100 * colour + row + 3 * column + 7 * record) % 256
  }

  @Test("CIFAR's planes become pixels with the colours last; the fine label is taken", arguments: [false, true])
  func cifar(isFine: Bool) throws {
    let set = isFine ? CIFARDataset.cifar100 : .cifar10
    let bytes = Self.records(3, labels: isFine ? 2 : 1, classes: set.classCount)
    let (pixels, labels) = try set.parse(bytes, records: 3, path: "x")
    #expect(labels == [0, 1, 2] && pixels.count == 3 * 3072)
    for (record, row, column, colour) in [(0, 0, 0, 0), (1, 5, 31, 2), (2, 31, 4, 1)] {
      #expect(
        pixels[((record * 32 + row) * 32 + column) * 3 + colour]
          == Float(Self.value(record, row, column, colour)))
    }
    for count in [0, 1, bytes.count - 1] {
      #expect(throws: DatasetError.truncated(path: "x", expected: bytes.count, found: count)) {
        try set.parse(Array(bytes.prefix(count)), records: 3, path: "x")
      }
    }
    let long = #expect(throws: DatasetError.self) { try set.parse(bytes + [0], records: 3, path: "x") }
    #expect(
      long?.description.contains("3 records of \(isFine ? 3074 : 3073) bytes are due; mend it or put the right file")
        == true)
    var wrong = bytes
    wrong[(isFine ? 3074 : 3073) + (isFine ? 1 : 0)] = UInt8(set.classCount)
    #expect(
      throws: DatasetError.malformed(
        path: "x", row: 2, column: isFine ? 2 : 1, reason: "the label \(set.classCount) is not below \(set.classCount)")
    ) { try set.parse(wrong, records: 3, path: "x") }
  }

  @Test("CIFAR is found where its archive puts it, and a short file is named")
  func place() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cifar-\(UUID().uuidString)").path
    let inner = folder + "/cifar100/cifar-100-binary"
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    defer { do { try FileManager.default.removeItem(atPath: folder) } catch { print(error) } }
    let catalogue = DatasetCatalogue(onlyFolders: [folder])
    func presence() -> DatasetCatalogue.Presence? { catalogue.entries.first { $0.name == "cifar100" }?.presence }
    #expect(presence() == .absent)
    try Data(Self.records(2, labels: 2, classes: 100)).write(to: URL(filePath: inner + "/train.bin"))
    #expect(presence() == .incomplete(folder: inner, missing: ["test.bin"]))
    try Data().write(to: URL(filePath: inner + "/test.bin"))
    #expect(presence() == .found(folder: inner))
    #expect(throws: DatasetError.truncated(path: inner + "/train.bin", expected: 50_000 * 3074, found: 2 * 3074)) {
      try catalogue.load("cifar100")
    }
  }

  @Test("the table of 5,000 MNIST digits is cut into 400 and 100 of each and shuffled, the same way always")
  func mnist5K() throws {
    let cells = [String](repeating: "0", count: 783).joined(separator: ",")
    let text = (0..<5000).map { "\($0 % 256),\(cells),\($0 / 500)\n" }.joined()
    let table = try IntegerTable(
      Array(text.utf8), rows: 5000, columns: 784, greyLimit: 255, labelLimit: 9, path: "x")
    let data = try MNIST5K().split(table, scaling: .raw, path: "x")
    #expect(data.train.count == 4000 && data.test.count == 1000 && data.train.imageShape == [28, 28, 1])
    for label in 0..<10 {
      #expect(data.train.labels.count { $0 == label } == 400 && data.test.labels.count { $0 == label } == 100)
    }
    #expect(data.train.labels != data.train.labels.sorted())
    let first = data.test.labels.firstIndex(of: 1)!
    #expect((400..<500).map { Float((500 + $0) % 256) }.contains(data.test[first].first!))
    #expect(data == (try MNIST5K().split(table, scaling: .raw, path: "x")))
    var unsorted = table
    unsorted.labels[600] = 2
    #expect(throws: DatasetError.self) { try MNIST5K().split(unsorted, scaling: .raw, path: "x") }
  }

  private static let debianFolder = "/usr/share/datasets"
  private static var isFashionThere: Bool {
    FileManager.default.fileExists(atPath: debianFolder + "/fashion-mnist/t10k-images-idx3-ubyte.gz")
  }

  @Test(
    "the real Fashion-MNIST has its checksums, and 1,000 of each class to test",
    .enabled(
      if: isFashionThere, "needs the Debian package dataset-fashion-mnist (sudo apt-get install dataset-fashion-mnist)")
  )
  func fashion() throws {
    let data = try DatasetCatalogue(onlyFolders: [Self.debianFolder]).load("fashion-mnist", scaling: .unit)
    #expect(data.train.count == 60_000 && data.train.exampleShape == [28, 28] && data.test.inputs.max() == 1)
    #expect((0..<10).map { label in data.test.labels.count { $0 == label } } == [Int](repeating: 1000, count: 10))
    #expect(data.train.labels.prefix(5) == [9, 0, 0, 3, 0])
  }
}
