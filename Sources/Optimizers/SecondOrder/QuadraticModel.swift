import Tensors

/// M(d) = g'd + d'(G + lambda I)d / 2, about the parameters of a step: the change of the loss that is to be expected.
struct QuadraticModel<Element: Scalar> {
  /// A direction d with (G + lambda I) d.
  struct Direction {
    let vector: [Element]
    let product: [Element]
  }

  /// The least value in the span of some directions, and the direction's coefficients where it is taken.
  struct Minimum {
    let value: Double
    let coefficients: [Double]
  }

  let gradient: [Element]
  let matrix: any LinearOperator<Element>
  let damping: Double

  /// Cost: one product with G.
  func direction(_ vector: [Element]) -> Direction {
    var product = vector
    matrix.apply(to: vector, into: &product)
    product.add(Element(damping), times: vector)
    return Direction(vector: vector, product: product)
  }

  /// The minimum over the span of directions; where it is not unique to working precision, the least coefficients of
  /// directions made as long as each other.
  func minimum(over directions: [Direction]) -> Minimum {
    let count = directions.count
    let slopes = directions.map { Double($0.vector.dot(gradient)) }
    let scales = directions.map { direction in
      let curvature = Double(direction.vector.dot(direction.product))
      return curvature == 0 ? 0 : 1 / abs(curvature).squareRoot()
    }
    var matrix = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i {
        let product = scales[i] * scales[j] * Double(directions[i].vector.dot(directions[j].product))
        matrix[i * count + j] = product
        matrix[j * count + i] = product
      }
    }
    guard matrix.allSatisfy(\.isFinite), slopes.allSatisfy(\.isFinite),
      let values = Double.symmetricEigenvalues(order: count, matrix: &matrix)
    else { return Minimum(value: .nan, coefficients: slopes.map { _ in .nan }) }
    let negligible = Double(count) * 8 * Double(Element.ulpOfOne)
    var coefficients = [Double](repeating: 0, count: count)
    var value = 0.0
    for (row, curvature) in values.enumerated() where curvature > negligible {
      let slope = (0..<count).reduce(0) { $0 + matrix[row * count + $1] * scales[$1] * slopes[$1] }
      value -= slope * slope / curvature / 2
      for i in 0..<count { coefficients[i] -= matrix[row * count + i] * scales[i] * slope / curvature }
    }
    return Minimum(value: value, coefficients: coefficients)
  }
}
