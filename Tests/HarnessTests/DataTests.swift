import Configuration
import Datasets
import Foundation
import Harness
import Storage
import Tensors
import Testing

private func settings(_ yaml: String) throws -> DataSettings { try DataSettings(yaml: yaml) }

private func failure(_ yaml: String) -> String {
  do {
    _ = try settings(yaml).load()
    return "loaded"
  } catch { return "\(error)" }
}

@Suite("The data of a recipe")
struct DataTests {
  @Test("are by default what they always were, under the same digest")
  func defaults() throws {
    #expect(try settings("").differenceFromDefaults.isEmpty)
    #expect(try settings("train_count: 7").differenceFromDefaults.map(\.key) == ["train_count"])
    let data = try settings("train_count: 500").load()
    let whole = try DatasetCatalogue().load("digits")
    // The rows that this setting has chosen since it exists.
    #expect(data.train == whole.train.stratifiedSample(500, key: Key(seed: 0).child("train_count")))
    #expect(data.test == whole.test)
  }

  @Test("may be some classes, some of each, with false labels, for autoencoders")
  func changes() throws {
    let data = try settings(
      "{classes: [7, 1, 4], per_class: 20, test_count: 30, label_noise: 0.25, target: inputs, seed: 3}"
    ).load()
    #expect(data.train.count == 60 && data.test.count == 30 && data.train.classCount == 3)
    #expect(data.provenance.falseLabels.count == 15)
    #expect(data.train.targets?.elements == data.train.inputs && data.train.outputCount == 64)
    #expect(try settings("{label_noise: 0.25, seed: 1}").load() != settings("{label_noise: 0.25}").load())
  }

  @Test(
    "may be drawn from a law",
    arguments: [
      ("teacher-student", "classes: 4", 20, 4), ("teacher-student", "target: real, classes: 3", 20, 3),
      ("gaussian-mixture", "classes: 4, dimension: 6", 6, 4), ("spirals", "noise: 0.1, classes: 3", 2, 3),
      ("sparse-features", "target: real", 20, 1), ("sparse-features", "noise: 1", 20, 2),
    ])
  func laws(name: String, parameters: String, inputs: Int, outputs: Int) throws {
    let yaml = "{name: \(name), synthetic: {train_count: 50, test_count: 20, \(parameters)}}"
    let data = try settings(yaml).load()
    #expect(data.train.count == 50 && data.test.count == 20)
    #expect(data.train.featureCount == inputs && data.train.outputCount == outputs)
    #expect(data == (try settings(yaml).load()))
  }

  @Test("may be an HDF5 file of the user's")
  func hdf5() throws {
    try withFolder { folder in
      let path = folder.path + "/mine.h5"
      func array(_ name: String, _ dimension: String, _ values: [Double]) -> Variable {
        Variable(
          name, along: [dimension, "feature"], shape: [values.count / 2, 2], values: .float64(values), units: "")
      }
      let group = Group(
        dimensions: [Dimension("i", length: 3), Dimension("j", length: 1), Dimension("feature", length: 2)],
        variables: [
          array("x_train", "i", [1, 2, 3, 4, 5, 6]), array("x_test", "j", [7, 8]),
          Variable("y_train", along: ["i"], values: [1, 0, 2]), Variable("y_test", along: ["j"], values: [2]),
        ])
      try GroupFile(path).write(group)
      let data = try settings("{name: file, file: \(path), scaling: raw}").load()
      #expect(data.train.inputs == [1, 2, 3, 4, 5, 6] && data.train.labels == [1, 0, 2] && data.test.labels == [2])
      let found = try #require(data.provenance.checksums[path])
      #expect(try settings("{name: file, file: \(path), scaling: raw, sha256: \(found)}").load() == data)
      #expect(try settings("{name: file, file: \(path), scaling: raw, sha256: \(found.uppercased())}").load() == data)
      let other = String(repeating: "0a", count: 32)
      #expect(
        failure("{name: file, file: \(path), sha256: \(other)}").contains("SHA-256 \(other), found SHA-256 \(found)"))
      #expect(
        failure("{name: file, file: \(path), train_count: 4}")
          == "the data set file has only 3 such training examples, and data.train_count is 4.")
      #expect(failure("{name: file, file: \(path).gone}").contains("no data file or folder \(path).gone; name one"))
      #expect(
        failure("{name: file, file: \(path), classes: [3]}") == "the data set file has no class 3 for data.classes.")

      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      try bytes.dropLast(100).write(to: URL(fileURLWithPath: path))
      #expect(failure("{name: file, file: \(path)}").contains("expected a whole HDF5 file, found it is truncated"))
      var wrong = group
      wrong.variables[2] = Variable("y_train", along: ["i"], values: ["a", "b", "c"])
      try GroupFile(path).write(wrong)
      #expect(failure("{name: file, file: \(path)}").contains("y_train holds no numbers"))
    }
  }

  @Test("of the user's own give other runs when the file holds something else, and the same ones otherwise")
  func pinned() throws {
    try withFolder { folder in
      let path = folder.path + "/mine.h5"
      func planned(_ values: [Double]) throws -> PlannedRun {
        let group = Group(
          dimensions: [Dimension("i", length: 3), Dimension("j", length: 1)],
          variables: [
            Variable("x_train", along: ["i"], values: values), Variable("x_test", along: ["j"], values: [7.0]),
            Variable("y_train", along: ["i"], values: [1, 0, 2]), Variable("y_test", along: ["j"], values: [2]),
          ])
        try GroupFile(path).write(group)
        let yaml = "{experiment: trained, sweeps: {all: {seeds: 0, set: {minimum.data: {name: file, file: \(path)}}}}}"
        let file = try SweepFile(bytes: Array(yaml.utf8), file: "sweep.yaml", name: "trained", experiment: "trained")
        let run = try #require(try Trained.runs(of: file.sweeps[0]).first)
        let stored = run.settings.first { $0.key == "minimum.data.sha256" }
        #expect(stored?.value == .text(try #require(ArrayDataset.digest(path: path))))
        return run
      }
      let first = try planned([1, 2, 3])
      #expect(try planned([1, 2, 4]).id != first.id)
      #expect(try planned([1, 2, 3]).id == first.id)
      #expect(ArrayDataset.digest(path: folder.path + "/none") == nil)
    }
  }

  @Test(
    "that don't go together are refused in one sentence",
    arguments: [
      ("name: file", "name is file, but no file is named"),
      ("file: x", "file and sha256 go with name: file, not digits"),
      ("{name: file, file: x, sha256: 00ab}", "sha256 is 00ab, but a SHA-256 has 64 hexadecimal digits"),
      ("classes: [1, 1]", "classes names one twice"),
      ("classes: [10]", "classes names 10, but digits has the classes 0 to 9"),
      ("{per_class: 1, train_count: 2}", "train_count and per_class exclude each other"),
      ("test_count: 1798", "test_count is 1798, but digits has only 1797 test examples"),
      (
        "synthetic: {noise: 1}",
        "synthetic goes with teacher-student, gaussian-mixture, spirals, sparse-features, not with digits"
      ),
      (
        "{name: gaussian-mixture, synthetic: {dimension: 3, classes: 4}}",
        "gaussian-mixture needs a dimension of at least classes, and dimension is 3, classes 4"
      ),
      (
        "{name: sparse-features, synthetic: {dimension: 3}}",
        "relevant is 5, but there are only 3 inputs (dimension)"
      ),
      (
        "{name: spirals, train_count: 3000}", "train_count is 3000, but spirals has only 2000 training examples"
      ),
    ])
  func conflicts(yaml: String, sentence: String) {
    #expect(failure(yaml).contains(": \(sentence)."), "\(failure(yaml))")
  }

  @Test("have false labels only where there are two classes")
  func falseLabels() {
    #expect(
      failure("{name: sparse-features, synthetic: {target: real}, label_noise: 0.1}")
        == "the data set sparse-features has no two classes, which data.label_noise needs.")
  }
}
