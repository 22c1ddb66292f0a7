public import Tensors

/// How far subspaces, given by orthonormal vectors, agree with each other and hold a vector.
public enum Subspaces {
  /// The cosines of the principal angles between two subspaces, descending: the singular values of A'B, as many as the
  /// smaller subspace has dimensions.
  ///
  /// Cost: k l inner products for k and l vectors, and O(k^3).
  public static func cosines<S: Scalar>(_ a: [[S]], _ b: [[S]]) -> [Double] {
    let (few, many) = a.count <= b.count ? (a, b) : (b, a)
    let products = few.map { x in many.map { Double(x.dot($0)) } }
    let count = few.count
    var gram = (0..<count * count).map { products[$0 / max(1, count)].dot(products[$0 % max(1, count)]) }
    guard gram.allSatisfy(\.isFinite), let values = Double.symmetricEigenvalues(order: count, matrix: &gram) else {
      return [Double](repeating: .nan, count: count)
    }
    return values.reversed().map { min(1, max(0, $0)).squareRoot() }
  }

  /// Tr(P_a P_b) / k, the mean squared cosine of the principal angles, with P the projections and k the dimension of the
  /// smaller subspace: 1 where it lies within the other, 0 where they are orthogonal (Gur-Ari, Roberts & Dyer 2018). Two
  /// random subspaces of dimensions k and l in n dimensions have max(k, l) / n on average. NaN where one is empty.
  public static func overlap<S: Scalar>(_ a: [[S]], _ b: [[S]]) -> Double {
    let count = min(a.count, b.count)
    guard count > 0 else { return .nan }
    var sum = 0.0
    for x in a {
      for y in b {
        let product = Double(x.dot(y))
        sum += product * product
      }
    }
    return sum / Double(count)
  }

  /// The share |P g|^2 / |g|^2 of a vector in a subspace, such as that of the gradient in the span of the Hessian's top
  /// eigenvectors. NaN for a zero vector.
  public static func share<S: Scalar>(of vector: [S], in basis: [[S]]) -> Double {
    let square = Double(vector.dot(vector))
    guard square != 0 else { return .nan }
    return basis.reduce(0) { sum, own in
      let component = Double(own.dot(vector))
      return sum + component * component
    } / square
  }
}
