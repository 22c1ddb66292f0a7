public import Components

/// The networks that can be picked by name. ``NetworkDesign`` adds widths, depths and the rest.
public enum Architecture: String, CaseIterable, Codable, Sendable {
  /// Dense layers with a nonlinearity between.
  case perceptron = "mlp"
  /// Dense layers without biases and nonlinearities.
  case deepLinear = "deep-linear"
  /// The perceptron with 300 and 100 hidden units.
  case leNet300 = "lenet-300-100"
  /// Two convolutions with average pooling, then 120, 84 and the classes' units.
  case leNet5 = "lenet-5"
  /// Two, four or six convolutions in pairs with pooling behind, then 256, 256 and the classes' units: Conv-2, -4, -6.
  case conv
  /// Pairs of convolutions with pooling between, then the mean over the image and a dense layer.
  case vggSmall = "vgg-small"
  /// A residual network for small images, of depth 6n + 2.
  case resNet = "resnet"
  /// From the inputs to a few units and back; its targets are its inputs.
  case autoencoder
  /// Elman's network: a recurrent layer over a sequence, then a dense one on its last state.
  case elman

  /// The width where it has one number for it: units or channels of the first layer.
  public var publishedWidth: Int? {
    switch self {
    case .perceptron, .deepLinear, .autoencoder: nil
    case .leNet300: 300
    case .leNet5: 6
    case .conv, .elman: 64
    case .vggSmall: 32
    case .resNet: 16
    }
  }

  /// The depth where it has one to choose, the default first.
  public var depths: [Int] {
    switch self {
    case .conv: [2, 4, 6]
    case .vggSmall: [6, 2, 4, 8, 10]
    case .resNet: [20, 8, 14, 26, 32, 38, 44, 50, 56, 110]
    default: []
    }
  }

  /// Whether it takes images.
  public var takesImages: Bool { self == .leNet5 || self == .conv || self == .vggSmall || self == .resNet }

  /// Whether its targets are its inputs.
  public var reconstructs: Bool { self == .autoencoder }
}

extension Architecture {
  /// Its description.
  public var component: Component {
    Component(.architecture, rawValue, summary, settings: settings, references: references)
  }

  private var summary: String {
    switch self {
    case .perceptron: "dense layers with a nonlinearity between: x W_1 + b_1, phi, ..., W_k + b_k"
    case .deepLinear: "x W_1 W_2 ... W_k, without biases"
    case .leNet300: "dense layers of 300, 100 and the classes' units"
    case .leNet5:
      "convolutions 5x5 of 6 and 16 channels, each with average pooling, then 120, 84 and the classes' units"
    case .conv:
      "pairs of convolutions of 64, 128, 256 channels, each with pooling, then 256, 256 and the classes' units"
    case .vggSmall:
      "pairs of convolutions of w, 2w, 4w, ... channels with pooling between, the mean over the image, dense"
    case .resNet:
      "a convolution, three stages of n residual blocks of two convolutions (w, 2w, 4w channels), the mean, dense"
    case .autoencoder: "dense layers through the hidden widths and back; targets are the inputs"
    case .elman: "h_t = phi(x_t W + h_(t-1) U + b), then a dense layer on the last state"
    }
  }

  private var settings: [Component.Setting] {
    var settings: [Component.Setting] = []
    if let publishedWidth {
      settings.append(
        .init(
          "width", "units or channels of the first layer; the others keep their proportions", allowed: "at least 1",
          default: "\(publishedWidth)"))
    } else {
      settings.append(
        .init("hidden", "units of hidden layers", allowed: "integers of at least 1", default: "[64, 64]"))
    }
    if let depth = depths.first {
      let allowed = depths.sorted().map(String.init).joined(separator: ", ")
      settings.append(.init("depth", "layers with weights", allowed: "one of \(allowed)", default: "\(depth)"))
    }
    if self == .resNet {
      settings.append(.init("skips", "whether blocks have shortcuts", allowed: "true or false", default: "true"))
      settings.append(
        .init(
          "shortcut", "the shortcut where shapes change", allowed: "one of padded, projection", default: "padded"))
    }
    if self != .elman && self != .deepLinear {
      let allowed = NormalizationChoice.allCases.map(\.rawValue).joined(separator: ", ")
      settings.append(
        .init(
          "normalization", "what stands before nonlinearities", allowed: "one of \(allowed)",
          default: self == .resNet ? "batch" : "none"))
    }
    return settings
  }

  private var references: [Reference] {
    switch self {
    case .perceptron: []
    case .deepLinear: [.saxe2014]
    case .leNet300, .leNet5: [.lecun1998]
    case .conv: [.frankle2019]
    case .vggSmall: [.simonyan2015]
    case .resNet: [.he2016, .zhang2019]
    case .autoencoder: [.hinton2006]
    case .elman: [.elman1990]
    }
  }
}

/// What stands between a layer's weight and its nonlinearity.
public enum NormalizationChoice: String, CaseIterable, Codable, Sendable {
  /// What the architecture was published with: batch for resnet, none for the others.
  case published
  /// Nothing.
  case none
  /// Over the batch and positions.
  case batch
  /// Over channels and positions.
  case layer
  /// Over groups of channels and positions.
  case group
  /// Over positions.
  case instance
  /// A learned mixture of instance, layer and batch.
  case switchable
  /// Nothing but scalar biases and scales in residual blocks (Zhang et al. 2019); goes with the initializer fixup.
  case fixup
}

/// How a residual block goes around itself where shapes change.
public enum ShortcutChoice: String, CaseIterable, Codable, Sendable {
  /// Every second pixel, with zeros for new channels (option A).
  case padded
  /// A 1x1 convolution with the network's normalization (option B).
  case projection
}

/// What a layer's weight is computed from.
public enum WeightNormalizationChoice: String, CaseIterable, Codable, Sendable {
  /// It is a parameter.
  case none
  /// g v / |v|.
  case weight
  /// V / sigma(V).
  case spectral
}
