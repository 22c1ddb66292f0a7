public import Tensors

/// The trace of a symmetric operator by Hutch++: exact on the span of a sketch, Hutchinson's estimate on the rest (Meyer,
/// Musco, Musco & Woodruff 2021).
///
/// With Q an orthonormal basis of A S for a matrix S of k vectors of random signs, trace A = trace Q'AQ + trace (I - QQ')
/// A (I - QQ'). For a positive semidefinite A the error of m products falls as 1/m, where that of ``HutchinsonTrace``
/// falls as 1/sqrt(m); an A of rank k or less is exact. For an indefinite A it is unbiased all the same.
public struct HutchPlusPlus: Sendable {
  /// The trace on the span of the sketch.
  public let sketched: Double
  /// z' A z of each probe's part z outside of the span; its mean estimates the rest.
  public let samples: [Double]

  /// Spends `products` products, a third each on the sketch, its trace and the rest; at least 3. What is drawn depends on
  /// the key and the number of products.
  ///
  /// Memory for a third of `products` vectors.
  public init<A: LinearOperator>(of base: A, products: Int, key: Key) {
    precondition(products >= 3, "Hutch++ takes at least 3 products, not \(products)")
    let (order, third) = (base.dimension, min(products / 3, base.dimension))
    var (vector, product) = ([A.Element](repeating: 0, count: order), [A.Element](repeating: 0, count: order))
    let basis = VectorBasis<A.Element>(dimension: order, capacity: third)
    for index in 0..<third {
      var generator = key.child("sketch").child(index).generator()
      fillWithSigns(&vector, using: &generator)
      base.apply(to: vector, into: &product)
      let length = Double(product.norm)
      basis.orthogonalize(&product)
      // What is left of a product within the span so far is rounding.
      guard normalize(&product) > 64 * Double(A.Element.ulpOfOne) * length else { continue }
      basis.orthogonalize(&product)
      normalize(&product)
      basis.append(product)
    }
    var sketched = 0.0
    for index in 0..<basis.count {
      basis.copy(index, into: &vector)
      base.apply(to: vector, into: &product)
      sketched += Double(vector.dot(product))
    }
    self.sketched = sketched
    samples = (0..<max(1, products - 2 * third)).map { index in
      guard basis.count < order else { return 0 }
      var generator = key.child("rest").child(index).generator()
      fillWithSigns(&vector, using: &generator)
      basis.orthogonalize(&vector)
      base.apply(to: vector, into: &product)
      return Double(vector.dot(product))
    }
  }

  /// The estimate.
  public var mean: Double { sketched + samples.reduce(0, +) / Double(samples.count) }

  /// The standard error of the estimate, that of the rest; NaN for a single probe of it.
  public var standardError: Double { Curvature.standardError(samples) }
}

/// The standard error of the mean of numbers; NaN for a single one.
func standardError(_ samples: [Double]) -> Double {
  guard samples.count > 1 else { return .nan }
  let mean = samples.reduce(0, +) / Double(samples.count)
  let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (squares / Double(samples.count - 1) / Double(samples.count)).squareRoot()
}
