#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An NPZ file: a zip archive of NPY files, each named after its array.
public struct NPZFile: ArraySource {
  private let archive: ZipArchive

  /// Reads a file's directory and keeps its bytes. Throws `DatasetError`.
  public init(path: String) throws(DatasetError) {
    try self.init(bytes: try readFile(path, limit: 1 << 40), path: path)
  }

  package init(bytes: [UInt8], path: String) throws(DatasetError) {
    archive = try ZipArchive(bytes: bytes, path: path)
  }

  /// The file's path.
  public var path: String { archive.path }

  /// The array of a name; `nil` when there is none.
  public func array(named name: String) throws(DatasetError) -> StoredArray? {
    guard let bytes = try archive.contents(of: "\(name).npy") else { return nil }
    return try NPYFile.array(bytes[...], path: "\(path)/\(name).npy")
  }
}

/// A folder of NPY files, each named after its array.
public struct NPYFolder: ArraySource {
  /// The folder.
  public let path: String

  /// Names a folder; nothing is opened yet.
  public init(path: String) { self.path = path }

  /// The array in the file `name`.npy; `nil` when there is no such file.
  public func array(named name: String) throws(DatasetError) -> StoredArray? {
    let file = "\(path)/\(name).npy"
    guard access(file, F_OK) == 0 else { return nil }
    return try NPYFile.array(try readFile(file, limit: 1 << 40)[...], path: file)
  }
}
