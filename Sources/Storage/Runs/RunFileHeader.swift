/// How a run ended.
public enum RunStatus: String, Sendable, CaseIterable {
  /// It did all it was to do.
  case complete
  /// Its numbers left the finite ones; what was measured until then is in the file.
  case diverged
  /// It was stopped before its end.
  case interrupted
}

/// What a run file says about itself: the attributes of its root.
public struct RunFileHeader: Sendable, Equatable {
  /// What the file is about, in words.
  public var title: String
  /// The program that made it, with its version.
  public var source: String
  /// When and by which command line it was made.
  public var history: String
  /// DOIs or arXiv ids of what was reproduced.
  public var references: [String]
  /// The name of the experiment.
  public var experiment: String
  /// The identity of the run within the experiment.
  public var runID: String
  /// The seed of its randomness.
  public var seed: Int
  /// How it ended.
  public var status: RunStatus
  /// What a reader should know before trusting its numbers, in sentences without full stops; usually none.
  public var remarks: [String]

  /// Creates a header.
  public init(
    title: String, source: String, history: String, references: [String], experiment: String, runID: String,
    seed: Int, status: RunStatus, remarks: [String] = []
  ) {
    self.title = title
    self.source = source
    self.history = history
    self.references = references
    self.experiment = experiment
    self.runID = runID
    self.seed = seed
    self.status = status
    self.remarks = remarks
  }
}

extension RunFileHeader {
  /// The conventions that the files follow.
  public static let conventions = "CF-1.10"

  /// The header as attributes of the root. References are joined by "; ", since CF knows a single string. `remarks` is there
  /// when there are any.
  public var attributes: Named<AttributeValue> {
    var attributes: Named<AttributeValue> = [
      "Conventions": .string(RunFileHeader.conventions), "title": .string(title), "source": .string(source),
      "history": .string(history), "references": .string(references.joined(separator: "; ")),
      "experiment": .string(experiment), "run_id": .string(runID), "seed": .integer(Int64(seed)),
      "status": .string(status.rawValue), "format_version": .string(GroupFile.formatVersion),
    ]
    if !remarks.isEmpty { attributes["remarks"] = .strings(remarks) }
    return attributes
  }

  /// The header back from the attributes of the root of the file at `path`.
  /// - Throws: `StorageError` of the kind `foreign` that names the attribute that is not as it should be.
  public init(attributes: Named<AttributeValue>, of path: String) throws(StorageError) {
    func refuse(_ name: String) -> StorageError {
      StorageError(
        .foreign, "read", path, detail: "it is no run file: its attribute \"\(name)\" is missing or of another kind",
        mend: "Name a file that `landscape run` has written.")
    }
    func text(_ name: String) throws(StorageError) -> String {
      guard let text = attributes[name]?.text else { throw refuse(name) }
      return text
    }
    guard let seed = attributes["seed"]?.integer else { throw refuse("seed") }
    guard let status = RunStatus(rawValue: try text("status")) else { throw refuse("status") }
    _ = try text("format_version")
    var remarks: [String] = []
    if let stored = attributes["remarks"] {
      guard let texts = stored.texts else { throw refuse("remarks") }
      remarks = texts
    }
    let references = try text("references")
    self.init(
      title: try text("title"), source: try text("source"), history: try text("history"),
      references: references.split(separator: "; ").map(String.init), experiment: try text("experiment"),
      runID: try text("run_id"), seed: seed, status: status, remarks: remarks)
  }
}
