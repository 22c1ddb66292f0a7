import Foundation
import Storage
import Testing

@Suite struct CheckpointStoreTests {
  let folder: TemporaryFolder
  let store: CheckpointStore

  init() throws {
    folder = try TemporaryFolder()
    store = CheckpointStore(folder: folder.file("run.partial"))
  }

  private func state(_ number: Int) -> Group {
    Group(variables: [Variable("x", value: Double(number)), Variable("words", value: "state \(number)")])
  }

  private func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: store.folder).sorted { $0.count < $1.count || $0 < $1 }
  }

  private func damage(_ name: String, _ change: (inout Data) -> Void) throws {
    var data = try bytes(of: "\(store.folder)/\(name)")
    change(&data)
    try write(data, to: "\(store.folder)/\(name)")
  }

  @Test func theNewestTwoAreKept() throws {
    #expect(try store.newest().number == nil)
    for number in 8...11 { try store.save(state(number), number: number) }
    #expect(try files().map { $0.prefix(14) } == ["checkpoint-10.", "checkpoint-11."])
    let found = try store.newest()
    #expect(found.number == 11)
    #expect(found.group == state(11))
    #expect(found.damaged == [])
  }

  @Test func aDamagedOneIsPassedOverAndReported() throws {
    for number in 1...2 { try store.save(state(number), number: number) }
    let newest = try #require(try files().last)
    // One bit of a text, which HDF5 itself would not notice.
    try damage(newest) { data in
      let place = data.range(of: Data("state 2".utf8))!.lowerBound
      data[place] ^= 1
    }
    let found = try store.newest()
    #expect(found.number == 1)
    #expect(found.group == state(1))
    #expect(found.damaged.map(\.kind) == [.damaged])
    #expect(try #require(found.damaged.first).description.contains(newest))

    // Going on from there replaces the damaged one and keeps the one that was good.
    try store.save(state(2), number: 2)
    #expect(try store.newest().group == state(2))
    #expect(try files().count == 2)
  }

  @Test func aTruncatedOneIsPassedOverAndNoneIsNone() throws {
    try store.save(state(1), number: 1)
    try damage(try files()[0]) { $0.removeLast(1) }
    let found = try store.newest()
    #expect(found.number == nil)
    #expect(found.group.isEmpty)
    #expect(found.damaged.count == 1)
  }

  @Test func leftoversOfAKilledWriterAreRemoved() throws {
    try store.save(state(1), number: 1)
    try write(Data("half"), to: "\(store.folder)/checkpoint-2.h5.tmp-4711-1")
    #expect(try store.newest().number == 1)
    try store.save(state(2), number: 2)
    #expect(try files().count == 2)
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let store = CheckpointStore(folder: folder.file("missing/run.partial"))
    let error = try #require(throws: StorageError.self) { try store.save(state(1), number: 1) }
    #expect(error.kind == .missing)
    #expect(try store.newest().number == nil)
  }
}

extension Data {
  fileprivate init(_ text: String) { self.init(text.utf8) }
}
