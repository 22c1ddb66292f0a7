import Foundation
import Storage
import Tensors
import Testing

@Suite struct GroupFileTests {
  let folder: TemporaryFolder
  let file: GroupFile

  init() throws {
    folder = try TemporaryFolder()
    file = GroupFile(folder.file("tree.h5"))
  }

  @Test func everyTypeComesBackBitForBitInItsOrder() throws {
    try file.write(Samples.everything)
    let back = try file.read()
    #expect(back == Samples.everything)
    #expect(back.groups.names == ["zeta", "alpha"])
    #expect(try back.variable("grid").elements(Double.self)[7] == 0.1 * 7)
  }

  @Test func aLargeNonSquareArrayComesBack() throws {
    try file.write(Samples.large)
    #expect(try file.read() == Samples.large)
    #expect(try bytes(of: file.path).count < 600 * 701 * 8 / 4, "it is compressed")
  }

  @Test func equalTreesGiveEqualBytes() throws {
    try file.write(Samples.everything)
    let first = try bytes(of: file.path)
    Thread.sleep(forTimeInterval: 1.1)
    try file.write(Samples.everything)
    #expect(try bytes(of: file.path) == first)
  }

  @Test func oneVariableOrGroupIsReadByPath() throws {
    try file.write(Samples.everything)
    let block = try file.variable("zeta/block")
    #expect(block.dimensions == ["optimizer", "t", "unit"])
    #expect(try block.tensor(Float.self)[1, 2, 5] == 35)
    let zeta = try file.read("/zeta/")
    #expect(Set(zeta.dimensions.map(\.name)) == ["unit", "t", "optimizer"])
    #expect(try zeta.dimension("optimizer").coordinates == .strings(["sgd", "ädam"]))
    try GroupFile(folder.file("part.h5")).write(zeta)
    #expect(try GroupFile(folder.file("part.h5")).read() == zeta)
    #expect(try file.attributes()["integer"] == -7)
  }

  @Test(arguments: ["zeta/blok", "zeta/unit", "zetta/block", "zeta", "grid/block", ""])
  func whatIsNotThereIsNamed(path: String) throws {
    try file.write(Samples.everything)
    let error = try #require(throws: StorageError.self) { try file.variable(path) }
    #expect(error.kind == .absent)
    #expect(error.path == file.path)
  }

  @Test func aMissingGroupIsNamed() throws {
    try file.write(Samples.everything)
    let error = try #require(throws: StorageError.self) { try file.read("zeta/deeper") }
    #expect(error.kind == .absent)
    #expect(error.description.contains("/zeta/deeper"))
    #expect(throws: StorageError.self) { try file.attributes(ofGroup: "grid") }
  }

  @Test func twoVariablesMayStandAlongDimensionsOfOneNameInTwoGroups() throws {
    let tree = Group(groups: [
      "a": Group(dimensions: [Dimension("t", length: 2)], variables: [Variable("x", along: ["t"], values: [1, 2])]),
      "b": Group(dimensions: [Dimension("t", length: 3)], variables: [Variable("x", along: ["t"], values: [1, 2, 3])]),
    ])
    try file.write(tree)
    #expect(try file.read() == tree)
    #expect(try file.read("b") == tree.group("b"))
  }

  @Test func severalThreadsWriteAndReadAtOnce() async throws {
    let folder = folder
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for index in 0..<8 {
        tasks.addTask {
          for round in 0..<5 {
            let file = GroupFile(folder.file("\(index).h5"))
            let tree = Group(
              dimensions: [Dimension("i", length: 3000)],
              variables: [Variable("x", along: ["i"], values: (0..<3000).map { Double($0 * index + round) })])
            try file.write(tree)
            #expect(try file.read() == tree)
          }
        }
      }
      try await tasks.waitForAll()
    }
    #expect(try folder.names() == (0..<8).map { "\($0).h5" })
  }
}
