import Storage
import Tensors
import Testing

@Suite struct ValidationTests {
  static let refused: [(name: String, group: Group, words: String)] = [
    ("unknown dimension", Group(variables: [Variable("x", along: ["t"], values: [1.0])]), "no group above declares"),
    (
      "another length",
      Group(dimensions: [Dimension("t", length: 2)], variables: [Variable("x", along: ["t"], values: [1.0])]),
      "1 elements along \"t\", whose length is 2"
    ),
    (
      "one axis twice",
      Group(
        dimensions: [Dimension("t", length: 2)],
        variables: [Variable("x", along: ["t", "t"], tensor: Tensor(repeating: 1.0, shape: [2, 2]))]), "twice: t, t"
    ),
    ("slash", Group(variables: [Variable("a/b", value: 1)]), "no usable name"),
    ("empty name", Group(groups: ["": Group()]), "no usable name"),
    ("same name", Group(variables: [Variable("a", value: 1)], groups: ["a": Group()]), "there twice"),
    (
      "coordinates as a variable",
      Group(dimensions: [Dimension("t", length: 1)], variables: [Variable("t", along: ["t"], values: [1.0])]), "twice"
    ),
    ("NUL in text", Group(variables: [Variable("a", value: "x\0y")]), "NUL"),
    ("NUL in an attribute", Group(attributes: ["a": "\0"]), "NUL"),
    ("reserved attribute", Group(variables: [Variable("a", value: 1, attributes: ["units": "m"])]), "writes itself"),
  ]

  @Test(arguments: refused.indices) func whatAFileCannotHoldIsRefusedAndNothingIsWritten(index: Int) throws {
    let folder = try TemporaryFolder()
    let sample = ValidationTests.refused[index]
    let nested = Group(groups: ["measurements": sample.group])
    let error = try #require(throws: StorageError.self, "\(sample.name)") {
      try GroupFile(folder.file("a.h5")).write(nested)
    }
    #expect(error.kind == .invalidContent)
    #expect(error.description.contains(sample.words), "\(error)")
    #expect(error.description.contains("/measurements"), "\(error)")
    #expect(try folder.names() == [])
  }

  @Test func aLookupNamesWhatThereIs() throws {
    let group = Samples.run().group
    #expect(try group.variable("measurements/line/loss").values.count == 5)
    #expect(try group.dimension("/measurements/line/t").length == 5)
    #expect(try group.attribute("configuration/optimizer.learning_rate") == 0.1)
    let error = try #require(throws: StorageError.self) { try group.variable("measurements/line/lost") }
    #expect(error.description.contains("measurements/line/lost"))
    #expect(error.description.contains("loss, names"))
    #expect(throws: StorageError.self) { try group.variable("measurements/lin/loss") }
    #expect(throws: StorageError.self) { try group.variable("measurements/line/names").elements(Double.self) }
    #expect(throws: StorageError.self) { try group.variable("measurements/line/loss").value(Double.self) }
  }

  @Test func identityTellsZerosApartAndHoldsForNaN() {
    let nan = Group(variables: [Variable("x", value: Double.nan)], attributes: ["y": .numbers([.nan])])
    let alike = Group(variables: [Variable("x", value: Double.nan)], attributes: ["y": .numbers([.nan])])
    let other = Group(variables: [Variable("x", value: Samples.oddNaN)], attributes: ["y": .numbers([.nan])])
    #expect(nan == alike)
    #expect(nan != other)
    let zero = Group(variables: [Variable("x", value: 0.0)])
    let minusZero = Group(variables: [Variable("x", value: -0.0)])
    #expect(zero != minusZero)
  }
}
