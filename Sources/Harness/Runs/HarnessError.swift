/// What the harness itself finds wrong; each case is one sentence and has an exit code.
public enum HarnessError: Error, Hashable, Sendable {
  /// No experiment of that name.
  case unknownExperiment(String, nearest: String?, known: [String])
  /// No finding of that name.
  case unknownFinding(String, nearest: String?, known: [String])
  /// A finding names a sweep that its experiment's profile doesn't have.
  case unknownSweep(String, experiment: String, profile: Profile, known: [String])
  /// A file that was asked for isn't there.
  case missingFile(String, mend: String)
  /// A file or folder can't be made or written.
  case notWritable(String, reason: String)
  /// A file that should be a result isn't one.
  case damagedResult(String, reason: String)
  /// A finished or begun run was made under other defaults.
  case otherConfiguration(String)
  /// Another process or thread works on it.
  case held(String, by: String)
  /// Some runs of a batch ended with an error.
  case runsFailed([String], exitCode: Int32)
  /// Anything else that was asked for and makes no sense.
  case usage(String)
}

extension HarnessError: CustomStringConvertible {
  /// One sentence with what to do about it.
  public var description: String {
    switch self {
    case .unknownExperiment(let name, let nearest, let known):
      "unknown experiment \(name)" + suggestion(nearest) + " (there are: \(known.joined(separator: ", ")))."
    case .unknownFinding(let id, let nearest, let known):
      "unknown finding \(id)" + suggestion(nearest) + " (there are: \(known.joined(separator: ", ")))."
    case .unknownSweep(let name, let experiment, let profile, let known):
      "\(experiment)/\(profile.rawValue).yaml has no sweep \(name) (it has: \(known.joined(separator: ", ")))."
    case .missingFile(let path, let mend): "there is no file \(path); \(mend)."
    case .notWritable(let path, let reason):
      "can't write \(path): \(reason); choose another folder with --results or mend its permissions."
    case .damagedResult(let path, let reason):
      "\(path) can't be read as a result (\(reason)); it was left alone: move it away and the run will be made again."
    case .otherConfiguration(let path):
      "\(path) belongs to this run but was made with other defaults; move it away and the run will be made again."
    case .held(let what, let holder): "\(what) is being worked on by \(holder); wait for it or stop it."
    case .runsFailed(let labels, _):
      "\(labels.count == 1 ? "one run" : "\(labels.count) runs") ended with an error: \(labels.joined(separator: "; "))."
    case .usage(let sentence): sentence
    }
  }

  private func suggestion(_ nearest: String?) -> String { nearest.map { ", did you mean \($0)?" } ?? "" }
}
