public import Storage

/// The checkpoints of a run file: weights, and masks, by name.
public struct RunWeights: Sendable {
  /// The file.
  public let path: String
  /// Its header.
  public let header: RunFileHeader
  /// The names of the checkpoints in their order: `0` and `2000`, `first` and `second`, `start`, `ticket_3`, `mask_3`.
  public let names: [String]
  /// How the run went out of bounds, as a sentence; `nil` when it didn't.
  let divergence: String?
  private let configuration: Named<AttributeValue>

  /// Opens a run file; no array is read yet.
  /// - Throws: `StorageError`: the errors of `RunFile.header(of:)`; `absent` for a run without checkpoints.
  public init(_ path: String) throws(StorageError) {
    self.path = path
    let file = GroupFile(path)
    header = try RunFile.header(of: path)
    configuration = try file.attributes(ofGroup: "configuration")
    names = try file.groupNames(in: "checkpoints")
    divergence =
      header.status == .diverged ? RunFile.divergence(from: try file.attributes(ofGroup: "measurements")) : nil
    guard !names.isEmpty else {
      throw StorageError(
        .absent, "read", path, detail: "it holds no weights: runs of \(header.experiment) keep none",
        mend: "Name a file in minima/, or of an experiment that keeps weights.")
    }
  }

  /// The name of a checkpoint that is there: the one that is wanted, or, for `final` and `nil`, the only one or that of the
  /// last step.
  /// - Throws: `StorageError` that names those that there are.
  public func name(_ wanted: String? = nil) throws(StorageError) -> String {
    if let wanted, names.contains(wanted) { return wanted }
    if wanted == nil || wanted == "final" {
      if names.count == 1 { return names[0] }
      if let last = names.compactMap({ Int($0) }).max() { return "\(last)" }
    }
    throw StorageError(
      .absent, "read", path,
      detail: wanted.map { "it has no checkpoint \($0)" } ?? "it has several checkpoints and none of them is the last",
      mend: "Choose among \(names.joined(separator: ", ")).")
  }

  /// The arrays of a checkpoint by their names in the network, in the order of its parameters.
  /// - Throws: the errors of `GroupFile.read(_:)`.
  public func entries(of name: String) throws(StorageError) -> [SafetensorsFile.Entry] {
    let stored = try GroupFile(path).read("checkpoints/\(name)").variablePaths
    let inOrder = stored.sorted { offset($0.variable) < offset($1.variable) }
    return inOrder.map { SafetensorsFile.Entry($0.path, shape: $0.variable.shape, values: $0.variable.values) }
  }

  /// Checkpoints as a safetensors file's content. Names are those of the blocks; with several checkpoints, each behind
  /// its checkpoint's name. The metadata hold the layout, the run's identity and its configuration, key by key.
  public func exported(_ chosen: [String], layout: WeightLayout) throws(StorageError) -> SafetensorsFile {
    var file = SafetensorsFile(entries: [], metadata: metadata)
    file.metadata[WeightLayout.key] = layout.rawValue
    file.metadata["checkpoints"] = chosen.joined(separator: " ")
    for name in chosen {
      var entries = layout.laidOut(try self.entries(of: name))
      if chosen.count > 1 {
        let separator = layout == .pytorch ? "." : "/"
        for index in entries.indices { entries[index].name = name + separator + entries[index].name }
      }
      file.entries += entries
    }
    return file
  }

  /// Who made the run and how it was configured.
  var metadata: [String: String] {
    var metadata = [
      "source": header.source, "experiment": header.experiment, "run_id": header.runID, "seed": "\(header.seed)",
      "status": header.status.rawValue,
    ]
    metadata["divergence"] = divergence
    for (key, value) in configuration where key != "digest" { metadata["configuration.\(key)"] = value.description }
    return metadata
  }

  private func offset(_ variable: Variable) -> Int { variable.attributes["offset"]?.integer ?? .max }
}
