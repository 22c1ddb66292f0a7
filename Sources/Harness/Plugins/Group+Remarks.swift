public import Storage

extension Group {
  /// What a reader should know before trusting the group's numbers: dead units, an end that is no minimum, what was asked for
  /// and could not be measured. Short sentences without full stops; in a file the attribute `remarks`, where there are any.
  ///
  /// A run remarks on what the groups of its result do, each sentence preceded by its group's path within `measurements`
  /// ("slices/planes: ..."), in its file and in every table of runs.
  public var remarks: [String] {
    get { attributes["remarks"]?.texts ?? [] }
    set { attributes["remarks"] = newValue.isEmpty ? nil : .strings(newValue) }
  }

  /// The remarks of the group and of all groups within, in their order, those within preceded by their paths.
  func allRemarks(at path: String = "") -> [String] {
    let own = path.isEmpty ? remarks : remarks.map { "\(path): \($0)" }
    return own + groups.flatMap { $0.value.allRemarks(at: path.isEmpty ? $0.name : "\(path)/\($0.name)") }
  }
}
