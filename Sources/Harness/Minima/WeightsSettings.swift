public import Configuration
internal import Storage

/// The layout of weights as a configuration states it.
public enum StatedLayout: String, CaseIterable, Sendable {
  /// What the file itself says.
  case recorded
  /// This program's.
  case landscape
  /// PyTorch's.
  case pytorch

  /// The layout; `nil` for what the file says.
  var layout: WeightLayout? { WeightLayout(rawValue: rawValue) }
}

/// Weights in a file: a run file of this program, or safetensors by whatever program.
public struct WeightsSettings: Configurable {
  /// The file; `nil` for none.
  public var file: String?
  /// Which of several weights in it.
  public var checkpoint: String?
  /// What its SHA-256 must be.
  public var sha256: String?
  /// How a safetensors file is laid out.
  public var layout = StatedLayout.recorded

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("file", \.file, "A run file or a safetensors file with the weights; null for none.")
    Setting(
      "checkpoint", \.checkpoint,
      "Which of a file's weights, such as first, 2000 or ticket_3; null for the only ones or those of the last step.")
    Setting(
      "sha256", \.sha256,
      "What the file's SHA-256 must be; null for that of the file as it is when runs are planned, so that other content "
        + "makes other runs.")
    Setting(
      "layout", \.layout,
      "How a safetensors file is laid out: landscape ([inputs, units]), pytorch ([units, inputs]), or recorded, what its "
        + "metadata say.")
  }

  /// The digest of the file, if it can be read; if not, reading it is what fails.
  public mutating func pin(_ digests: inout [String: String]) {
    guard let file, sha256 == nil else { return }
    sha256 = pinnedDigest(file, &digests)
  }

  /// What goes with a file, without one; a digest that is none.
  public var conflict: String? {
    if file == nil, self != Self() { return "checkpoint, sha256 and layout go with file, and no file is named" }
    return sha256.flatMap(digestConflict)
  }
}

/// The files that several minima are taken from.
public struct EndsSettings: Configurable {
  /// A file for each; empty to train them.
  public var files: [String] = []
  /// Which weights of each file; empty for the only ones or those of the last step.
  public var checkpoints: [String] = []
  /// What the SHA-256 of each must be.
  public var sha256: [String] = []
  /// How safetensors files are laid out.
  public var layout = StatedLayout.recorded

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting(
      "files", \.files,
      "Run files or safetensors files to take the minima from, one for each; [] to train them. A file may be named twice."
    )
    Setting(
      "checkpoints", \.checkpoints,
      "Which weights of each file, such as [first, second]; [] for the only ones or those of the last step.")
    Setting(
      "sha256", \.sha256,
      "What the SHA-256 of each file must be; [] for those of the files as they are when runs are planned, so that other "
        + "content makes other runs.")
    Setting(
      "layout", \.layout,
      "How safetensors files are laid out: landscape ([inputs, units]), pytorch ([units, inputs]), or recorded, what their "
        + "metadata say.")
  }

  /// The digests of the files, if they can be read; if not, reading them is what fails.
  public mutating func pin(_ digests: inout [String: String]) {
    guard sha256.isEmpty else { return }
    let found = files.compactMap { pinnedDigest($0, &digests) }
    if found.count == files.count { sha256 = found }
  }

  /// A single file, or other numbers of checkpoints or digests than of files.
  public var conflict: String? {
    if files.count == 1 {
      return "files names one file, but there are two ends at least; name another, or the same twice"
    }
    for (name, values) in [("checkpoints", checkpoints), ("sha256", sha256)]
    where !values.isEmpty && values.count != files.count {
      return "\(name) has \(values.count) entries, but files \(files.count)"
    }
    if files.isEmpty, layout != .recorded { return "layout goes with files, and none is named" }
    return sha256.lazy.compactMap(digestConflict).first
  }

  /// Each file by itself.
  public var weights: [WeightsSettings] {
    files.indices.map { index in
      var weights = WeightsSettings()
      weights.file = files[index]
      weights.checkpoint = checkpoints.isEmpty ? nil : checkpoints[index]
      weights.sha256 = sha256.isEmpty ? nil : sha256[index]
      weights.layout = layout
      return weights
    }
  }
}

private func pinnedDigest(_ file: String, _ digests: inout [String: String]) -> String? {
  if let known = digests[file] { return known }
  do { digests[file] = try Storage.sha256(ofFile: file) } catch { return nil }
  return digests[file]
}

private func digestConflict(_ sha256: String) -> String? {
  sha256.count == 64 && sha256.allSatisfy { $0.isASCII && $0.isHexDigit }
    ? nil : "sha256 is \(sha256), but a SHA-256 has 64 hexadecimal digits"
}
