public import Tensors

/// An approximate eigenvalue and eigenvector of a symmetric operator, with the evidence for it.
///
/// For a unit vector v an exact eigenvalue lies within `residual` of `value`; where the eigenvalue is separated by a
/// gap, the error is of order residual^2 / gap. Two eigenvalues closer to each other than the residual can't be told
/// apart: the value then stands for both and the vector is any mixture of theirs.
public struct Eigenpair<Element: Scalar>: Sendable {
  /// The eigenvalue: the Rayleigh quotient or Ritz value.
  public let value: Double
  /// The eigenvector, of unit length.
  public let vector: [Element]
  /// ||A v - value v||, measured with one more product after the last step.
  public let residual: Double
  /// What the method itself took for the residual when it stopped; see the methods.
  public let residualBound: Double
  /// The number of steps spent on it.
  public let iterations: Int
  /// Whether `residual` is at most max(tolerance |value|, 32 eps s), with s the largest |eigenvalue| found and eps the
  /// spacing of the number type at 1, below which a residual is rounding.
  public let converged: Bool
}

/// The residual that counts as converged.
func residualThreshold<S: Scalar>(_ type: S.Type, tolerance: Double, value: Double, scale: Double) -> Double {
  max(tolerance * abs(value), 32 * Double(S.ulpOfOne) * scale)
}

/// scale A + shift I, for example a shifted operator whose largest eigenvalue is also the largest in magnitude.
public struct AffineOperator<Base: LinearOperator>: LinearOperator {
  /// A.
  public let base: Base
  /// The factor of A.
  public let scale: Base.Element
  /// The multiple of the identity.
  public let shift: Base.Element

  /// Creates the operator.
  public init(_ base: Base, scale: Base.Element = 1, shift: Base.Element) {
    self.base = base
    self.scale = scale
    self.shift = shift
  }

  /// That of A.
  public var dimension: Int { base.dimension }

  /// scale A v + shift v.
  public func apply(to vector: [Base.Element], into product: inout [Base.Element]) {
    base.apply(to: vector, into: &product)
    if scale != 1 { rescale(&product, by: scale) }
    if shift != 0 { product.add(shift, times: vector) }
  }
}

/// Multiplies a vector by a number.
@specialized(where S == Float) @specialized(where S == Double)
func rescale<S: Scalar>(_ vector: inout [S], by factor: S) {
  for index in vector.indices { vector[index] *= factor }
}
