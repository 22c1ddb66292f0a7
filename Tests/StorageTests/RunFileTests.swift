import Storage
import Tensors
import Testing

@Suite struct RunFileTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("run.h5")
  }

  @Test func aRunComesBackWithAllItsParts() throws {
    try Samples.run().write(to: path)
    #expect(try RunFile.read(path) == Samples.run())
    #expect(try RunFile.header(of: path) == Samples.header())
    #expect(try folder.names() == ["run.h5"])
    #expect(try GroupFile(path).attributes(ofGroup: "configuration")["width"] == 64)
    #expect(try GroupFile(path).variable("configuration/yaml").value(String.self).hasPrefix("width: 64\n"))
  }

  @Test func remarksComeBackWhetherOneOrSeveralAndAnotherKindIsRefused() throws {
    for remarks in [[], ["one, alone"], ["two; with", "\u{e9}\u{1f642}"]] {
      var run = Samples.run()
      run.header.remarks = remarks
      try run.write(to: path)
      #expect(try RunFile.header(of: path).remarks == remarks)
      #expect(try GroupFile(path).attributes()["remarks"] == (remarks.isEmpty ? nil : .strings(remarks)))
    }
    var group = Samples.run().group
    group.attributes["remarks"] = 3
    try GroupFile(path).write(group)
    #expect(throws: StorageError.self) { try RunFile.header(of: path) }
  }

  @Test func parametersComeBackFromTheirBlocksInAnyOrder() throws {
    try Samples.run(seed: 1).write(to: path)
    let checkpoint = try GroupFile(path).read("checkpoints/20")
    #expect(try checkpoint.parameters(Float.self) == (0..<9).map { Float($0) + 1 })
    #expect(try checkpoint.variable("dense1/weight").shape == [2, 3])
    #expect(try checkpoint.parameters(Double.self).count == 9)
    let gap = Group(parameters: [1, 2, 3, 4] as [Double], in: [ParameterBlock("a", shape: [2], offset: 1)])
    #expect(throws: StorageError.self) { try gap.parameters(Double.self) }
  }

  @Test func anotherRunAtTheSamePathIsReplacedAndAnythingElseIsLeftAlone() throws {
    try Samples.run(seed: 1).write(to: path)
    try Samples.run(seed: 2).write(to: path)
    #expect(try RunFile.header(of: path).seed == 2)

    let tree = folder.file("tree.h5")
    try GroupFile(tree).write(Samples.everything)
    let before = try bytes(of: tree)
    let error = try #require(throws: StorageError.self) { try Samples.run().write(to: tree) }
    #expect(error.kind == .foreign)
    #expect(try bytes(of: tree) == before)
  }

  @Test func aNewerMajorVersionIsRefusedAndANewerMinorOneIsRead() throws {
    var group = Samples.run().group
    group.attributes["format_version"] = "2.0"
    try GroupFile(path).write(group)
    for read in [{ _ = try RunFile.header(of: path) }, { _ = try RunFile.read(path) }] {
      let error = try #require(throws: StorageError.self) { try read() }
      #expect(error.kind == .newerFormat)
      #expect(error.description.contains("2.0"))
    }
    group.attributes["format_version"] = "1.9"
    try GroupFile(path).write(group)
    #expect(try RunFile.header(of: path).experiment == "mode-connectivity")
  }
}
