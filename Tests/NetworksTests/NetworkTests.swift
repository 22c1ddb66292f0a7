import Differentiation
import Foundation
import Networks
import Tensors
import Testing

/// Numbers recorded from PyTorch by `Fixtures/make_mlp.py`.
struct Fixture: Decodable, Sendable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let activation: Activation
    let loss: Loss
    let value: Double
    let gradient: [Double]
    let hessianVectorProduct: [Double]
    let eigenvalues: [Double]
    var testDescription: String { "\(activation.rawValue), \(loss.rawValue)" }
  }

  let widths: [Int]
  let parameters: [Double]
  let features: [Double]
  let labels: [Int]
  let direction: [Double]
  let cases: [Case]

  static func load() throws -> Fixture {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/mlp", withExtension: "json"))
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }

  func objective<S: Scalar>(_ testCase: Case, chunkSize: Int, memoryBudget: Int = 1 << 30) -> NetworkObjective<S> {
    let network = Network.multilayerPerceptron(
      widths: widths, activation: testCase.activation, initializer: .lecunNormal)
    let features = Tensor(features, shape: [labels.count, widths[0]])
    return NetworkObjective(
      network, loss: testCase.loss, examples: Examples(features: features, labels: labels, classes: widths.last!),
      chunkSize: chunkSize, memoryBudget: memoryBudget)
  }
}

func largest(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { abs($0 - $1) }.max() ?? .nan }

/// The Hessian's product with a direction.
func product<S: Scalar>(_ objective: NetworkObjective<S>, _ point: [S], _ direction: [S]) -> [S] {
  let hessian = objective.hessian(at: point)
  return hessian(direction)
}

@Suite("Networks as objectives")
struct NetworkTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture.load() }

  @Test("value, gradient and Hessian-vector product agree with PyTorch's to 1e-10", arguments: [11, 4])
  func agreesWithPyTorch(chunkSize: Int) {
    for testCase in fixture.cases {
      let objective: NetworkObjective<Double> = fixture.objective(testCase, chunkSize: chunkSize)
      var gradient = [Double](repeating: .nan, count: objective.dimension)
      let value = objective.gradient(at: fixture.parameters, into: &gradient)
      #expect(abs(value - testCase.value) < 1e-10)
      #expect(abs(objective.value(at: fixture.parameters) - testCase.value) < 1e-10)
      #expect(largest(gradient, testCase.gradient) < 1e-10, "\(testCase.testDescription)")
      let curvature = product(objective, fixture.parameters, fixture.direction)
      #expect(largest(curvature, testCase.hessianVectorProduct) < 1e-10, "\(testCase.testDescription)")
    }
  }

  @Test("the spectrum of the dense Hessian is PyTorch's")
  func spectrum() throws {
    for testCase in fixture.cases {
      let objective: NetworkObjective<Double> = fixture.objective(testCase, chunkSize: 5)
      let hessian = objective.hessian(at: fixture.parameters)
      var matrix: [Double] = []
      for index in 0..<objective.dimension {
        var unit = [Double](repeating: 0, count: objective.dimension)
        unit[index] = 1
        matrix += hessian(unit)
      }
      let values = try #require(Double.symmetricEigenvalues(order: objective.dimension, matrix: &matrix))
      #expect(largest(values, testCase.eigenvalues) < 1e-10, "\(testCase.testDescription)")
    }
  }

  @Test("gradient and Hessian-vector product agree with finite differences to 1e-8")
  func finiteDifferences() {
    for testCase in fixture.cases {
      let objective: NetworkObjective<Double> = fixture.objective(testCase, chunkSize: 4)
      let h = 1e-3
      func at(_ step: Double) -> [Double] { zip(fixture.parameters, fixture.direction).map { $0 + step * $1 / 10 } }
      func difference(_ f: ([Double]) -> [Double]) -> [Double] {
        let (a, b, c, d) = (f(at(-2 * h)), f(at(-h)), f(at(h)), f(at(2 * h)))
        return a.indices.map { (a[$0] - 8 * b[$0] + 8 * c[$0] - d[$0]) / (12 * h) * 10 }
      }
      let slope = difference { [objective.value(at: $0)] }[0]
      #expect(abs(slope - objective.gradient(at: fixture.parameters).dot(fixture.direction)) < 1e-8)
      let curvature = difference { objective.gradient(at: $0) }
      #expect(largest(curvature, product(objective, fixture.parameters, fixture.direction)) < 1e-8)
    }
  }

  @Test("full-batch values do not depend on the chunk size", arguments: [1, 2, 3, 5, 10, 11, 400])
  func chunks(chunkSize: Int) {
    for testCase in fixture.cases {
      let whole: NetworkObjective<Double> = fixture.objective(testCase, chunkSize: 11)
      let parts: NetworkObjective<Double> = fixture.objective(testCase, chunkSize: chunkSize)
      #expect(abs(whole.value(at: fixture.parameters) - parts.value(at: fixture.parameters)) < 1e-12)
      #expect(
        largest(whole.gradient(at: fixture.parameters), parts.gradient(at: fixture.parameters)) < 1e-12)
      #expect(
        largest(
          product(whole, fixture.parameters, fixture.direction),
          product(parts, fixture.parameters, fixture.direction)) < 1e-12)
      #expect(whole.evaluate(at: fixture.parameters).error == parts.evaluate(at: fixture.parameters).error)
    }
  }

  @Test("a Hessian without memory to keep its chunks gives the same products, and stays valid after other uses")
  func memoryBudget() {
    let kept: NetworkObjective<Double> = fixture.objective(fixture.cases[4], chunkSize: 3)
    let frugal: NetworkObjective<Double> = fixture.objective(fixture.cases[4], chunkSize: 3, memoryBudget: 0)
    let first = kept.hessian(at: fixture.parameters)
    let second = frugal.hessian(at: fixture.parameters)
    let elsewhere = product(kept, fixture.direction, fixture.direction)
    _ = frugal.value(at: fixture.direction)
    let product = first(fixture.direction)
    #expect(largest(product, fixture.cases[4].hessianVectorProduct) < 1e-10)
    #expect(product == second(fixture.direction))
    #expect(product == first(fixture.direction))
    #expect(elsewhere != product)
  }

  @Test("the mean of batch gradients over a partition is the full gradient")
  func batches() {
    let objective: NetworkObjective<Double> = fixture.objective(fixture.cases[0], chunkSize: 11)
    let order = [7, 2, 9, 0, 10, 4, 1, 3, 8, 6, 5]
    var mean = [Double](repeating: 0, count: objective.dimension)
    var value = 0.0
    var part = mean
    for range in [0..<4, 4..<8, 8..<11] {
      let share = Double(range.count) / 11
      value += share * objective.gradient(at: fixture.parameters, examples: order[range], into: &part)
      mean.add(share, times: part)
    }
    #expect(largest(mean, fixture.cases[0].gradient) < 1e-12)
    #expect(abs(value - fixture.cases[0].value) < 1e-12)
  }

  @Test("Float32 agrees with Float64 to its precision")
  func float32() {
    for testCase in fixture.cases {
      let objective: NetworkObjective<Float> = fixture.objective(testCase, chunkSize: 4)
      let point = fixture.parameters.map(Float.init)
      #expect(largest(objective.gradient(at: point).map(Double.init), testCase.gradient) < 3e-6)
      let curvature = product(objective, point, fixture.direction.map(Float.init))
      #expect(largest(curvature.map(Double.init), testCase.hessianVectorProduct) < 1e-4)
    }
  }

  @Test("the error counts examples whose largest output is elsewhere, and is not a number where the loss is none")
  func error() {
    let network = Network.multilayerPerceptron(widths: [2, 2], activation: .identity, initializer: .lecunNormal)
    func evaluation(_ last: Double) -> Evaluation {
      let features = Tensor<Double>([1, 0, 0, 1, 1, 0, last, 0], shape: [4, 2])
      let objective = NetworkObjective<Double>(
        network, loss: .crossEntropy, examples: Examples(features: features, labels: [0, 1, 1, 0], classes: 2))
      return objective.evaluate(at: [1, 0, 0, 1, 0, 0])
    }
    #expect(evaluation(-1).error == 0.5 && evaluation(1).error == 0.25 && evaluation(1e300).error == 0.25)
    #expect(evaluation(.nan).loss.isNaN && evaluation(.nan).error.isNaN)
  }

  @Test("a single output stands for class 1 above the loss's threshold", arguments: Loss.allCases)
  func singleOutput(loss: Loss) {
    let network = Network.multilayerPerceptron(widths: [1, 1], activation: .identity, initializer: .lecunNormal)
    let middle = loss == .meanSquaredError ? 0.5 : 0
    let features = Tensor<Double>([-3, middle - 0.1, middle + 0.1, 4], shape: [4, 1])
    func error(_ labels: [Int]) -> Double {
      NetworkObjective<Double>(
        network, loss: loss, examples: Examples(features: features, labels: labels, classes: 2)
      ).evaluate(at: [1, 0]).error
    }
    #expect(error([0, 0, 1, 1]) == 0 && error([1, 0, 1, 1]) == 0.25 && error([1, 1, 0, 0]) == 1)
  }
}
