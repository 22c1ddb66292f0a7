internal import Foundation

/// The few operations on files that are not HDF5's.
package enum FileSystem {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Makes a folder with those above it.
  static func makeFolder(_ path: String) throws(HarnessError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw writing(path, error)
    }
  }

  /// Writes a text file, whole or not at all.
  package static func write(_ text: String, to path: String) throws(HarnessError) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw writing(path, error)
    }
  }

  /// A file's bytes. `mend` ends the sentence about one that isn't there or can't be read.
  package static func read(_ path: String, mend: String) throws(HarnessError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno, path, mend) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      guard count > 0 else { throw failure(errno, path, mend) }
      bytes += chunk.prefix(count)
    }
  }

  private static func failure(_ number: Int32, _ path: String, _ mend: String) -> HarnessError {
    switch number {
    case ENOENT, ENOTDIR: .missingFile(path, mend: mend)
    case EISDIR: .unreadable(path, reason: "it is a folder", mend: mend)
    default: .unreadable(path, reason: String(cString: strerror(number)).lowercased(), mend: mend)
    }
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The sorted names in a folder; none if it isn't there.
  static func names(in path: String) throws(HarnessError) -> [String] {
    guard exists(path) else { return [] }
    guard isFolder(path) else {
      throw .unreadable(path, reason: "it is a file", mend: "name the folder that holds the results")
    }
    do { return try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch {
      throw .unreadable(path, reason: reason(error), mend: "mend its permissions or name another folder")
    }
  }

  static func remove(_ path: String) throws(HarnessError) {
    do { try FileManager.default.removeItem(atPath: path) } catch {
      throw writing(path, error)
    }
  }

  private static func writing(_ path: String, _ error: any Error) -> HarnessError {
    isFull(error) ? .diskFull(path) : .notWritable(path, reason: reason(error))
  }

  private static func isFull(_ error: any Error) -> Bool {
    let error = error as NSError
    if error.domain == NSPOSIXErrorDomain { return [ENOSPC, EDQUOT, EFBIG].contains(Int32(error.code)) }
    if CocoaError.Code(rawValue: error.code) == .fileWriteOutOfSpace { return true }
    return (error.userInfo[NSUnderlyingErrorKey] as? NSError).map(isFull) ?? false
  }

  /// The operating system's own words, where an error has them.
  private static func reason(_ error: any Error) -> String {
    var current = error as NSError
    while let inner = current.userInfo[NSUnderlyingErrorKey] as? NSError { current = inner }
    if current.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(current.code))) }
    switch CocoaError.Code(rawValue: current.code) {
    case .fileWriteNoPermission, .fileReadNoPermission: return "permission denied"
    case .fileWriteVolumeReadOnly: return "the file system is read-only"
    case .fileWriteFileExists: return "a file is in the way"
    case .fileNoSuchFile: return "no such folder"
    default: return errno == 0 ? current.localizedDescription : String(cString: strerror(errno))
    }
  }
}
