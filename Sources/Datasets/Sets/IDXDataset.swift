import Tensors

/// A set of images that lies in four IDX files of a folder, as Zalando's and LeCun's do.
public struct IDXDataset {
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

  /// Reads the set from the first of `folders` that has one of its files, checking formats, shapes and checksums.
  ///
  /// Throws every case of `DatasetError` but `unknown`.
  public func load(folders: [String], scaling: DatasetScaling) throws(DatasetError) -> SplitDataset {
    try load(from: folders, scaling: scaling)
  }
}

extension IDXDataset: FileSet {
  var exampleShape: Shape { [28, 28] }
  var counts: (train: Int, test: Int) { (60_000, 10_000) }
  var files: [String] { Self.fileNames }

  func load(paths: [String], scaling: DatasetScaling) throws(DatasetError) -> SplitDataset {
    var files: [(path: String, file: IDXFile)] = []
    for (name, path) in zip(Self.fileNames, paths) {
      let file = try IDXFile(path: path)
      try verify(name, at: path, checksum: file.checksum)
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
    let channels = exampleShape.rank == 3 ? exampleShape[2] : 1
    scaling.apply(train: &train, test: &test, bound: 255, channels: channels)
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
    guard images.file.shape.count > 0 else { throw .empty(path: images.path, part: "image") }
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
