import Datasets
import Foundation
import Tensors
import Testing

private func fixture(_ name: String) throws -> String {
  try #require(Bundle.module.path(forResource: "Fixtures/arrays/\(name)", ofType: nil))
}

private func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: try fixture(name)))) }

/// Arrays made up by a test.
private struct Arrays: ArraySource {
  var path = "made-up"
  var arrays: [String: StoredArray]

  init(_ arrays: [String: StoredArray]) { self.arrays = arrays }
  func array(named name: String) -> StoredArray? { arrays[name] }

  static func array(_ shape: Shape, _ kind: StoredArray.Kind, _ values: [Float]) -> StoredArray {
    StoredArray(shape: shape, kind: kind, values: values)
  }
  static let sound = [
    "x_train": array([3, 1], .bytes, [0, 51, 255]), "y_train": array([3], .integers, [0, 1, 1]),
    "x_test": array([1, 1], .bytes, [102]), "y_test": array([1], .integers, [0]),
  ]
}

@Suite("Array files")
struct ArrayFileTests {
  @Test(
    "NumPy's files are read, stored and deflated, of either byte order and order of axes",
    arguments: ["stored", "deflated"])
  func npz(name: String) throws {
    let path = try fixture("\(name).npz")
    let data = try ArrayDataset.load(path: path, scaling: .raw) { _ in Arrays([:]) }
    #expect(data.train.exampleShape == [3, 2] && data.train.imageShape == [3, 2, 1])
    #expect(data.train.inputs == (0..<18).map { Float($0) / 4 - 3 })
    #expect(data.test.inputs == (18..<30).map { Float($0) / 4 - 3 })
    #expect(data.train.labels == [2, 0, 1] && data.test.labels == [1, 0] && data.train.classCount == 3)
    #expect(data.provenance.checksums == [path: sha256(try bytes("\(name).npz"))])
    let wrong = #expect(throws: DatasetError.self) {
      try ArrayDataset.load(path: path, sha256: "ab", scaling: .raw) { _ in Arrays([:]) }
    }
    #expect(wrong?.description.contains("expected SHA-256 ab, found SHA-256 ") == true)
  }

  @Test(
    "every type of NPY that is known gives its numbers",
    arguments: ["li1", "li4", "bi8", "bi2", "lf4", "bf4", "u1", "bu2", "lu4", "lu8"])
  func types(name: String) throws {
    let array = try NPYFile.array(try bytes("\(name).npy")[...], path: name)
    #expect(array.shape == [2, 2])
    #expect(array.values == (name.contains("u") ? [0, 1, 200, 255] : [0, 1, 127, -128]))
    #expect(array.kind == (name == "u1" ? .bytes : name.contains("f") ? .reals : .integers))
  }

  @Test("a column-major array comes in row-major order, and a scalar has no axes")
  func order() throws {
    let columns = try NPYFile.array(try bytes("columns.npy")[...], path: "x")
    #expect(columns.shape == [2, 3, 4] && columns.values == (0..<24).map { Float($0) })
    #expect(try NPYFile.array(try bytes("scalar.npy")[...], path: "x").values == [2.5])
    let half = #expect(throws: DatasetError.self) { try NPYFile.array(try bytes("half.npy")[...], path: "x") }
    #expect(half?.description.contains("of the type <f2") == true)
  }

  @Test("an NPY file cut anywhere, with more behind it, or with another header is refused", arguments: ["li4", "u1"])
  func cut(name: String) throws {
    let whole = try bytes("\(name).npy")
    for count in 0..<whole.count {
      #expect(throws: DatasetError.self) { try NPYFile.array(whole.prefix(count), path: "x") }
    }
    #expect(throws: DatasetError.self) { try NPYFile.array((whole + [0])[...], path: "x") }
    let shape = try #require(whole.firstRange(of: Array("(2, 2)".utf8)))
    for text in ["(2,2,)", "(9,9,)", "(-1,2)", "(2, 2 ", "(1<40)"] {
      var changed = whole
      changed.replaceSubrange(shape, with: Array(text.utf8))
      if text == "(2,2,)" {
        #expect(try NPYFile.array(changed[...], path: "x").shape == [2, 2])
      } else {
        #expect(throws: DatasetError.self, "\(text)") { try NPYFile.array(changed[...], path: "x") }
      }
    }
    // 2^40 elements: nothing is set aside for them.
    let claim = Array("(1099511627776, )".utf8)
    let start = try #require(whole.firstRange(of: Array("(2, 2)".utf8))).lowerBound
    let huge = whole[..<start] + claim + whole[(start + claim.count)...]
    let error = #expect(throws: DatasetError.self) { try NPYFile.array(huge[...], path: "x") }
    #expect(error?.description.contains("is cut short") == true || error?.description.contains("no dictionary") == true)
  }

  @Test("an archive cut or changed anywhere is refused or gives the same arrays, and never traps")
  func archive() throws {
    for name in ["stored.npz", "deflated.npz"] {
      let whole = try bytes(name)
      let right = try ArrayDataset.load(try NPZFile(bytes: whole, path: "x"), scaling: .raw)
      for count in stride(from: 0, to: whole.count, by: 3) {
        #expect(throws: DatasetError.self) { try NPZFile(bytes: Array(whole.prefix(count)), path: "x") }
      }
      for place in whole.indices {
        var changed = whole
        changed[place] ^= 0x41
        do throws(DatasetError) {
          let read = try ArrayDataset.load(try NPZFile(bytes: changed, path: "x"), scaling: .raw)
          #expect(read.train == right.train && read.test == right.test, "byte \(place) of \(name)")
        } catch { #expect(!error.description.contains("\n")) }
      }
    }
  }

  @Test("bytes are scaled by 255, floating-point y are real targets")
  func kinds() throws {
    let data = try ArrayDataset.load(Arrays(Arrays.sound), scaling: .unit)
    #expect(data.train.inputs == [0, 0.2, 1] && data.test.inputs == [0.4] && data.train.classCount == 2)
    var arrays = Arrays.sound
    arrays["x_train"] = Arrays.array([3, 1], .reals, [0, 0, 0])
    #expect(try ArrayDataset.load(Arrays(arrays), scaling: .unit).train.inputs == [0, 0, 0])
    arrays = Arrays.sound
    arrays["y_train"] = Arrays.array([3, 1, 2], .reals, [1, 2, 3, 4, 5, 6])
    arrays["y_test"] = Arrays.array([1, 2], .reals, [7, 8])
    let real = try ArrayDataset.load(Arrays(arrays), scaling: .raw)
    #expect(real.train.targets == Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2]) && real.test.targets?.elements == [7, 8])
    #expect(real.train.labels.isEmpty && real.train.classCount == 0 && real.train.outputCount == 2)
  }

  @Test(
    "what is wrong with a file is one sentence",
    arguments: [
      ("y_test", nil, "it has no array y_test, and x_train, y_train, x_test, y_test are read"),
      ("x_train", Arrays.array([0, 1], .reals, []), "holds no training examples; put a file with one at least"),
      ("x_test", Arrays.array([0, 1], .reals, []), "holds no test examples"),
      (
        "x_test", Arrays.array([1, 2], .bytes, [1, 2]),
        "its test examples of shape [2] differ from the training examples [1]"
      ),
      (
        "y_train", Arrays.array([2], .integers, [0, 1]), "y_train of shape [2] does not go with x_train of shape [3, 1]"
      ),
      ("y_train", Arrays.array([], .integers, [0]), "y_train is a single number, and has no examples"),
      ("y_train", Arrays.array([3], .integers, [0, -1, 1]), "row 2, column 1: the label -1 is not from 0 to 65535"),
      ("y_train", Arrays.array([3], .integers, [0, 1, 1e15]), "the label 999999986991104 is not from 0 to 65535"),
      ("y_train", Arrays.array([3], .integers, [0, 1, 0x1p63]), "the label 9.223372e+18 is not from 0 to 65535"),
      ("y_test", Arrays.array([1], .integers, [2]), "row 1, column 1: the label 2 is not from 0 to 1"),
      ("y_test", Arrays.array([1], .reals, [2]), "y_test of shape [1] holds no labels"),
      (
        "x_train", Arrays.array([3, 1], .reals, [0, .nan, 1]),
        "x_train is malformed at row 2, column 1: nan is no finite number in single precision"
      ),
    ] as [(String, StoredArray?, String)])
  func problems(name: String, array: StoredArray?, sentence: String) {
    var arrays = Arrays.sound
    arrays[name] = array
    let error = #expect(throws: DatasetError.self) { try ArrayDataset.load(Arrays(arrays)) }
    #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    #expect(error?.description.hasSuffix(".") == true)
  }

  @Test("a file of neither kind, and one that isn't there, are told")
  func foreign() throws {
    func failure(_ path: String) -> String? {
      #expect(throws: DatasetError.self) { try ArrayDataset.load(path: path) { _ in Arrays([:]) } }?.description
    }
    #expect(failure(try fixture("arrays.py"))?.contains("it is neither an HDF5 file nor an NPZ file") == true)
    #expect(failure("/nowhere/x.npz")?.hasPrefix("There is no data file or folder /nowhere/x.npz; name one") == true)
    #expect(failure(try fixture("stored.npz") + "/..")?.contains("no data file or folder") == true)
  }
}
