import Differentiation
import Foundation
import Networks
import Tensors
import Testing

/// A small perceptron with its data, from which objectives are made with any chunks and budget.
struct OperatorCase: Sendable {
  static let losses = Loss.allCases

  let network: Network
  let loss: Loss
  let features: Tensor<Double>
  let labels: [Int]
  let point: [Double]
  let direction: [Double]

  init(loss: Loss, count: Int, widths: [Int] = [5, 7, 4], activation: Activation = .tanh, seed: UInt64 = 5) {
    var generator = Key(seed: seed).generator()
    network = .multilayerPerceptron(widths: widths, activation: activation, initializer: .lecunNormal)
    self.loss = loss
    features = Tensor(generator.normals(count * widths[0]), shape: [count, widths[0]])
    labels = (0..<count).map { _ in generator.integer(below: widths.last!) }
    point = generator.normals(network.parameterCount).map { 0.6 * $0 }
    direction = generator.normals(network.parameterCount)
  }

  func objective<S: Scalar>(
    _ type: S.Type = Double.self, chunkSize: Int? = nil, penalty: L2Penalty? = nil, memoryBudget: Int = 1 << 30,
    labels: [Int]? = nil
  ) -> NetworkObjective<S> {
    NetworkObjective(
      network, loss: loss,
      examples: Examples(features: features, labels: labels ?? self.labels, classes: network.outputShape.count),
      penalty: penalty, chunkSize: chunkSize, memoryBudget: memoryBudget)
  }

  /// All matrices that an objective offers as operators, by name.
  static func operators<S: Scalar>(
    _ objective: NetworkObjective<S>, at point: [S]
  ) -> [(name: String, matrix: any LinearOperator<S>)] {
    let all: [(name: String, matrix: any LinearOperator<S>)] = [
      ("Hessian", objective.hessian(at: point)),
      ("Gauss-Newton", objective.gaussNewton(at: point)),
      ("empirical Fisher", objective.empiricalFisher(at: point)),
      ("tangent kernel", objective.neuralTangentKernelOperator(at: point)),
    ]
    guard objective.loss.hasLikelihood else { return all }
    return all + [
      ("Fisher", objective.fisher(at: point)),
      ("sampled Fisher", objective.sampledFisher(at: point, draws: 3, key: Key(seed: 8))),
    ]
  }
}

/// A product with an operator of unknown type, which a macro's argument can't open.
func product<S: Scalar>(_ matrix: any LinearOperator<S>, _ vector: [S]) -> [S] { matrix(vector) }

/// The dense matrix of an operator, row-major.
func dense(_ base: any LinearOperator<Double>) -> [Double] {
  let order = base.dimension
  var identity = Tensor<Double>(repeating: 0, shape: [order, order])
  for index in 0..<order { identity[index, index] = 1 }
  return transposed(base(rowsOf: identity).elements, rows: order, columns: order)
}

func transposed(_ matrix: [Double], rows: Int, columns: Int) -> [Double] {
  (0..<rows * columns).map { matrix[$0 % rows * columns + $0 / rows] }
}

/// A' A / `count` for a matrix of rows of `columns` elements.
func secondMoment(_ rows: [Double], columns: Int, over count: Int) -> [Double] {
  var moment = [Double](repeating: 0, count: columns * columns)
  for start in stride(from: 0, to: rows.count, by: columns) {
    for i in 0..<columns {
      for j in 0..<columns { moment[i * columns + j] += rows[start + i] * rows[start + j] / Double(count) }
    }
  }
  return moment
}

/// ||a - b|| / ||b||, where b is not zero; then ||a||.
func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
  let difference = zip(a, b).map { $0 - $1 }
  return a.count == b.count ? difference.norm / (b.norm == 0 ? 1 : b.norm) : .infinity
}

/// The derivative of a vector along a direction, by differences of fourth order.
func derivative(of f: ([Double]) -> [Double], at point: [Double], along direction: [Double]) -> [Double] {
  let h = 4e-4
  func at(_ step: Double) -> [Double] { f(zip(point, direction).map { $0 + step * $1 }) }
  let (a, b, c, d) = (at(-2 * h), at(-h), at(h), at(2 * h))
  return a.indices.map { (a[$0] - 8 * b[$0] + 8 * c[$0] - d[$0]) / (12 * h) }
}

/// Numbers recorded from PyTorch and JAX by `Fixtures/make_operators.py`.
struct OperatorFixture: Decodable, Sendable {
  struct Case: Decodable, Sendable {
    let hessianVectorProduct: [Double]
    let gaussNewtonProduct: [Double]
    let empiricalFisherProduct: [Double]
    let exampleGradients: [Double]
  }

  let widths: [Int]
  let parameters: [Double]
  let features: [Double]
  let others: [Double]
  let labels: [Int]
  let direction: [Double]
  let cotangents: [Double]
  let jacobianProduct: [Double]
  let transposedJacobianProduct: [Double]
  let kernel: [Double]
  let crossKernel: [Double]
  let cases: [String: Case]

  static func load() throws -> OperatorFixture {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/operators", withExtension: "json"))
    return try JSONDecoder().decode(OperatorFixture.self, from: Data(contentsOf: url))
  }
}
