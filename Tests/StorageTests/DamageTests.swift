import Foundation
import Storage
import Tensors
import Testing

@Suite struct DamageTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("run.h5")
  }

  /// What reading says about a file of these bytes.
  private func kind(of data: Data) throws -> StorageError.Kind? {
    try write(data, to: path)
    do throws(StorageError) {
      _ = try RunFile.read(path)
      return nil
    } catch {
      #expect(error.path == path)
      return error.kind
    }
  }

  @Test func aFileCutAnywhereIsDamagedAndNeverTakenForAResult() throws {
    try Samples.run().write(to: path)
    let whole = try bytes(of: path)
    #expect(try kind(of: whole) == nil)
    let steps = stride(from: 0, to: whole.count, by: max(1, whole.count / 150))
    for length in Array(0..<100) + Array(steps) + Array((whole.count - 50)..<whole.count) {
      #expect(try kind(of: whole.prefix(length)) == .damaged, "cut after \(length) of \(whole.count) bytes")
      let error = #expect(throws: StorageError.self) { try RunFile.header(of: path) }
      #expect(error?.kind == .damaged)
    }
  }

  @Test func aTextThatReachesOutOfItsHeapIsDamage() throws {
    try Samples.run().write(to: path)
    let whole = try bytes(of: path)
    let heap = try #require(whole.range(of: Data("GCOL".utf8)))
    // The size of the heap's first object lies at byte 24, lowest byte first.
    for place in 25..<32 {
      var changed = whole
      changed[heap.lowerBound + place] = 0xde
      #expect(try kind(of: changed) == .damaged, "byte \(place)")
    }
  }

  @Test func aChangedNumberIsNoticedInASmallArray() throws {
    let values = (0..<8).map { 1.2345e77 * Double($0 + 1) }
    let whole = try fileHolding(values)
    let place = try #require(whole.range(of: values.withUnsafeBytes { Data($0) }))
    for byte in place { try expectNoticed(at: byte, in: whole) }
  }

  @Test func aChangedNumberIsNoticedInALargeArray() throws {
    let whole = try fileHolding((0..<40_000).map { sin(Double($0) * 12.9898) * 43758.5453 })
    // Nearly all of the file is the one chunk.
    for byte in stride(from: whole.count / 4, to: whole.count * 3 / 4, by: 997) {
      try expectNoticed(at: byte, in: whole)
    }
  }

  /// Writes an array, and returns the file.
  private func fileHolding(_ values: [Double]) throws -> Data {
    let tree = Group(
      dimensions: [Dimension("i", length: values.count)], variables: [Variable("x", along: ["i"], values: values)])
    try GroupFile(path).write(tree)
    return try bytes(of: path)
  }

  private func expectNoticed(at byte: Int, in whole: Data) throws {
    var changed = whole
    changed[byte] ^= 0x10
    try write(changed, to: path)
    let error = #expect(throws: StorageError.self, "byte \(byte) of \(whole.count)") {
      try GroupFile(path).variable("x")
    }
    #expect(error?.kind == .damaged)
  }

  @Test func foreignFilesAreToldFromDamagedOnes() throws {
    #expect(try kind(of: Data("t,loss\n0,2.3\n".utf8)) == .foreign)
    #expect(try kind(of: Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])) == .damaged)
    #expect(try kind(of: Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) == .foreign)
    try GroupFile(path).write(Samples.large)
    #expect(throws: StorageError.self) { try RunFile.read(path) }
    let missing = try #require(throws: StorageError.self) { try RunFile.read(folder.file("none.h5")) }
    #expect(missing.kind == .missing)
    let directory = try #require(throws: StorageError.self) { try RunFile.read(folder.path) }
    #expect(directory.kind == .foreign)
  }

  @Test func aSoundFileOfAnotherProgramIsForeign() throws {
    // Written by h5py: an array without dimension scales, and a group of numbers that are complex.
    for name in ["plain", "compound"] {
      let file = try #require(Bundle.module.path(forResource: name, ofType: "h5", inDirectory: "Fixtures"))
      let error = try #require(throws: StorageError.self) { try GroupFile(file).read() }
      #expect(error.kind == .foreign, "\(error)")
      #expect(error.description.contains("laid out otherwise"))
      let run = try #require(throws: StorageError.self) { try RunFile.read(file) }
      #expect(run.kind == .foreign)
    }
    let plain = try #require(Bundle.module.path(forResource: "plain", ofType: "h5", inDirectory: "Fixtures"))
    let (shape, values) = try GroupFile(plain).array("x_train")
    #expect(shape == [3, 2] && values == .float32([0, 1, 2, 3, 4, 5]))
    let absent = try #require(throws: StorageError.self) { try GroupFile(plain).array("waves/z") }
    #expect(absent.kind == .absent)
  }

  @Test func aSuperblockThatCannotBeIsDamagedBeforeHDF5ReadsOn() throws {
    // Finds of a fuzzer: HDF5 1.10 would fill 4 GB with zeros for each.
    let found = [
      "89484446 0d0a1a0a 01000000 00080800 21040010 00002600 00000000 00000000 ffffffff ffffffff 78050000 00000000 ffffffff 2a00",
      "89484446 0d0a1a0a 01000026 00080800 04001000 00400001 38000000 000000ff ffffffff 08ff0000 0000ff00 000000ff ffffffff 2b",
    ]
    for hex in found { #expect(try kind(of: Data(hexadecimal: hex)) == .damaged) }
    // A file by h5py, sound but for one number: node sizes, flags, base address, end, driver.
    let plain = try #require(Bundle.module.path(forResource: "plain", ofType: "h5", inDirectory: "Fixtures"))
    let whole = try bytes(of: plain)
    try #require(whole[8] == 0)
    for length in 8..<100 { #expect(try kind(of: whole.prefix(length)) == .damaged, "\(length) bytes") }
    for (place, byte) in [(8, 9), (13, 3), (16, 0), (19, 0x20), (22, 1), (25, 2), (45, 1), (50, 0)] {
      var changed = whole
      changed[place] = UInt8(byte)
      #expect(try kind(of: changed) == .damaged, "byte \(place)")
    }
  }

  @Test(arguments: ["continuation", "zero-chunk"]) func anArrayThatHDF5DoesNotComeThroughIsDamaged(name: String) throws
  {
    // Finds of a fuzzer: HDF5 1.10 copies from null, with its own driver, and divides by a chunk's extent of zero.
    let file = try #require(Bundle.module.path(forResource: name, ofType: "h5", inDirectory: "Fixtures"))
    let error = try #require(throws: StorageError.self) { try GroupFile(file).array("x_train") }
    #expect(error.kind == .damaged)
  }

  @Test func anArrayThatClaimsMoreThanIsStoredIsDamaged() throws {
    // 2^40 numbers in chunks of which none was written: HDF5 would make up eight terabytes of zeros.
    let file = try #require(Bundle.module.path(forResource: "claim", ofType: "h5", inDirectory: "Fixtures"))
    let error = try #require(throws: StorageError.self) { try GroupFile(file).array("x_train") }
    #expect(error.description.contains("it claims 8796093022208 bytes, and 0 are stored"))
  }

  @Test func aDamagedFileInTheWayIsNotOverwritten() throws {
    for data in [Data("mine".utf8), Data()] {
      try write(data, to: path)
      let error = try #require(throws: StorageError.self) { try Samples.run().write(to: path) }
      #expect(error.kind == (data.isEmpty ? .damaged : .foreign))
      #expect(try bytes(of: path) == data)
      #expect(try folder.names() == ["run.h5"])
    }
  }

  @Test func aFailedReadSaysWhatHDF5Says() throws {
    try Samples.run().write(to: path)
    var changed = try bytes(of: path)
    changed[40] ^= 1
    try write(changed, to: path)
    let error = try #require(throws: StorageError.self) { try RunFile.read(path) }
    #expect(error.messages.contains { $0.contains("checksum") }, "\(error.messages)")
    #expect(error.description.contains("checksum"))
    #expect(!error.description.contains("\n"))
  }
}

extension Data {
  fileprivate init(hexadecimal text: String) {
    let digits = text.compactMap(\.hexDigitValue)
    self.init(stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
  }
}
