import Foundation
import Storage
import Tensors
import Testing

@Suite struct RunCollectionTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Seeds 1 and 2 at widths 4, 16 and 64, the run of seed 2 at width 16 left out.
  static let combinations = [(1, 64), (1, 4), (1, 16), (2, 64), (2, 4)]

  static func writeRuns(to folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.createDirectory(atPath: folder.file("runs"), withIntermediateDirectories: true)
    return try combinations.map { seed, width in
      let path = folder.file("runs/\(seed)-\(width).h5")
      try Samples.run(seed: seed, width: width, barrier: Double(seed) / Double(width)).write(to: path)
      return path
    }
  }

  @Test(arguments: [false, true]) func runsStandSideBySideAlongTheAxesOfTheSweep(copy: Bool) throws {
    let found = RunCollection.runs(at: try RunCollectionTests.writeRuns(to: folder))
    #expect(found.refused == [])
    try RunCollection(found.runs).write(to: folder.file("all.h5"), copy: copy)
    let all = try GroupFile(folder.file("all.h5")).read()
    #expect(try all.dimension("width").coordinates == .int64([4, 16, 64]))
    #expect(try all.dimension("seed").coordinates == .int64([1, 2]))
    let barrier = try all.variable("barrier")
    #expect(barrier.dimensions == ["width", "seed"])
    #expect(barrier.values == .float64([0.25, 0.5, 0.0625, .nan, 0.015625, 0.03125]))
    #expect(barrier.longName == "barrier of the loss")
    let line = try all.variable("line_loss")
    #expect(line.dimensions == ["width", "seed", "t"])
    #expect(line.shape == [3, 2, 5])
    #expect(try line.tensor(Double.self)[2, 1, 2] == 2.0 / 64)
    #expect(try line.tensor(Double.self)[1, 1, 2].isNaN)
    #expect(try all.variable("trajectory_loss").tensor(Double.self)[0, 1, 2] == 2)
    #expect(try all.variable("names").elements(String.self)[4] == "e1")
    #expect(try all.variable("run_id").elements(String.self) == ["a1b2-1", "a1b2-2", "a1b2-1", "", "a1b2-1", "a1b2-2"])
    #expect(try all.attribute("experiment") == "mode-connectivity")
  }

  /// Twenty seeds at twenty widths would be 400 places; the axes of several sweeps make billions.
  @Test(arguments: [false, true]) func runsFarFromAGridStandOneAfterTheOther(copy: Bool) throws {
    let paths = try (0..<20).map { index in
      let path = folder.file("\(index).h5")
      try Samples.run(seed: index, width: 100 - index, barrier: Double(index)).write(to: path)
      return path
    }
    try RunCollection(RunCollection.runs(at: paths).runs).write(to: folder.file("all.h5"), copy: copy)
    let all = try GroupFile(folder.file("all.h5")).read()
    #expect(try all.dimension("run").coordinates == .int64(Array(1...20)))
    let barrier = try all.variable("barrier")
    #expect(barrier.dimensions == ["run"])
    #expect(try barrier.elements(Double.self) == (0..<20).map(Double.init))
    #expect(try all.variable("width").dimensions == ["run"])
    #expect(try all.variable("width").elements(Int.self) == (0..<20).map { 100 - $0 })
    #expect(try all.variable("seed").elements(Int.self) == Array(0..<20))
    #expect(try all.variable("line_loss").dimensions == ["run", "t"])
  }

  @Test func aCollectionByReferenceMovesWithItsRuns() throws {
    let runs = RunCollection.runs(at: try RunCollectionTests.writeRuns(to: folder)).runs
    try FileManager.default.createDirectory(atPath: folder.file("collections"), withIntermediateDirectories: true)
    try RunCollection(runs).write(to: folder.file("collections/100%.h5"))
    let before = try GroupFile(folder.file("collections/100%.h5")).read()
    let other = try TemporaryFolder()
    for name in ["runs", "collections"] {
      try FileManager.default.moveItem(atPath: folder.file(name), toPath: other.file(name))
    }
    let after = try GroupFile(other.file("collections/100%.h5")).read()
    #expect(after == before)
    #expect(try after.variable("barrier").elements(Double.self)[0] == 0.25)
  }

  @Test(arguments: [false, true]) func shorterRunsArePaddedAndCountsBecomeNumbersThen(copy: Bool) throws {
    func run(_ seed: Int, _ length: Int, scale: Double) -> RunFile {
      var run = Samples.run(seed: seed)
      run.trajectory = Group()
      run.measurements = Group(
        dimensions: [
          Dimension("k", coordinates: Array(0..<length)),
          Dimension("x", coordinates: (0..<length).map { Double($0) * scale }),
          Dimension("unit", length: 2), Dimension("seed", length: 1),
        ],
        variables: [
          Variable("count", value: seed),
          Variable("step", along: ["k"], values: Array(0..<length)),
          Variable(
            "grid", along: ["k", "unit"],
            tensor: Tensor((0..<(2 * length)).map { Float($0 + 10 * seed) }, shape: [length, 2])),
          Variable("wave", along: ["unit", "x"], tensor: Tensor(repeating: Double(seed), shape: [2, length])),
          Variable("own", along: ["seed"], values: [Double(seed)]),
        ])
      return run
    }
    try run(1, 3, scale: 1).write(to: folder.file("1.h5"))
    try run(2, 2, scale: 0.5).write(to: folder.file("2.h5"))
    let runs = RunCollection.runs(at: [folder.file("1.h5"), folder.file("2.h5")]).runs
    try RunCollection(runs).write(to: folder.file("all.h5"), copy: copy)
    let all = try GroupFile(folder.file("all.h5")).read()
    #expect(try all.variable("count").values == .int64([1, 2]))
    #expect(try all.variable("step").values == .float64([0, 1, 2, 0, 1, .nan]))
    #expect(try all.dimension("k").coordinates == .int64([0, 1, 2]))
    #expect(try all.variable("grid").values == .float32([10, 11, 12, 13, 14, 15, 20, 21, 22, 23, .nan, .nan]))
    #expect(try all.variable("wave").values == .float64([1, 1, 1, 1, 1, 1, 2, 2, .nan, 2, 2, .nan]))
    #expect(try all.dimension("x").coordinates == nil)
    #expect(try all.variable("x_coordinates").values == .float64([0, 1, 2, 0, 0.5, .nan]))
    #expect(try all.variable("own").dimensions == ["seed", "measurements_seed"])
  }

  @Test func keysThatGoTogetherShareAnAxisAndTextsAreLabels() throws {
    var paths: [String] = []
    for (index, (name, rate, width)) in [("sgd", 0.1, 8), ("adam", 0.01, 8), ("sgd", 0.1, 9), ("adam", 0.01, 9)]
      .enumerated()
    {
      var run = Samples.run(seed: 5, barrier: Double(index))
      run.configuration.attributes["optimizer.name"] = .string(name)
      run.configuration.attributes["optimizer.learning_rate"] = .number(rate)
      run.configuration.attributes["width"] = .integer(Int64(width))
      paths.append(folder.file("\(index).h5"))
      try run.write(to: paths[index])
    }
    try RunCollection(RunCollection.runs(at: paths).runs).write(to: folder.file("all.h5"))
    let all = try GroupFile(folder.file("all.h5")).read()
    #expect(try all.variable("barrier").dimensions == ["width", "name", "seed"])
    #expect(try all.variable("barrier").values == .float64([0, 1, 2, 3]))
    #expect(try all.dimension("name").coordinates == .strings(["sgd", "adam"]))
    #expect(try all.variable("learning_rate").dimensions == ["name"])
    #expect(try all.variable("learning_rate").values == .float64([0.1, 0.01]))
  }

  @Test func whatDoesNotFitIsRefusedByName() throws {
    var paths = try RunCollectionTests.writeRuns(to: folder)
    try write(Data("no HDF5".utf8), to: folder.file("foreign.h5"))
    let found = RunCollection.runs(at: paths + [folder.file("foreign.h5"), folder.file("missing.h5")])
    #expect(found.runs.count == 5)
    #expect(found.refused.map(\.kind) == [.foreign, .missing])

    paths.append(folder.file("runs/again.h5"))
    try Samples.run(seed: 1, width: 4).write(to: paths[5])
    let twice = try #require(throws: StorageError.self) {
      try RunCollection(RunCollection.runs(at: paths).runs).write(to: folder.file("all.h5"))
    }
    #expect(twice.description.contains("1-4.h5") && twice.description.contains("again.h5"))

    var other = Samples.run(seed: 7, width: 4)
    other.header.experiment = "hessian-spectrum"
    try other.write(to: paths[5])
    let mixed = try #require(throws: StorageError.self) {
      try RunCollection(RunCollection.runs(at: paths).runs).write(to: folder.file("all.h5"))
    }
    #expect(mixed.description.contains("hessian-spectrum"))
    #expect(throws: StorageError.self) { try RunCollection([]).write(to: folder.file("all.h5")) }
    #expect(!FileManager.default.fileExists(atPath: folder.file("all.h5")))
  }
}
