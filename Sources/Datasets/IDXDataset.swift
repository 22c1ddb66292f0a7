import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A set of images that lies in four IDX files of a folder, as Zalando's and LeCun's do.
public struct IDXDataset: Sendable {
  /// The set's name, and the name of the folder it is looked for in.
  public let name: String
  /// The number of classes.
  public let classCount: Int
  /// A sentence's end that says where to get it.
  public let howToGet: String
  /// Its source. A file that has a checksum there must have that one.
  public let provenance: Provenance

  /// Describes a set. With no checksums in `provenance` any files of the right format are taken.
  public init(name: String, classCount: Int, howToGet: String, provenance: Provenance) {
    self.name = name
    self.classCount = classCount
    self.howToGet = howToGet
    self.provenance = provenance
  }

  /// The files of the set: training images, training labels, test images, test labels; each may end in `.gz`.
  public static let fileNames = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
  ]

  /// The path of each file in `folder`, or `nil` where there is none.
  func paths(in folder: String) -> [String?] {
    Self.fileNames.map { file in
      ["\(folder)/\(file)", "\(folder)/\(file).gz"].first { access($0, F_OK) == 0 }
    }
  }

  /// Reads the set from the first of `folders` that has one of its files, checking formats, shapes and checksums.
  ///
  /// Throws every case of `DatasetError` but `unknown`.
  public func load(folders: [String], scaling: DatasetScaling) throws(DatasetError) -> SplitDataset {
    let folder = folders.first { paths(in: $0).contains { $0 != nil } }
    var files: [(path: String, file: IDXFile)] = []
    for (name, path) in zip(Self.fileNames, folder.map(paths(in:)) ?? [nil, nil, nil, nil]) {
      guard let path else {
        throw .missing(set: self.name, file: name, looked: folder.map { [$0] } ?? folders, howToGet: howToGet)
      }
      let file = try IDXFile(path: path)
      if let expected = provenance.checksums[name], expected != file.checksum {
        throw .damaged(path: path, expected: "SHA-256 \(expected)", found: "SHA-256 \(file.checksum)")
      }
      files.append((path, file))
    }
    try check(images: files[0], labels: files[1])
    try check(images: files[2], labels: files[3])
    let exampleShape = Shape(Array(files[0].file.shape.dimensions.dropFirst()))
    guard files[2].file.shape.dimensions.dropFirst() == files[0].file.shape.dimensions.dropFirst() else {
      throw .foreign(
        path: files[2].path,
        reason: "its images of shape \(files[2].file.shape) differ from the training images \(exampleShape)")
    }
    var train = files[0].file.values.map { Float($0) }
    var test = files[2].file.values.map { Float($0) }
    scaling.apply(train: &train, test: &test, bound: 255)
    func part(_ inputs: [Float], _ labels: IDXFile) -> Dataset {
      Dataset(
        name: name, exampleShape: exampleShape, classCount: classCount, inputs: inputs,
        labels: labels.values.map { Int($0) })
    }
    return SplitDataset(
      train: part(train, files[1].file), test: part(test, files[3].file), provenance: provenance)
  }

  private func check(images: (path: String, file: IDXFile), labels: (path: String, file: IDXFile)) throws(DatasetError)
  {
    guard images.file.shape.rank >= 2 else {
      throw .foreign(path: images.path, reason: "images have two axes or more, not the shape \(images.file.shape)")
    }
    guard labels.file.shape.rank == 1, labels.file.shape[0] == images.file.shape[0] else {
      throw .foreign(
        path: labels.path,
        reason: "labels of shape \(labels.file.shape) do not go with images of shape \(images.file.shape)")
    }
    if let row = labels.file.values.firstIndex(where: { $0 >= classCount }) {
      throw .malformed(
        path: labels.path, row: row + 1, column: 1,
        reason: "the label \(labels.file.values[row]) is not below \(classCount)")
    }
  }
}
