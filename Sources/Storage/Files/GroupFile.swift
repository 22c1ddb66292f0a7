import CHDF5
import CHDF5Reader
import Foundation

/// An HDF5 file that holds one group tree, laid out so that netCDF-4, xarray, h5py and others read it.
///
///     let file = GroupFile("results/a.h5")
///     try file.write(group)
///     let loss = try file.variable("measurements/line/loss")
///
/// All calls into HDF5, of all threads, go through one lock.
///
/// A truncated file is always noticed, and so are changed bytes of numbers and of nearly all that describes them: checksums
/// cover these. The format has none for texts and lists of dimensions; changed bytes there can pass unnoticed, or keep
/// HDF5 1.10 from ever returning. Checkpoints carry a checksum of the whole file for that reason.
public struct GroupFile: Sendable {
  /// The version of the layout that this program writes. A reader refuses a newer major version.
  public static let formatVersion = "1.0"

  /// Where the file is or will be.
  public let path: String

  /// Names a file; nothing is opened yet.
  public init(_ path: String) { self.path = path }

  /// Writes a tree: beside the final path first, synced, renamed, and the folder synced. An older file is replaced.
  ///
  /// - Throws: `StorageError`: content that cannot stand in a file (`invalidContent`), a missing folder (`missing`), a full
  ///   disk (`noSpace`), a read-only folder (`notPermitted`), anything else (`failed`). Then the path is as it was before.
  public func write(_ group: Group) throws(StorageError) { try write(group, live: false) }

  /// Reads the tree below a group, with the dimensions above that it uses.
  ///
  /// - Throws: `StorageError`: no file (`missing`), no such group (`absent`), not HDF5 (`foreign`), truncated or otherwise
  ///   damaged (`damaged`), of a newer version (`newerFormat`). A failed read never gives an empty value.
  public func read(_ groupPath: String = "/") throws(StorageError) -> Group {
    try reading { (reader) throws(LibraryError) in try reader.tree(at: GroupFile.absolute(groupPath)) }
  }

  /// Reads one variable, for example "measurements/line/loss". Errors are those of `read(_:)`.
  public func variable(_ variablePath: String) throws(StorageError) -> Variable {
    try reading { (reader) throws(LibraryError) in try reader.variable(at: GroupFile.absolute(variablePath)) }
  }

  /// Reads the attributes of a group, and no arrays. Errors are those of `read(_:)`.
  public func attributes(ofGroup groupPath: String = "/") throws(StorageError) -> Named<AttributeValue> {
    try reading { (reader) throws(LibraryError) in try reader.attributes(ofGroup: GroupFile.absolute(groupPath)) }
  }

  /// The names of the groups within a group, in order, and no arrays. Errors are those of `read(_:)`.
  public func groupNames(in groupPath: String = "/") throws(StorageError) -> [String] {
    try reading { (reader) throws(LibraryError) in try reader.groupNames(in: GroupFile.absolute(groupPath)) }
  }
}

extension GroupFile {
  /// "a/b/" as "/a/b".
  static func absolute(_ path: String) -> String { "/" + path.split(separator: "/").joined(separator: "/") }

  /// Writes a tree, and then what `further` adds, before the file gets its name.
  func write(
    _ group: Group, live: Bool = false,
    further: (_ file: hid_t, TreeWriter) throws(LibraryError) -> Void = { (_, _) throws(LibraryError) in }
  ) throws(StorageError) {
    try group.validate(for: path)
    let target = try AtomicFile(path)
    try GroupFile.fill(target, with: group, live: live, further: further)
    try target.commit()
  }

  /// Writes a tree into a temporary file, which is removed when that fails.
  static func fill(
    _ target: AtomicFile, with group: Group, live: Bool = false,
    further: (_ file: hid_t, TreeWriter) throws(LibraryError) -> Void = { (_, _) throws(LibraryError) in }
  ) throws(StorageError) {
    do throws(LibraryError) {
      try Library.exclusively { () throws(LibraryError) in
        let creation = try Handle.properties(h5_file_create_class())
        try TreeWriter.setGroupProperties(creation.id)
        let access = try accessProperties(live: live)
        let file = try Handle(
          "/", H5Fcreate(target.temporary, h5_truncate(), creation.id, access.id), closedBy: H5Fclose)
        let writer = TreeWriter(file: file.id, filters: !live)
        try writer.write(group, at: "/")
        try further(file.id, writer)
        try check("/", H5Fflush(file.id, H5F_SCOPE_GLOBAL))
        try file.close("/")
      }
    } catch {
      target.discard()
      throw StorageError(writing: error, to: target.path)
    }
  }

  /// Opens the file, refuses a newer format, and gives `body` a reader.
  func reading<Result>(
    live: Bool = false, _ body: (inout TreeReader) throws(LibraryError) -> Result
  ) throws(StorageError) -> Result {
    try requireSuperblock(live: live)
    do throws(LibraryError) {
      return try Library.exclusively { () throws(LibraryError) in
        let access = try GroupFile.accessProperties()
        // A file that somebody writes to needs HDF5's own driver.
        if !live { try check("/", H5Pset_driver(access.id, h5_reader_driver(), nil)) }
        let file = try Handle(
          "/", H5Fopen(path, live ? h5_read_live() : h5_read_only(), access.id), closedBy: H5Fclose)
        var reader = TreeReader(file: file.id)
        let root = try Handle.group(file.id, "/")
        let version = try AttributeReader(object: root.id, path: "/").text("format_version")
        if let version, GroupFile.major(version) > GroupFile.major(GroupFile.formatVersion) {
          throw LibraryError("/", version, kind: .newerFormat)
        }
        do throws(LibraryError) { return try body(&reader) } catch {
          // A sound file of another program: HDF5 finds no fault with it, and it doesn't claim our layout.
          if version == nil, error.kind == nil, error.isOwnFinding { throw error.foreign }
          throw error
        }
      }
    } catch {
      if error.kind == .newerFormat {
        throw StorageError(
          .newerFormat, "read", path,
          detail: "its format version is \(error.messages[0]), and this program knows \(GroupFile.formatVersion)",
          mend: "Use the version of the program that wrote it, or a newer one.")
      }
      throw StorageError(reading: error, from: path)
    }
  }

  /// How every file is opened: objects of version 1.8 on, all closed with the file, and not locked by HDF5.
  ///
  /// HDF5's lock would outlive the file: a child process started meanwhile inherits it, and a reader is then refused. Nor is
  /// it needed, for files have their names only once they are whole, and `RunLock` keeps writers apart.
  static func accessProperties(live: Bool = false) throws(LibraryError) -> Handle {
    let access = try Handle.properties(h5_file_access_class())
    try check("/", H5Pset_libver_bounds(access.id, live ? H5F_LIBVER_V110 : H5F_LIBVER_V18, H5F_LIBVER_V110))
    try check("/", H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG))
    try check("/", H5Pset_file_locking(access.id, false, true))
    return access
  }

  private static func major(_ version: String) -> Int { version.split(separator: ".").first.flatMap { Int($0) } ?? 0 }

  /// Whether the file begins as HDF5 files do.
  package var isHDF5: Bool {
    get throws(StorageError) {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw StorageError(errorNumber: errno, "read", path) }
      defer { close(descriptor) }
      var bytes = [UInt8](repeating: 0, count: Superblock.signature.count)
      return Foundation.read(descriptor, &bytes, bytes.count) == bytes.count && bytes == Superblock.signature
    }
  }

  /// Tells a missing, foreign and cut file by its first bytes; returns the file's size.
  @discardableResult
  func requireSuperblock(live: Bool) throws(StorageError) -> Int {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError(errorNumber: errno, "read", path) }
    defer { close(descriptor) }
    var status = stat()
    var bytes = [UInt8](repeating: 0, count: Superblock.maximumCount)
    let count = Foundation.read(descriptor, &bytes, bytes.count)
    guard count >= 0, fstat(descriptor, &status) == 0 else {
      if errno != EISDIR { throw StorageError(errorNumber: errno, "read", path) }
      throw StorageError(.foreign, "read", path, detail: "it is a folder", mend: "Name a file.")
    }
    bytes.removeLast(bytes.count - count)
    let signature = Superblock.signature
    guard bytes.prefix(signature.count) == signature.prefix(count) else {
      throw StorageError(
        .foreign, "read", path, detail: "it is not an HDF5 file",
        mend: "Name a run file, or move this one away if a result is to be written there.")
    }
    if let problem = Superblock.problem(bytes, fileSize: Int(status.st_size), isLive: live) {
      throw StorageError(
        .damaged, "read", path, detail: problem, mend: "Move it away and run again, or restore it from a copy.")
    }
    return Int(status.st_size)
  }
}
