/// What a block of parameters is to the network as a whole.
public enum ParameterRole: String, CaseIterable, Codable, Sendable {
  /// The first weight: its inputs don't grow with the width.
  case input
  /// A weight between.
  case hidden
  /// The last weight: its outputs don't grow with the width. The only weight of a network is one of these.
  case output
  /// Something that is added.
  case bias
  /// A normalization's scale and the like.
  case scale

  /// Whether it is a weight.
  public var isWeight: Bool { self == .input || self == .hidden || self == .output }
}

/// How weights enter the function, how large they start and how fast they learn, relative to the standard form.
///
/// A weight W acts as m W and starts as s times what the initializer draws, so that m s = 1 leaves the function at its start
/// as it was.
public enum Parameterization: Hashable, Sendable {
  /// m = s = 1.
  case standard
  /// m = 1/sqrt(fanIn), s = sqrt(fanIn): with LeCun's law the elements of W start as N(0, 1) (Jacot et al. 2018).
  case neuralTangent
  /// The maximal update parameterization for a network `widthRatio` = r times as wide as its base, which is in standard
  /// form itself (Yang et al. 2022, table 8): the last weight has m = 1/r and s = sqrt(r), all others m = s = 1. What learns
  /// at which rate is in ``Network/learningRateFactors(for:)``.
  case maximalUpdate(widthRatio: Double)

  /// m.
  public func multiplier(_ role: ParameterRole, fanIn: Int) -> Double {
    switch self {
    case .standard: 1
    case .neuralTangent: role.isWeight ? 1 / Double(fanIn).squareRoot() : 1
    case .maximalUpdate(let ratio): role == .output ? 1 / ratio : 1
    }
  }

  /// s.
  public func startFactor(_ role: ParameterRole, fanIn: Int) -> Double {
    switch self {
    case .standard: 1
    case .neuralTangent: role.isWeight ? Double(fanIn).squareRoot() : 1
    case .maximalUpdate(let ratio): role == .output ? ratio.squareRoot() : 1
    }
  }

  /// What a learning rate is multiplied by.
  ///
  /// In the maximal update parameterization, for steps that are proportional to the gradient: r for the first and the last
  /// weight and for biases and scales of units, 1 for weights between. For steps of unit size: 1/r for weights between and
  /// 1 for the rest. `growsWithWidth` says whether a bias or scale has an element for each unit of a hidden layer.
  public func learningRateFactor(_ role: ParameterRole, growsWithWidth: Bool, for rule: UpdateRule) -> Double {
    guard case .maximalUpdate(let ratio) = self else { return 1 }
    switch (rule, role) {
    case (.proportional, .hidden): return 1
    case (.proportional, .input), (.proportional, .output): return ratio
    case (.proportional, .bias), (.proportional, .scale): return growsWithWidth ? ratio : 1
    case (.normalized, .hidden): return 1 / ratio
    case (.normalized, _): return 1
    }
  }
}

/// How an optimizer's steps scale with the gradient.
public enum UpdateRule: String, CaseIterable, Codable, Sendable {
  /// As the gradient does: gradient descent, SGD, momentum.
  case proportional
  /// Not at all: Adam and its kin.
  case normalized
}
