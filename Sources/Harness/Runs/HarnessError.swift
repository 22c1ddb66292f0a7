internal import Storage

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
  /// A file or folder that was asked for is there and can't be read.
  case unreadable(String, reason: String, mend: String)
  /// A file or folder can't be made or written.
  case notWritable(String, reason: String)
  /// A file that should be a result isn't one; `remade` is what will be made again once it is out of the way.
  case damagedResult(String, reason: String, remade: Remade = .run)
  /// A file or folder can't be made or written because the disk or the quota is full.
  case diskFull(String)
  /// A finished or begun run was made under other defaults.
  case otherConfiguration(String, remade: Remade = .run)
  /// Another process or thread works on it; `mend` is a whole sentence.
  case held(String, by: String, mend: String)
  /// Some runs of a batch ended with an error. `sentences` says why; none if that was shown when it happened.
  case runsFailed(count: Int, of: Int, sentences: [String], exitCode: Int32)
  /// No rehearsal came to its end, for this reason, which is a whole sentence.
  case rehearsalsFailed(String, exitCode: Int32)
  /// Standard output can't be written.
  case outputFailed(reason: String)
  /// Anything else that was asked for and makes no sense.
  case usage(String)

  /// What a file is the result of.
  public enum Remade: String, Hashable, Sendable {
    /// A run.
    case run
    /// The training of a minimum.
    case training
  }
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
    case .unreadable(let path, let reason, let mend): "can't read \(path): \(reason); \(mend)."
    case .notWritable(let path, let reason):
      "can't write \(path): \(reason); choose another folder with --results or mend its permissions."
    case .diskFull(let path): StorageError(noSpaceFor: path).description
    case .damagedResult(let path, let reason, let remade):
      "\(path) can't be read as a result (\(reason)); it was left alone: "
        + "move it away and the \(remade) will be made again."
    case .otherConfiguration(let path, let remade):
      "\(path) belongs to this \(remade) but was made with other defaults; "
        + "move it away and the \(remade) will be made again."
    case .held(let what, let holder, let mend): "\(what) is being worked on by \(holder). \(mend)"
    case .runsFailed(let count, let total, let sentences, _):
      "\(count) of \(total) runs ended with an error"
        + (sentences.isEmpty
          ? ", as said above; with the cause mended, the same command makes what is missing."
          : ": \(sentences.joined(separator: "; ")).")
    case .rehearsalsFailed(let sentence, _): "nothing could be rehearsed: \(sentence)"
    case .outputFailed(let reason):
      "can't write to standard output: \(reason); send it elsewhere and repeat the command."
    case .usage(let sentence): sentence
    }
  }

  private func suggestion(_ nearest: String?) -> String { nearest.map { ", did you mean \($0)?" } ?? "" }
}
