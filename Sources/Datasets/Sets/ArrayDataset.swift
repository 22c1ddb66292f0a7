import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A set of the user's own: the arrays `x_train`, `y_train`, `x_test`, `y_test` of any file that holds arrays by name.
///
/// `x` has any shape [n, ...]. `y` of integers or truth values, of shape [n] or [n, 1], are labels 0 ..< K, where K - 1 is
/// the largest label of the training part; `y` of floating-point numbers, of shape [n] or [n, ...], are real targets. Bytes
/// count as bounded by 255 where inputs are scaled to the unit interval.
public enum ArrayDataset {
  /// The name it is asked for by.
  public static let name = "file"
  /// Labels are below this, which no set comes near to: what is larger is no class.
  static let labelLimit = 1 << 16
  static let provenance = Provenance(
    title: "A file of the user's own", citation: "", licence: "the user's", checksums: [:])

  /// Reads the set from an NPZ file, a folder of NPY files, or an HDF5 file, which `hdf5` opens: this library doesn't read
  /// that format itself. A file must have the SHA-256 that is given, a folder that of `digest(path:)`.
  public static func load(
    path: String, sha256 expected: String? = nil, scaling: DatasetScaling = .standardized,
    hdf5: (String) -> any ArraySource
  ) throws(DatasetError) -> SplitDataset {
    guard access(path, F_OK) == 0 else { throw .absent(path: path) }
    let isFolder = isFolder(path)
    let bytes = isFolder ? [] : try readFile(path, limit: 1 << 40)
    let found = isFolder ? try folderDigest(path) : Datasets.sha256(bytes)
    if let expected, expected.lowercased() != found {
      throw .damaged(path: path, expected: "SHA-256 \(expected)", found: "SHA-256 \(found)")
    }
    var data: SplitDataset
    if isFolder {
      data = try load(NPYFolder(path: path), scaling: scaling)
    } else if bytes.starts(with: [0x50, 0x4B]) {
      data = try load(try NPZFile(bytes: bytes, path: path), scaling: scaling)
    } else if bytes.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      data = try load(hdf5(path), scaling: scaling)
    } else {
      throw .foreign(path: path, reason: "it is neither an HDF5 file nor an NPZ file")
    }
    data.provenance = Provenance(
      title: provenance.title, citation: "", licence: provenance.licence, checksums: [path: found])
    return data
  }

  /// What identifies the content of a file or of a folder of NPY files: the SHA-256 of the uncompressed file, or of the
  /// digests of `x_train.npy`, `y_train.npy`, `x_test.npy` and `y_test.npy` one after the other. `nil` for what can't be
  /// read.
  public static func digest(path: String) -> String? {
    do {
      return isFolder(path) ? try folderDigest(path) : Datasets.sha256(try readFile(path, limit: 1 << 40))
    } catch { return nil }
  }

  private static func folderDigest(_ path: String) throws(DatasetError) -> String {
    var digests = ""
    for name in ["x_train", "y_train", "x_test", "y_test"] {
      digests += Datasets.sha256(try readFile("\(path)/\(name).npy", limit: 1 << 40))
    }
    return Datasets.sha256(Array(digests.utf8))
  }

  /// Reads the set. Throws `DatasetError` for what is missing, empty, of wrong shapes or no finite number.
  public static func load(
    _ source: some ArraySource, scaling: DatasetScaling = .standardized
  ) throws(DatasetError) -> SplitDataset {
    let train = try Part(source, "train")
    let test = try Part(source, "test")
    let exampleShape = train.exampleShape
    guard test.exampleShape == exampleShape else {
      throw .foreign(
        path: source.path,
        reason: "its test examples of shape \(test.exampleShape) differ from the training examples \(exampleShape)")
    }
    var inputs = train.inputs.values
    var unseen = test.inputs.values
    scaling.apply(
      train: &inputs, test: &unseen, bound: train.inputs.kind == .bytes ? 255 : nil,
      channels: exampleShape.rank == 3 ? exampleShape[2] : 1)
    if train.hasLabels || test.hasLabels {
      let labels = try train.labels(source.path, below: labelLimit)
      let classCount = (labels.max() ?? 0) + 1
      let others = try test.labels(source.path, below: classCount)
      func part(_ inputs: [Float], _ labels: [Int]) -> Dataset {
        Dataset(name: name, exampleShape: exampleShape, classCount: classCount, inputs: inputs, labels: labels)
      }
      return SplitDataset(train: part(inputs, labels), test: part(unseen, others), provenance: provenance)
    }
    let targets = train.targets
    let others = test.targets
    guard targets.shape[1] == others.shape[1] else {
      throw .foreign(
        path: source.path,
        reason: "y_test has \(others.shape[1]) numbers an example and y_train \(targets.shape[1])")
    }
    return SplitDataset(
      train: Dataset(name: name, exampleShape: exampleShape, inputs: inputs, targets: targets),
      test: Dataset(name: name, exampleShape: exampleShape, inputs: unseen, targets: others), provenance: provenance)
  }
}

private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// `x` and `y` of one part.
private struct Part {
  let part: String
  let inputs: StoredArray
  let outputs: StoredArray

  init(_ source: some ArraySource, _ part: String) throws(DatasetError) {
    self.part = part
    inputs = try Part.array("x_\(part)", source)
    outputs = try Part.array("y_\(part)", source)
    guard inputs.shape.count > 0 else { throw .empty(path: source.path, part: part == "train" ? "training" : "test") }
    guard outputs.shape.rank > 0, outputs.shape[0] == inputs.shape[0], outputs.shape.count > 0 else {
      throw .foreign(
        path: source.path,
        reason: "y_\(part) of shape \(outputs.shape) does not go with x_\(part) of shape \(inputs.shape)")
    }
  }

  private static func array(_ name: String, _ source: some ArraySource) throws(DatasetError) -> StoredArray {
    guard let array = try source.array(named: name) else {
      throw .foreign(
        path: source.path, reason: "it has no array \(name), and x_train, y_train, x_test, y_test are read")
    }
    guard array.shape.rank > 0 else {
      throw .foreign(path: source.path, reason: "\(name) is a single number, and has no examples")
    }
    if let index = array.values.firstIndex(where: { !$0.isFinite }) {
      let width = max(1, array.shape.count / max(1, array.shape[0]))
      throw .malformed(
        path: "\(source.path), \(name)", row: index / width + 1, column: index % width + 1,
        reason: "\(array.values[index]) is no finite number in single precision")
    }
    return array
  }

  /// The shape of an example; a single number is a vector of one.
  var exampleShape: Shape {
    let dimensions = Array(inputs.shape.dimensions.dropFirst())
    return Shape(dimensions.isEmpty ? [1] : dimensions)
  }

  var hasLabels: Bool { outputs.kind != .reals }

  func labels(_ path: String, below bound: Int) throws(DatasetError) -> [Int] {
    guard hasLabels, outputs.shape.count == outputs.shape[0] else {
      throw .foreign(
        path: path,
        reason: "y_\(part) of shape \(outputs.shape) holds no labels, which are one integer for each example")
    }
    if let row = outputs.values.firstIndex(where: { $0 < 0 || $0 >= Float(bound) }) {
      let label = outputs.values[row]
      throw .malformed(
        path: "\(path), y_\(part)", row: row + 1, column: 1,
        reason: "the label \(Int(exactly: label)?.description ?? label.description) is not from 0 to \(bound - 1)")
    }
    return outputs.values.map { Int($0) }
  }

  var targets: Tensor<Float> {
    Tensor(outputs.values, shape: [outputs.shape[0], outputs.shape.count / outputs.shape[0]])
  }
}
