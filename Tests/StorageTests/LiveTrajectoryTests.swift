import Foundation
import Storage
import Tensors
import Testing

@Suite struct LiveTrajectoryTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("trajectory.h5")
  }

  static func start(rows: Int = 0) -> Group {
    Group(
      dimensions: [
        Dimension("step", coordinates: Array(0..<rows), longName: "training step", isExtendible: true),
        Dimension("eigenvalue", length: 3),
      ],
      variables: [
        Variable("loss", along: ["step"], values: (0..<rows).map(Double.init), longName: "training loss"),
        Variable(
          "spectrum", along: ["step", "eigenvalue"], tensor: Tensor(repeating: 0.5, shape: [rows, 3]), units: "1"),
      ])
  }

  @Test func aReaderFollowsWhileItGrows() throws {
    let live = try LiveTrajectory(path, startingFrom: LiveTrajectoryTests.start())
    #expect(try LiveTrajectory.read(path).variable("loss").shape == [0])
    for step in 0..<700 {
      try live.append(step: 10 * step, ["loss": 1 / Double(step + 1)], arrays: ["spectrum": [1, 2, Double(step)]])
      if step % 233 == 0 {
        let now = try LiveTrajectory.read(path)
        #expect(try now.dimension("step").length == step + 1)
        #expect(try now.variable("loss").elements(Double.self).last == 1 / Double(step + 1))
        #expect(try now.variable("spectrum").tensor(Double.self)[step, 2] == Double(step))
      }
    }
    live.close()
    let all = try LiveTrajectory.read(path)
    #expect(try all.dimension("step").coordinates == Int.values((0..<700).map { 10 * $0 }))
    #expect(try GroupFile(path).read("trajectory") == all)
    #expect(throws: StorageError.self) { try live.append(step: 1, ["loss": 1]) }
  }

  @Test func itIsMadeAnewFromWhatACheckpointHolds() throws {
    let first = try LiveTrajectory(path, startingFrom: LiveTrajectoryTests.start())
    for step in 0..<5 { try first.append(step: step, ["loss": 9]) }
    let second = try LiveTrajectory(path, startingFrom: LiveTrajectoryTests.start(rows: 3))
    try second.append(step: 3, ["loss": 3])
    let now = try LiveTrajectory.read(path)
    #expect(try now.variable("loss").elements(Double.self) == [0, 1, 2, 3])
    #expect(try now.variable("spectrum").elements(Double.self).suffix(3).allSatisfy(\.isNaN))
    first.close()
    #expect(try folder.names() == ["trajectory.h5"])
  }
}
