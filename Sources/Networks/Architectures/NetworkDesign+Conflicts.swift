extension NetworkDesign {
  /// A sentence (without its full stop) that says which settings don't go together and what would; `nil` if all do.
  ///
  /// Settings are called as configurations call them.
  public var conflict: String? {
    sizeConflict ?? normalizationConflict ?? weightNormalizationConflict ?? initializationConflict
  }

  private var name: String { architecture.rawValue }

  private var sizeConflict: String? {
    if let width, architecture.publishedWidth == nil {
      return "width is \(width), but \(name) takes the widths of its layers from hidden"
    }
    if let depth, !architecture.depths.contains(depth) {
      return architecture.depths.isEmpty
        ? "depth is \(depth), but \(name) has no depth to choose"
        : "depth is \(depth), but \(name) has one of \(architecture.depths.sorted().map(String.init).joined(separator: ", "))"
    }
    if architecture == .autoencoder && hidden.isEmpty {
      return "hidden is [], but autoencoder needs at least one hidden layer"
    }
    if dropout > 0 && (architecture == .elman || architecture == .deepLinear) {
      return "dropout is \(dropout), but \(name) has no place for it"
    }
    if !hasSkips && architecture != .resNet { return "skips is false, but \(name) has no shortcuts to leave out" }
    return nil
  }

  private var normalizationConflict: String? {
    switch (normalization, architecture) {
    case (.published, _), (.none, _): nil
    case (_, .elman), (_, .deepLinear):
      "normalization is \(normalization.rawValue), but \(name) has no place for one; choose none"
    case (.fixup, .resNet):
      shortcut == .projection || !hasSkips
        ? "normalization is fixup, which needs skips with the shortcut padded" : nil
    case (.fixup, _): "normalization is fixup, but only resnet has the residual blocks for it; choose none"
    default: nil
    }
  }

  private var weightNormalizationConflict: String? {
    guard weightNormalization != .none else { return nil }
    let setting = "weight_normalization is \(weightNormalization.rawValue), which sets the scale of weights itself"
    if architecture == .elman { return "\(setting), but does not reach the recurrence of elman; choose none" }
    if parameterization != .standard { return "\(setting), so that parameterization must be standard" }
    switch initialization.law {
    case .zero, .fixup, .sparse: return "\(setting), so that initializer can't be \(initialization.law.rawValue)"
    default: return nil
    }
  }

  private var initializationConflict: String? {
    if initialization.law == .fixup && (architecture != .resNet || !hasSkips) {
      return "initializer is fixup, but only resnet with skips has the residual branches for it"
    }
    return nil
  }
}
