internal import Foundation

/// The few operations on files that are not HDF5's.
enum FileSystem {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Makes a folder with those above it.
  static func makeFolder(_ path: String) throws(HarnessError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .notWritable(path, reason: reason(error))
    }
  }

  /// Writes a text file, whole or not at all.
  static func write(_ text: String, to path: String) throws(HarnessError) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .notWritable(path, reason: reason(error))
    }
  }

  static func read(_ path: String, mend: String) throws(HarnessError) -> String {
    guard let data = FileManager.default.contents(atPath: path) else { throw .missingFile(path, mend: mend) }
    return String(decoding: data, as: UTF8.self)
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The sorted names in a folder; none if it isn't there.
  static func names(in path: String) throws(HarnessError) -> [String] {
    guard exists(path) else { return [] }
    do { return try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch {
      throw .missingFile(path, mend: "it is no folder that can be read (\(reason(error)))")
    }
  }

  static func remove(_ path: String) throws(HarnessError) {
    do { try FileManager.default.removeItem(atPath: path) } catch {
      throw .notWritable(path, reason: reason(error))
    }
  }

  /// The operating system's own words, where an error has them.
  private static func reason(_ error: any Error) -> String {
    var current = error as NSError
    while let inner = current.userInfo[NSUnderlyingErrorKey] as? NSError { current = inner }
    if current.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(current.code))) }
    switch CocoaError.Code(rawValue: current.code) {
    case .fileWriteNoPermission: return "permission denied"
    case .fileWriteOutOfSpace: return "no space left on device"
    case .fileWriteVolumeReadOnly: return "the file system is read-only"
    case .fileWriteFileExists: return "a file is in the way"
    case .fileNoSuchFile: return "no such folder"
    default: return errno == 0 ? current.localizedDescription : String(cString: strerror(errno))
    }
  }
}
