internal import Configuration
public import Networks
public import Storage
public import Tensors

/// The weights that settings name, as they lie in their file.
struct StoredWeights {
  private let path: String
  private let entries: [SafetensorsFile.Entry]
  private let layout: WeightLayout
  /// What the file says of the network and the run that the weights are of.
  private let metadata: [String: String]

  /// How the run that they are of went out of bounds; `nil` when it didn't, or when nobody knows.
  var divergence: String? { metadata["divergence"] }

  /// Reads a run file or a safetensors file. Throws `StorageError` for what can't be read, has another digest, lacks the
  /// checkpoint, or does not say how it is laid out.
  init(_ settings: WeightsSettings) throws(StorageError) {
    guard let path = settings.file else { preconditionFailure("weights without a file") }
    self.path = path
    if let expected = settings.sha256 {
      let found = try sha256(ofFile: path)
      guard found == expected.lowercased() else {
        throw StorageError(
          .foreign, "read", path, detail: "its SHA-256 is \(found), and the settings say \(expected)",
          mend: "Restore that file, or plan the run anew without the digest.")
      }
    }
    if try GroupFile(path).isHDF5 {
      let run = try RunWeights(path)
      entries = try run.entries(of: run.name(settings.checkpoint))
      layout = .landscape
      metadata = run.metadata
      return
    }
    let file = try SafetensorsFile.read(path)
    metadata = file.metadata
    let stated = metadata[WeightLayout.key].flatMap { WeightLayout(rawValue: $0) }
    if let stated, let chosen = settings.layout.layout, chosen != stated {
      throw StorageError(
        .foreign, "read", path,
        detail: "it says that its layout is \(stated.rawValue), and the settings \(chosen.rawValue)",
        mend: "Leave its layout (ends.layout, weights.layout) at recorded.")
    }
    guard let layout = settings.layout.layout ?? stated
    else {
      throw StorageError(
        .foreign, "read", path, detail: "it does not say whether its weights are [inputs, units] or [units, inputs]",
        mend: "Set its layout (ends.layout, weights.layout) to landscape for the former, to pytorch for the latter.")
    }
    self.layout = layout
    entries = try Self.chosen(settings.checkpoint, of: file, path, separator: layout == .pytorch ? "." : "/")
  }

  private static func chosen(
    _ checkpoint: String?, of file: SafetensorsFile, _ path: String, separator: String
  ) throws(StorageError) -> [SafetensorsFile.Entry] {
    let names = (file.metadata["checkpoints"] ?? "").split(separator: " ").map(String.init)
    if checkpoint == nil, names.count < 2 { return file.entries }
    if let checkpoint, names == [checkpoint] { return file.entries }
    let prefix = (checkpoint ?? "") + separator
    let own = file.entries.filter { $0.name.hasPrefix(prefix) }
    guard checkpoint != nil, !own.isEmpty else {
      throw StorageError(
        .absent, "read", path,
        detail: checkpoint.map { "it has no checkpoint \($0)" } ?? "it holds several checkpoints",
        mend: names.isEmpty ? "Leave checkpoint out." : "Set checkpoint to one of \(names.joined(separator: ", ")).")
    }
    return own.map {
      SafetensorsFile.Entry(String($0.name.dropFirst(prefix.count)), shape: $0.shape, values: $0.values)
    }
  }

  /// The parameter vector of a network. Throws `StorageError` for weights of another network: one of another configuration
  /// where the file tells, other names or shapes, or numbers that are not finite in this precision.
  func parameters<Element: Scalar>(
    of network: Network, _ settings: NetworkSettings, as type: Element.Type = Element.self
  ) throws(StorageError) -> [Element] {
    if let conflict = conflict(with: settings) { throw refused(conflict.detail, conflict.mend) }
    let blocks = network.layout.blocks
    let read = layout.read(entries) { network.layout[$0] != nil }
    let found = Dictionary(read.map { ($0.name, $0) }) { first, _ in first }
    if let twice = read.first(where: { entry in read.count { $0.name == entry.name } > 1 })?.name {
      throw refused(
        "it holds \(twice) twice, once with a full stop in its name and once with a stroke", "Leave one of them out.")
    }
    let mend = "Name a file of the same network, or change the network's settings."
    if let extra = read.first(where: { network.layout[$0.name] == nil }) {
      throw refused("it has \(extra.name), and the network has no such parameters", mend)
    }
    var parameters: [Element] = []
    for block in blocks {
      guard let entry = found[block.name] else {
        throw refused("it has no \(block.name), and the network has", mend)
      }
      guard entry.shape == block.shape else {
        let isOther = entry.shape.rank == 2 && entry.shape.dimensions == block.shape.dimensions.reversed()
        throw refused(
          "its \(block.name) has the shape \(entry.shape), and the network's has \(block.shape)",
          isOther ? "Set layout to the other one: it is transposed." : mend)
      }
      guard let values = entry.values.doubles else { throw refused("its \(block.name) holds texts", mend) }
      let numbers = values.map { Element($0) }
      if let index = numbers.firstIndex(where: { !$0.isFinite }) {
        throw refused(
          "element \(index) of its \(block.name) is \(values[index]), no finite number in \(Element.typeName)",
          "Take weights from before training diverged.")
      }
      parameters += numbers
    }
    return parameters
  }

  /// The settings of a network that its parameters' shapes don't show.
  private static let functional = [
    "architecture", "activation", "normalization", "groups", "skips", "shortcut", "weight_normalization",
    "parameterization", "base_width",
  ]

  private func conflict(with settings: NetworkSettings) -> (detail: String, mend: String)? {
    for setting in settings.values where Self.functional.contains(setting.key) {
      let suffix = ".network.\(setting.key)"
      let own = setting.value.attribute.description
      if let said = metadata.first(where: { $0.key.hasSuffix(suffix) })?.value, said != own {
        return (
          "it is of a network whose \(setting.key) is \(said), and it is \(own) here",
          "Set network.\(setting.key) to \(said), or name another file."
        )
      }
    }
    return nil
  }

  private func refused(_ detail: String, _ mend: String) -> StorageError {
    StorageError(.foreign, "take weights from", path, detail: detail, mend: mend)
  }
}

extension WeightsSettings {
  /// The weights as the parameter vector of a network.
  ///
  /// - Throws: `StorageError` for a file that can't be read, has another digest, lacks the checkpoint, or holds weights of
  ///   another network or numbers that are not finite.
  public func parameters<Element: Scalar>(
    of network: Network, _ settings: NetworkSettings, as type: Element.Type = Element.self
  ) throws(StorageError) -> [Element] {
    try StoredWeights(self).parameters(of: network, settings)
  }
}
