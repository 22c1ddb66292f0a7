import CHDF5

/// A call into HDF5 that failed, or content that it gave and that makes no sense here.
///
/// It knows the object within the file; `GroupFile` adds the file and the operation and makes a `StorageError` of it.
struct LibraryError: Error {
  /// The object's path within the file, or the call's name where there is none.
  var object: String
  /// The error stack, innermost first.
  var messages: [String]
  /// What the caller knows better than the library: that something is absent, or cannot be written.
  var kind: StorageError.Kind?
  /// Whether HDF5 read without fault what makes no sense here.
  var isOwnFinding: Bool

  /// Describes a failure in words of our own.
  init(_ object: String, _ message: String, kind: StorageError.Kind? = nil) {
    self.object = object
    self.messages = [message]
    self.kind = kind
    self.isOwnFinding = true
  }

  /// Takes over the library's error stack after a failed call.
  init(callFailedOn object: String) {
    var collected: [String] = []
    withUnsafeMutablePointer(to: &collected) { pointer in
      _ = H5Ewalk2(
        h5_error_stack(), H5E_WALK_UPWARD,
        { _, record, context in
          guard let record, let context else { return 0 }
          let text = h5_error_description(record).map { String(cString: $0) } ?? ""
          let function = h5_error_function(record).map { String(cString: $0) } ?? ""
          context.assumingMemoryBound(to: [String].self).pointee.append("\(text) (\(function))")
          return 0
        }, pointer)
    }
    _ = H5Eclear2(h5_error_stack())
    self.object = object
    self.messages = collected.isEmpty ? ["HDF5 gives no reason"] : collected
    self.kind = nil
    self.isOwnFinding = false
  }

  /// The same about a file that isn't ours.
  var foreign: LibraryError {
    var error = self
    error.kind = .foreign
    return error
  }

  /// The system's error number, where the library's words carry one.
  var errorNumber: Int32? {
    for message in messages {
      guard let range = message.firstRange(of: "errno = ") else { continue }
      if let number = Int32(message[range.upperBound...].prefix { $0.isNumber }) { return number }
    }
    return nil
  }
}

/// Throws when a call reports failure by a negative number.
@discardableResult
func check<Status: SignedInteger>(_ object: String, _ status: Status) throws(LibraryError) -> Status {
  if status < 0 { throw LibraryError(callFailedOn: object) }
  return status
}
