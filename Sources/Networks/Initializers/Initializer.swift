public import Components

/// The laws by which first weights are drawn. ``Initialization`` adds their constants.
///
/// Variances are those of the papers for a weight with `fanIn` inputs and `fanOut` outputs, height times width times
/// channels of a convolution's window; the uniform forms have the same variance on a symmetric interval.
public enum Initializer: String, CaseIterable, Codable, Sendable {
  /// Every weight is 0.
  case zero
  /// Every weight is the gain.
  case constant
  /// Variance 1/fanIn (LeCun et al. 1998).
  case lecunNormal = "lecun-normal"
  /// Variance 1/fanIn.
  case lecunUniform = "lecun-uniform"
  /// Variance 2/(fanIn + fanOut) (Glorot & Bengio 2010), also known as Glorot's.
  case xavierNormal = "xavier-normal"
  /// Variance 2/(fanIn + fanOut).
  case xavierUniform = "xavier-uniform"
  /// Variance 2/fanIn, for ReLU (He et al. 2015), also known as He's.
  case kaimingNormal = "kaiming-normal"
  /// Variance 2/fanIn.
  case kaimingUniform = "kaiming-uniform"
  /// Variance gain^2/fanIn, biases with a deviation of their own: the ensemble of mean-field theory.
  case meanField = "mean-field"
  /// Orthonormal rows or columns, whichever are fewer, uniform among all such matrices (Saxe et al. 2014).
  case orthogonal
  /// Orthogonal in the middle of a convolution's window and 0 elsewhere (Xiao et al. 2018).
  case deltaOrthogonal = "delta-orthogonal"
  /// A few standard normal weights for each unit, the others 0 (Martens 2010).
  case sparse
  /// Orthogonal, then each layer scaled so that its products over a batch have variance 1 (Mishkin & Matas 2016).
  case lsuv
  /// Kaiming's law, residual branches scaled down, their last weights and the classifier 0 (Zhang et al. 2019).
  case fixup
  /// Kaiming's law, then the norm of each weight moved to a low gradient quotient (Dauphin & Schoenholz 2019).
  case metaInit = "metainit"
}

extension Initializer {
  /// Its description.
  public var component: Component {
    let gain = Component.Setting("gain", "a factor on every weight", allowed: "above 0", default: "1")
    let extra: [Component.Setting] =
      switch self {
      case .meanField:
        [.init("bias_deviation", "sigma_b, the standard deviation of biases", allowed: "at least 0", default: "0")]
      case .sparse:
        [.init("non_zeros", "k, the weights of a unit that are not 0", allowed: "at least 1", default: "15")]
      case .metaInit: [.init("metainit_steps", "steps of the descent on norms", allowed: "at least 0", default: "500")]
      default: []
      }
    return Component(
      .initializer, rawValue, summary, settings: self == .zero ? [] : [gain] + extra, references: references)
  }

  private var summary: String {
    switch self {
    case .zero: "w = 0"
    case .constant: "w = gain"
    case .lecunNormal: "w normal with variance 1/fanIn"
    case .lecunUniform: "w uniform with variance 1/fanIn"
    case .xavierNormal: "w normal with variance 2/(fanIn + fanOut)"
    case .xavierUniform: "w uniform with variance 2/(fanIn + fanOut)"
    case .kaimingNormal: "w normal with variance 2/fanIn"
    case .kaimingUniform: "w uniform with variance 2/fanIn"
    case .meanField: "w normal with variance gain^2/fanIn, b normal with variance sigma_b^2"
    case .orthogonal: "W'W = 1 or WW' = 1, uniform among such matrices"
    case .deltaOrthogonal: "orthogonal at the middle of the window, 0 elsewhere"
    case .sparse: "k standard normal weights for each unit, the others 0"
    case .lsuv: "orthogonal, then scaled layer by layer to products of variance 1 over a batch"
    case .fixup: "deviation sqrt(2/fanIn) L^(-1/(2m-2)) in each of L residual branches of m weights, whose last is 0"
    case .metaInit: "variance 2/fanIn, then norms descend on mean |Hg/g|"
    }
  }

  private var references: [Reference] {
    switch self {
    case .zero, .constant: []
    case .lecunNormal, .lecunUniform: [.lecun1998efficient]
    case .xavierNormal, .xavierUniform: [.glorot2010]
    case .kaimingNormal, .kaimingUniform: [.he2015]
    case .meanField: [.poole2016, .schoenholz2017]
    case .orthogonal: [.saxe2014]
    case .deltaOrthogonal: [.xiao2018]
    case .sparse: [.martens2010]
    case .lsuv: [.mishkin2016]
    case .fixup: [.zhang2019]
    case .metaInit: [.dauphin2019]
    }
  }
}
