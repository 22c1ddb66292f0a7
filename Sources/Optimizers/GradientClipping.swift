public import Tensors

/// A bound on gradients, applied before the optimizer sees them (and before any weight decay).
public enum GradientClipping: Hashable, Codable, Sendable {
  /// No bound.
  case none
  /// A gradient longer than the bound c is scaled to that length: g <- g min(1, c / ||g||) (Pascanu et al. 2013).
  ///
  /// PyTorch divides by ||g|| + 1e-6 instead.
  case globalNorm(Double)
  /// Every element is brought into [-c, c].
  case value(Double)

  /// Applies the bound. A gradient whose norm is not finite is left as it is, so that divergence stays visible.
  public func apply<Element: Scalar>(to gradient: inout [Element]) {
    switch self {
    case .none: return
    case .globalNorm(let bound):
      let norm = Double(gradient.norm)
      guard norm > bound, norm.isFinite else { return }
      gradient.withUnsafeMutableBufferPointer { scaleElements($0.count, $0.baseAddress, by: Element(bound / norm)) }
    case .value(let bound):
      gradient.withUnsafeMutableBufferPointer { clamp($0.count, $0.baseAddress, to: Element(bound)) }
    }
  }
}

@specialized(where Element == Float) @specialized(where Element == Double)
func scaleElements<Element: Scalar>(_ count: Int, _ values: UnsafeMutablePointer<Element>?, by factor: Element) {
  guard let values else { return }
  for i in 0..<count { values[i] *= factor }
}

@specialized(where Element == Float) @specialized(where Element == Double)
private func clamp<Element: Scalar>(_ count: Int, _ values: UnsafeMutablePointer<Element>?, to bound: Element) {
  guard let values else { return }
  for i in 0..<count {
    let value = values[i]
    values[i] = value > bound ? bound : value < -bound ? -bound : value
  }
}
