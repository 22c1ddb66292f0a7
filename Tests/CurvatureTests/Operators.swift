import AnalyticObjectives
import Curvature
import Differentiation
import Tensors

/// The symmetric operator with a planted spectrum, in random directions.
func planted<S: Scalar>(_ spectrum: [Double], seed: UInt64 = 1, as type: S.Type = S.self) -> any LinearOperator<S> {
  let quadratic = Quadratic<S>(spectrum: spectrum, rotatedBy: Key(seed: seed))
  return quadratic.hessian(at: quadratic.center)
}

/// An operator that counts its products, and answers with NaN from the given one on.
final class Counting: LinearOperator {
  let base: any LinearOperator<Double>
  let breaksAt: Int
  private(set) var products = 0

  init(_ base: any LinearOperator<Double>, breaksAt: Int = .max) {
    self.base = base
    self.breaksAt = breaksAt
  }

  var dimension: Int { base.dimension }

  func apply(to vector: [Double], into product: inout [Double]) {
    products += 1
    base.apply(to: vector, into: &product)
    if products >= breaksAt { product[0] = .nan }
  }
}

/// Decaying eigenvalues of both signs with distinct sizes, n = 40: 10, -9, 8.1, ...
let mixedSpectrum = (0..<40).map { index in
  (0..<index).reduce(10.0) { value, _ in value * 0.9 } * (index % 3 == 1 ? -1 : 1)
}

func residual<S: Scalar>(_ base: any LinearOperator<S>, _ pair: Eigenpair<S>) -> Double {
  var product = base(pair.vector)
  product.add(-S(pair.value), times: pair.vector)
  return Double(product.norm)
}

/// The dense spectrum of an operator of unknown type, which a macro's argument can't open.
func denseSpectrum(of base: any LinearOperator<Double>) -> DenseSpectrum? { DenseSpectrum(of: base) }

/// The matrix of an operator of unknown type, likewise.
func denseMatrix(of base: any LinearOperator<Double>) -> DenseMatrix<Double> { DenseMatrix(of: base) }
