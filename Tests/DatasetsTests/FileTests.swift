import CZlib
import Datasets
import Foundation
import Tensors
import Testing

private func kind(_ error: DatasetError?) -> String {
  switch error {
  case .damaged: "damaged"
  case .truncated: "truncated"
  case .foreign: "foreign"
  default: error.map { "\($0)" } ?? "none"
  }
}

@Suite("Data files")
struct FileTests {
  /// A folder that goes away with the test.
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "datasets-\(UUID().uuidString)").path
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { do { try FileManager.default.removeItem(atPath: path) } catch { print(error) } }

    func write(_ name: String, _ bytes: [UInt8], compressed: Bool = false) throws {
      let file = "\(path)/\(name)\(compressed ? ".gz" : "")"
      if compressed {
        let handle = try #require(gzopen(file, "wb"))
        #expect(gzwrite(handle, bytes, UInt32(bytes.count)) == Int32(bytes.count))
        gzclose(handle)
      } else {
        try Data(bytes).write(to: URL(fileURLWithPath: file))
      }
    }
  }

  private static func idx(_ shape: [UInt8], _ values: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, 0, $0] } + values
  }

  private static let trainImages = idx([2, 2, 3], Array(0..<12))
  private static let testImages = idx([1, 2, 3], [255, 0, 51, 102, 153, 204])

  private func set(checksums: [String: String] = [:]) -> IDXDataset {
    IDXDataset(
      name: "tiny", classCount: 3, howToGet: "make it yourself",
      provenance: Provenance(title: "", citation: "", licence: "", checksums: checksums))
  }

  private func fill(_ folder: Folder, compressed: Bool = false) throws {
    try folder.write("train-images-idx3-ubyte", Self.trainImages, compressed: compressed)
    try folder.write("train-labels-idx1-ubyte", Self.idx([2], [2, 0]), compressed: compressed)
    try folder.write("t10k-images-idx3-ubyte", Self.testImages, compressed: compressed)
    try folder.write("t10k-labels-idx1-ubyte", Self.idx([1], [1]), compressed: compressed)
  }

  @Test("four IDX files make a set, plain or gzipped", arguments: [false, true])
  func load(compressed: Bool) throws {
    let folder = try Folder()
    try fill(folder, compressed: compressed)
    let loaded = try set().load(folders: ["/nowhere", folder.path], scaling: .unit)
    #expect(loaded.train.exampleShape == [2, 3])
    #expect(loaded.train.labels == [2, 0])
    #expect(Array(loaded.train[1]) == [6, 7, 8, 9, 10, 11].map { $0 / 255 })
    #expect(loaded.test.inputs == [1, 0, 0.2, 0.4, 0.6, 0.8])
    #expect(loaded.test.labels == [1])
  }

  @Test("a missing file's error says where it was looked for and how to get it")
  func missing() throws {
    let folder = try Folder()
    #expect(
      throws: DatasetError.missing(
        set: "tiny", file: "train-images-idx3-ubyte", looked: ["/nowhere", folder.path], howToGet: "make it yourself")
    ) { try set().load(folders: ["/nowhere", folder.path], scaling: .raw) }
    try fill(folder)
    try FileManager.default.removeItem(atPath: folder.path + "/t10k-labels-idx1-ubyte")
    #expect(
      throws: DatasetError.missing(
        set: "tiny", file: "t10k-labels-idx1-ubyte", looked: [folder.path], howToGet: "make it yourself")
    ) { try set().load(folders: ["/nowhere", folder.path], scaling: .raw) }
  }

  @Test("a wrong checksum names both")
  func checksum() throws {
    let folder = try Folder()
    try fill(folder)
    let right = ["train-images-idx3-ubyte": sha256(Self.trainImages)]
    _ = try set(checksums: right).load(folders: [folder.path], scaling: .raw)
    var changed = Self.trainImages
    changed[20] ^= 1
    try folder.write("train-images-idx3-ubyte", changed)
    #expect(
      throws: DatasetError.damaged(
        path: folder.path + "/train-images-idx3-ubyte", expected: "SHA-256 \(sha256(Self.trainImages))",
        found: "SHA-256 \(sha256(changed))")
    ) { try set(checksums: right).load(folders: [folder.path], scaling: .raw) }
  }

  @Test("a file cut anywhere is truncated, plain or gzipped, and not a crash")
  func truncated() throws {
    for count in 4..<Self.trainImages.count {
      #expect(throws: DatasetError.self) { try IDXFile(bytes: Array(Self.trainImages.prefix(count)), path: "x") }
    }
    #expect(throws: DatasetError.truncated(path: "x", expected: 28, found: 27)) {
      try IDXFile(bytes: Self.trainImages.dropLast(), path: "x")
    }
    let folder = try Folder()
    try folder.write("a", Self.trainImages, compressed: true)
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path + "/a.gz")))
    #expect(try inflated(whole, path: "a", limit: 1000) == Self.trainImages)
    for count in 2..<whole.count {
      let error = #expect(throws: DatasetError.self) {
        try inflated(Array(whole.prefix(count)), path: "a", limit: 1000)
      }
      #expect(kind(error) == "truncated", "cut to \(count) bytes")
    }
    var changed = whole
    changed[whole.count - 5] ^= 1  // The checksum of the data.
    let error = #expect(throws: DatasetError.self) { try inflated(changed, path: "a", limit: 1000) }
    #expect(kind(error) == "damaged")
  }

  @Test("a small stream that grows beyond its limit, and images without one example, are refused")
  func limits() throws {
    let folder = try Folder()
    try folder.write("a", [UInt8](repeating: 0, count: 4_000_000), compressed: true)
    #expect(throws: DatasetError.tooLarge(path: folder.path + "/a.gz", limit: 1_000_000)) {
      try IDXFile(path: folder.path + "/a.gz", limit: 1_000_000)
    }
    try fill(folder)
    try folder.write("t10k-images-idx3-ubyte", Self.idx([0, 2, 3], []))
    try folder.write("t10k-labels-idx1-ubyte", Self.idx([0], []))
    #expect(throws: DatasetError.empty(path: folder.path + "/t10k-images-idx3-ubyte", part: "image")) {
      try set().load(folders: [folder.path], scaling: .raw)
    }
    // 2^40 bytes are claimed, none are there.
    #expect(throws: DatasetError.self) {
      try IDXFile(bytes: [0, 0, 8, 2, 0, 16, 0, 0, 0, 16, 0, 0], path: "x")
    }
  }

  @Test("two gzip members one after the other are their data one after the other")
  func members() throws {
    let folder = try Folder()
    try folder.write("a", [1, 2, 3], compressed: true)
    let member = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path + "/a.gz")))
    #expect(try inflated(member + member, path: "a", limit: 1000) == [1, 2, 3, 1, 2, 3])
  }

  @Test("a foreign, an unreadable and an ill-matched file are each told apart")
  func foreign() throws {
    let folder = try Folder()
    try fill(folder)
    for bytes in [Array("hello, world".utf8), Self.idx([2], [1, 2, 3]), [0, 0, 13, 1, 0, 0, 0, 0]] {
      let error = #expect(throws: DatasetError.self) { try IDXFile(bytes: bytes, path: "x") }
      #expect(kind(error) == "foreign")
    }
    #expect(throws: DatasetError.unreadable(path: "/nowhere/x", reason: "No such file or directory")) {
      try IDXFile(path: "/nowhere/x")
    }
    #expect(throws: DatasetError.unreadable(path: folder.path, reason: "Is a directory")) {
      try IDXFile(path: folder.path)
    }
    try folder.write("train-labels-idx1-ubyte", Self.idx([3], [0, 1, 2]))
    #expect(throws: DatasetError.self) { try set().load(folders: [folder.path], scaling: .raw) }
    try folder.write("train-labels-idx1-ubyte", Self.idx([2], [0, 3]))
    #expect(
      throws: DatasetError.malformed(
        path: folder.path + "/train-labels-idx1-ubyte", row: 2, column: 1, reason: "the label 3 is not below 3")
    ) { try set().load(folders: [folder.path], scaling: .raw) }
  }

  @Test("the catalogue tells what is present, what is incomplete and what is absent")
  func catalogue() throws {
    let folder = try Folder()
    let catalogue = DatasetCatalogue(onlyFolders: [folder.path])
    func presence(_ name: String) -> DatasetCatalogue.Presence? {
      catalogue.entries.first { $0.name == name }?.presence
    }
    #expect(catalogue.entries.map(\.name) == DatasetCatalogue.names)
    #expect(presence("digits") == .shipped)
    #expect(presence("mnist1d") == .generated && presence("spirals") == .generated && presence("file") == .named)
    #expect(presence("mnist") == .absent)
    let home = folder.path + "/mnist"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    try folder.write("mnist/train-images-idx3-ubyte", Self.trainImages)
    try folder.write("mnist/train-labels-idx1-ubyte", [])
    try folder.write("mnist/t10k-images-idx3-ubyte", [], compressed: true)
    #expect(presence("mnist") == .incomplete(folder: home, missing: ["t10k-labels-idx1-ubyte"]))
    try folder.write("mnist/t10k-labels-idx1-ubyte", [])
    #expect(presence("mnist") == .found(folder: home))
    let fixed = DatasetCatalogue.names.filter { !DatasetCatalogue.syntheticNames.contains($0) && $0 != "file" }
    let error = #expect(throws: DatasetError.self) { try catalogue.load("mnist") }
    #expect(kind(error) == "damaged")
    #expect(throws: DatasetError.unknown(name: "digit", known: fixed)) {
      try catalogue.load("digit")
    }
  }

  @Test("each error is one sentence")
  func sentences() {
    let errors: [DatasetError] = [
      .unknown(name: "digit", known: ["digits", "mnist1d"]),
      .missing(set: "mnist", file: "a", looked: ["/x", "/y"], howToGet: "put it there"),
      .unreadable(path: "/x", reason: "Permission denied"),
      .truncated(path: "/x", expected: 28, found: 27), .foreign(path: "/x", reason: "it is text"),
      .malformed(path: "/x", row: 2, column: 1, reason: "the label 3 is not below 3"),
    ]
    #expect(
      errors.map(\.description) == [
        "There is no data set \"digit\"; known are digits, mnist1d.",
        "The data set mnist lacks its file a, looked for in /x, /y: put it there.",
        "The data file /x can't be read: Permission denied; mend that or name another file or folder.",
        "The data file /x is cut short: it holds 27 of 28 bytes; fetch it again.",
        "The data file /x is of another kind: it is text; mend it or put the right file in its place.",
        "The data file /x is malformed at row 2, column 1: the label 3 is not below 3; mend that entry or fetch the file "
          + "again.",
      ])
  }
}
