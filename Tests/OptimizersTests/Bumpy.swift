import Differentiation
import Foundation
import Tensors
import Testing

/// f(x) = sum_i c_i (x_i - t_i)^2 / 2 + cos(x_0 x_4), as in Fixtures/pytorch.py and Fixtures/reference.py; as a finite sum
/// the mean of five terms, of which each has the whole cosine. Its Gauss-Newton matrix is said to be that of the squares.
struct Bumpy<Element: Scalar>: CompositeFiniteSumObjective {
  static var start: [Element] { [1, -2, 0.5, 3, -0.25] }
  private static var curvature: [Double] { [1, 4, 0.5, 2, 0.1] }
  private static var target: [Double] { [0.3, 0, -1, 2.5, 1] }

  let dimension = 5
  let exampleCount = 5

  func value(at point: [Element]) -> Double {
    let x = point.map { Double($0) }
    let squares = x.indices.map { Self.curvature[$0] * (x[$0] - Self.target[$0]) * (x[$0] - Self.target[$0]) / 2 }
    return squares.reduce(0, +) + cos(x[0] * x[4])
  }

  func gradient(at point: [Element], into gradient: inout [Element]) -> Double {
    self.gradient(at: point, examples: [0, 1, 2, 3, 4], into: &gradient)
  }

  func gradient(at point: [Element], examples: ArraySlice<Int>, into gradient: inout [Element]) -> Double {
    let x = point.map { Double($0) }
    var slope = [Double](repeating: 0, count: 5)
    var value = cos(x[0] * x[4])
    for i in examples {
      let share = 5 / Double(examples.count)
      slope[i] += share * Self.curvature[i] * (x[i] - Self.target[i])
      value += share * Self.curvature[i] * (x[i] - Self.target[i]) * (x[i] - Self.target[i]) / 2
    }
    slope[0] -= sin(x[0] * x[4]) * x[4]
    slope[4] -= sin(x[0] * x[4]) * x[0]
    gradient = slope.map { Element($0) }
    return value
  }

  func hessian(at point: [Element]) -> any LinearOperator<Element> { hessian(at: point, examples: [0, 1, 2, 3, 4]) }

  func hessian(at point: [Element], examples: ArraySlice<Int>) -> any LinearOperator<Element> {
    let x = point.map { Double($0) }
    let (s, c) = (sin(x[0] * x[4]), cos(x[0] * x[4]))
    var matrix = squares(examples)
    matrix[0] -= c * x[4] * x[4]
    matrix[24] -= c * x[0] * x[0]
    matrix[4] -= s + c * x[0] * x[4]
    matrix[20] = matrix[4]
    return Matrix(matrix.map { Element($0) }, order: 5)
  }

  func gaussNewton(at point: [Element]) -> any LinearOperator<Element> {
    gaussNewton(at: point, examples: [0, 1, 2, 3, 4])
  }

  func gaussNewton(at point: [Element], examples: ArraySlice<Int>) -> any LinearOperator<Element> {
    Matrix(squares(examples).map { Element($0) }, order: 5)
  }

  private func squares(_ examples: ArraySlice<Int>) -> [Double] {
    var matrix = [Double](repeating: 0, count: 25)
    for i in examples { matrix[6 * i] += Self.curvature[i] * 5 / Double(examples.count) }
    return matrix
  }
}

/// A dense square matrix, row-major.
struct Matrix<Element: Scalar>: LinearOperator {
  let dimension: Int
  let elements: [Element]

  init(_ elements: [Element], order: Int) {
    self.elements = elements
    dimension = order
  }

  func apply(to vector: [Element], into product: inout [Element]) {
    for i in 0..<dimension {
      product[i] = (0..<dimension).reduce(0) { $0 + elements[i * dimension + $1] * vector[$1] }
    }
  }
}

/// Whether two points agree to a tolerance, relative where numbers are large.
func expectClose<S: Scalar>(
  _ point: [S], _ other: [S], _ tolerance: Double, _ comment: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let largest = zip(point, other).map { abs(Double($0) - Double($1)) / max(1, abs(Double($1))) }.reduce(0.0) {
    max($0, $1)
  }
  let isClose = point.count == other.count && largest <= tolerance
  #expect(isClose, "\(comment): \(point) against \(other), off by \(largest)", sourceLocation: sourceLocation)
}

/// The numbers recorded by a script in Fixtures.
func fixture<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
  let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json"))
  return try JSONDecoder().decode(Value.self, from: Data(contentsOf: url))
}
