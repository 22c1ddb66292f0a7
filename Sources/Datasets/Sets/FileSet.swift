import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A known set that lies in files of the user's.
protocol FileSet: Sendable {
  /// The set's name, and the name of the folder it is looked for in.
  var name: String { get }
  /// The shape of one example.
  var exampleShape: Shape { get }
  /// The number of classes.
  var classCount: Int { get }
  /// The numbers of training and test examples.
  var counts: (train: Int, test: Int) { get }
  /// The set's files.
  var files: [String] { get }
  /// Folders inside the set's folder where archives put the files.
  var subfolders: [String] { get }
  /// A sentence's end that says where to get it.
  var howToGet: String { get }
  /// Its source, with the checksums of its files.
  var provenance: Provenance { get }

  /// Reads the set from its files, in the order of `files`.
  func load(paths: [String], scaling: DatasetScaling) throws(DatasetError) -> SplitDataset
}

extension FileSet {
  var subfolders: [String] { [] }

  /// The path of each file in `folder`, plain or gzipped, or `nil` where there is none.
  func paths(in folder: String) -> [String?] {
    files.map { file in
      ["\(folder)/\(file)", "\(folder)/\(file).gz"].first { access($0, F_OK) == 0 }
    }
  }

  /// The folders that the set is looked for in, when these are named.
  func places(in folders: [String]) -> [String] {
    folders.flatMap { folder in ["\(folder)/\(name)"] + subfolders.map { "\(folder)/\(name)/\($0)" } }
  }

  /// Reads the set from the first of `folders` that has one of its files.
  func load(from folders: [String], scaling: DatasetScaling) throws(DatasetError) -> SplitDataset {
    let folder = folders.first { paths(in: $0).contains { $0 != nil } }
    var found: [String] = []
    for (file, path) in zip(files, folder.map(paths(in:)) ?? files.map { _ in nil }) {
      guard let path else {
        throw .missing(set: name, file: file, looked: folder.map { [$0] } ?? folders, howToGet: howToGet)
      }
      found.append(path)
    }
    return try load(paths: found, scaling: scaling)
  }

  /// Refuses contents that aren't those that the set is known by.
  func verify(_ file: String, at path: String, checksum found: String) throws(DatasetError) {
    if let expected = provenance.checksums[file], expected != found {
      throw .damaged(path: path, expected: "SHA-256 \(expected)", found: "SHA-256 \(found)")
    }
  }

  /// What is there in the folders.
  func presence(in folders: [String]) -> DatasetCatalogue.Presence {
    for folder in places(in: folders) {
      let missing = zip(files, paths(in: folder)).compactMap { $1 == nil ? $0 : nil }
      if missing.isEmpty { return .found(folder: folder) }
      if missing.count < files.count { return .incomplete(folder: folder, missing: missing) }
    }
    return .absent
  }
}
