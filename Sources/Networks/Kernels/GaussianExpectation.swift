#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The nonlinearities whose expectations under a normal distribution have a closed form.
public enum KernelNonlinearity: String, CaseIterable, Sendable {
  /// x: a deep linear network.
  case identity
  /// max(x, 0), by the arc-cosine kernels of order 1 and 0 (Cho & Saul 2009).
  case relu
  /// erf(x), by the arc-sine kernel (Williams 1997).
  case erf

  /// The one of an activation, or `nil` for an activation without a closed form.
  public init?(_ activation: Activation) {
    switch activation {
    case .identity: self = .identity
    case .relu: self = .relu
    case .erf: self = .erf
    default: return nil
    }
  }

  /// E[phi(u) phi(v)] and E[phi'(u) phi'(v)] for (u, v) ~ N(0, [[`first`, `mixed`], [`mixed`, `second`]]).
  ///
  /// With s = sqrt(first second) and the angle cos t = mixed / s, ReLU gives s (sin t + (pi - t) cos t) / 2 pi and
  /// (pi - t) / 2 pi; where a variance is 0, t is taken as pi/2, as the derivative is ambiguous there. With
  /// d = (1 + 2 first)(1 + 2 second), erf gives (2/pi) asin(2 mixed / sqrt(d)) and (4/pi) / sqrt(d - 4 mixed^2).
  public func expectations(first: Double, second: Double, mixed: Double) -> (product: Double, slopes: Double) {
    switch self {
    case .identity: return (mixed, 1)
    case .relu:
      let size = (first * second).squareRoot()
      guard size > 0 else { return (0, 0.25) }
      let cosine = min(1, max(-1, mixed / size))
      // acos loses half of its digits near 0 and pi; the sine from the difference of squares keeps them.
      let sine = ((1 - cosine) * (1 + cosine)).squareRoot()
      let rest = Double.pi - atan2(sine, cosine)
      return (size * (sine + rest * cosine) / (2 * .pi), rest / (2 * .pi))
    case .erf:
      let product = (1 + 2 * first) * (1 + 2 * second)
      return (
        2 / .pi * asin(2 * mixed / product.squareRoot()), 4 / .pi / (product - 4 * mixed * mixed).squareRoot()
      )
    }
  }
}
