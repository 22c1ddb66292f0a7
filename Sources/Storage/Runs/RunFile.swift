/// One run as one file: header, configuration, provenance, trajectory, checkpoints and measurements.
///
///     let run = RunFile(
///       header: header, configuration: RunFile.configuration(yaml: yaml, scalars: ["width": 64]),
///       trajectory: trajectory, measurements: Group(variables: [Variable("barrier", value: 0.25)]))
///     try run.write(to: "results/mode-connectivity/a1b2.h5")
public struct RunFile: Sendable, Equatable {
  /// The attributes of the root.
  public var header: RunFileHeader
  /// The resolved configuration; `RunFile.configuration(yaml:scalars:)` makes it.
  public var configuration: Group
  /// Versions, machine, times and the command line, as attributes.
  public var provenance: Group
  /// What was recorded as training went, along `step`.
  public var trajectory: Group
  /// Parameters: one group for each step, in it the blocks; `Group(parameters:in:)` makes one.
  public var checkpoints: Group
  /// What was measured.
  public var measurements: Group

  /// Creates a run file's content.
  public init(
    header: RunFileHeader, configuration: Group, provenance: Group = Group(), trajectory: Group = Group(),
    checkpoints: Group = Group(), measurements: Group = Group()
  ) {
    self.header = header
    self.configuration = configuration
    self.provenance = provenance
    self.trajectory = trajectory
    self.checkpoints = checkpoints
    self.measurements = measurements
  }

  /// The content as the tree that the file holds.
  public var group: Group {
    Group(
      attributes: header.attributes,
      groups: [
        "configuration": configuration, "provenance": provenance, "trajectory": trajectory,
        "checkpoints": checkpoints, "measurements": measurements,
      ])
  }

  /// The configuration's group: canonical YAML as the string variable `yaml`, and each scalar as an attribute under its
  /// dotted key.
  public static func configuration(yaml: String, scalars: Named<AttributeValue>) -> Group {
    Group(
      variables: [Variable("yaml", value: yaml, longName: "resolved configuration in canonical YAML")],
      attributes: scalars)
  }

  /// Writes the run, whole or not at all.
  ///
  /// What stands at the path already is replaced when it is a run file, and left alone when it is anything else.
  /// - Throws: the errors of `GroupFile.write(_:)`, and those of `header(of:)` for a foreign or damaged file in the way.
  public func write(to path: String) throws(StorageError) {
    do throws(StorageError) { _ = try RunFile.header(of: path) } catch {
      if error.kind != .missing { throw error }
    }
    try GroupFile(path).write(group)
  }

  /// Reads the whole file.
  /// - Throws: the errors of `GroupFile.read(_:)`; `foreign` for an HDF5 file that is no run file.
  public static func read(_ path: String) throws(StorageError) -> RunFile {
    let group = try GroupFile(path).read()
    let header = try RunFileHeader(attributes: group.attributes, of: path)
    func part(_ name: String) throws(StorageError) -> Group {
      if let part = group.groups[name] { return part }
      throw StorageError(
        .foreign, "read", path, detail: "it is no run file: its group \"\(name)\" is missing",
        mend: "Name a file that `landscape run` has written.")
    }
    return RunFile(
      header: header, configuration: try part("configuration"), provenance: try part("provenance"),
      trajectory: try part("trajectory"), checkpoints: try part("checkpoints"),
      measurements: try part("measurements"))
  }

  /// Reads the header alone: enough to know whether a run is finished. Cost: some kilobytes, whatever the file's size.
  /// - Throws: the errors of `read(_:)`.
  public static func header(of path: String) throws(StorageError) -> RunFileHeader {
    try RunFileHeader(attributes: try GroupFile(path).attributes(), of: path)
  }
}
