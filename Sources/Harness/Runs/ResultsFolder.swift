/// The folder that holds what runs produce.
public struct ResultsFolder: Hashable, Sendable {
  /// Its path.
  public let path: String

  /// The folder at a path; it is made when something is written.
  public init(_ path: String) { self.path = path }

  /// The file of a finished run.
  public func file(experiment: String, id: String) -> String { "\(path)/\(experiment)/\(id).h5" }

  /// The folder in which an unfinished run keeps its state.
  public func partial(experiment: String, id: String) -> String { "\(path)/\(experiment)/\(id).partial" }

  /// The file of a trained minimum.
  public func minimum(digest: String) -> String { "\(path)/minima/\(digest.prefix(16)).h5" }

  /// The verdicts of a profile.
  public func findings(_ profile: Profile) -> String { "\(path)/findings-\(profile.rawValue).json" }
}

extension PlannedRun {
  /// The file that the run ends in.
  public func file(in folder: ResultsFolder) -> String { folder.file(experiment: experiment, id: id) }
  /// The folder of its unfinished state.
  public func partial(in folder: ResultsFolder) -> String { folder.partial(experiment: experiment, id: id) }
}
