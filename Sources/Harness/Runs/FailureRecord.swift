/// Why a run failed, kept beside what it had done until somebody goes on with it.
struct FailureRecord {
  private let path: String

  /// The record in a run's folder.
  init(_ partial: String) { path = "\(partial)/failure.txt" }

  /// The sentence, if there is one.
  var reason: String? {
    get throws(HarnessError) {
      guard FileSystem.exists(path) else { return nil }
      return String(decoding: try FileSystem.read(path, mend: "mend its permissions"), as: UTF8.self)
    }
  }

  func keep(_ reason: String) throws(HarnessError) { try FileSystem.write(reason, to: path) }

  func remove() throws(HarnessError) {
    if FileSystem.exists(path) { try FileSystem.remove(path) }
  }
}
