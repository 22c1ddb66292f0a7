import Differentiation
import Networks
import Tensors
import Testing

@Suite("Curvature and Jacobians of networks")
struct OperatorTests {
  @Test("the Jacobian's products and rows agree with finite differences of the outputs to 1e-9")
  func jacobian() {
    let own = OperatorCase(loss: .crossEntropy, count: 6)
    let objective = own.objective(chunkSize: 4)
    let jacobian = objective.jacobian(at: own.point)
    let expected = derivative(of: { objective.outputs(at: $0).elements }, at: own.point, along: own.direction)
    var product = [Double](repeating: .nan, count: jacobian.rowCount)
    jacobian.apply(to: own.direction, into: &product)
    #expect(largest(product, expected) < 1e-9)
    let rows = jacobian.rows(of: 0..<6)
    #expect(rows.shape == [6, 4, own.point.count])
    #expect(largest(multiplied(rows.elements, own.direction), expected) < 1e-9)
    #expect(
      jacobian.rows(of: 2..<5).elements == Array(rows.elements[2 * 4 * own.point.count..<5 * 4 * own.point.count]))

    var generator = Key(seed: 2).generator()
    let cotangents: [Double] = generator.normals(jacobian.rowCount)
    var pulledBack = own.point
    jacobian.applyTransposed(to: cotangents, into: &pulledBack)
    #expect(abs(pulledBack.dot(own.direction) - cotangents.dot(product)) < 1e-12 * cotangents.norm * product.norm)
  }

  @Test("gradients of single examples are those of objectives with one example", arguments: OperatorCase.losses)
  func exampleGradients(loss: Loss) {
    let own = OperatorCase(loss: loss, count: 5)
    let objective = own.objective()
    let gradients = objective.exampleGradients(at: own.point)
    var mean = [Double](repeating: 0, count: own.point.count)
    var single = mean
    for example in 0..<5 {
      objective.gradient(at: own.point, examples: [example][...], into: &single)
      let row = Array(gradients.elements[example * own.point.count..<(example + 1) * own.point.count])
      #expect(relativeDistance(row, single) < 1e-13)
      mean.add(0.2, times: row)
    }
    #expect(relativeDistance(mean, objective.gradient(at: own.point)) < 1e-13)
    #expect(
      objective.exampleGradients(at: own.point, examples: 4..<5).elements == gradients.elements.suffix(own.point.count))
  }

  @Test("the Gauss-Newton matrix is the mean of J' H J, with H in closed form", arguments: OperatorCase.losses)
  func gaussNewton(loss: Loss) {
    let own = OperatorCase(loss: loss, count: 9)
    let objective = own.objective(chunkSize: 4)
    let (width, order) = (4, own.point.count)
    let rows = objective.jacobian(at: own.point).rows(of: 0..<9).elements
    let outputs = objective.outputs(at: own.point).elements
    var expected = [Double](repeating: 0, count: order * order)
    for example in 0..<9 {
      let curvature = outputCurvature(loss, Array(outputs[example * width..<(example + 1) * width]))
      for k in 0..<width {
        for l in 0..<width where curvature[k * width + l] != 0 {
          for i in 0..<order {
            let left = curvature[k * width + l] / 9 * rows[(example * width + k) * order + i]
            for j in 0..<order { expected[i * order + j] += left * rows[(example * width + l) * order + j] }
          }
        }
      }
    }
    let matrix = dense(objective.gaussNewton(at: own.point))
    #expect(relativeDistance(matrix, expected) < 1e-13)
    #expect(largest(dense(objective.hessian(at: own.point)), expected) > 0.01)
  }

  @Test("the Fisher matrix is the expectation over all labels of the gradients' second moment")
  func fisher() {
    let own = OperatorCase(loss: .crossEntropy, count: 7)
    let outputs = own.objective().outputs(at: own.point).elements
    let order = own.point.count
    var expected = [Double](repeating: 0, count: order * order)
    for label in 0..<4 {
      let gradients = own.objective(labels: [Int](repeating: label, count: 7)).exampleGradients(at: own.point).elements
      var weighted = gradients
      for example in 0..<7 {
        let weight = probabilities(Array(outputs[example * 4..<example * 4 + 4]))[label].squareRoot()
        for index in example * order..<(example + 1) * order { weighted[index] *= weight }
      }
      expected.add(1, times: secondMoment(weighted, columns: order, over: 7))
    }
    #expect(relativeDistance(dense(own.objective().fisher(at: own.point)), expected) < 1e-13)
  }

  @Test(
    "sampled Fisher matrices are those of drawn scores; their mean goes to the Fisher matrix as 1/sqrt(draws)",
    arguments: OperatorCase.losses.filter(\.hasLikelihood))
  func sampledFisher(loss: Loss) {
    let own = OperatorCase(loss: loss, count: 6, widths: [3, 4, 3])
    let objective = own.objective(chunkSize: 4)
    let exact = dense(objective.fisher(at: own.point))
    func distance(_ draws: Int, _ seed: UInt64) -> Double {
      relativeDistance(dense(objective.sampledFisher(at: own.point, draws: draws, key: Key(seed: seed))), exact)
    }
    func mean(_ draws: Int) -> Double { (0..<12).reduce(0) { $0 + distance(draws, UInt64($1)) } / 12 }
    let (few, many) = (mean(2), mean(128))
    #expect(many < 0.12)
    #expect(few / many > 5 && few / many < 13, "\(few) \(many)")

    let draws = loss.scores(outputs: objective.outputs(at: own.point), draws: 2, key: Key(seed: 1))
    let rows = objective.jacobian(at: own.point).rows(of: 0..<6).elements
    let order = own.point.count
    var gradients: [Double] = []
    for scores in draws {
      for example in 0..<6 {
        var gradient = [Double](repeating: 0, count: order)
        for output in 0..<3 {
          let row = Array(rows[(example * 3 + output) * order..<(example * 3 + output + 1) * order])
          gradient.add(scores[example, output], times: row)
        }
        gradients += gradient
      }
    }
    let expected = secondMoment(gradients, columns: order, over: 12)
    #expect(
      relativeDistance(dense(objective.sampledFisher(at: own.point, draws: 2, key: Key(seed: 1))), expected) < 1e-13)
  }

  @Test("the empirical Fisher matrix is the second moment of the examples' gradients", arguments: OperatorCase.losses)
  func empiricalFisher(loss: Loss) {
    let own = OperatorCase(loss: loss, count: 9)
    let objective = own.objective(chunkSize: 4)
    let gradients = objective.exampleGradients(at: own.point).elements
    let expected = secondMoment(gradients, columns: own.point.count, over: 9)
    #expect(relativeDistance(dense(objective.empiricalFisher(at: own.point)), expected) < 1e-13)
  }

  @Test("the tangent kernel is J J', whole or in blocks, traced or not, on two sets or one")
  func tangentKernel() {
    let own = OperatorCase(loss: .crossEntropy, count: 7)
    let other = OperatorCase(loss: .crossEntropy, count: 5, seed: 6)
    let order = own.point.count
    let a = own.objective().jacobian(at: own.point).rows(of: 0..<7).elements
    let b = other.objective().jacobian(at: own.point).rows(of: 0..<5).elements
    for budget in [1 << 30, 3 * 2 * 4 * order * 8, 0] {
      let objective = own.objective(memoryBudget: budget)
      let kernel = objective.neuralTangentKernel(at: own.point)
      let cross = objective.neuralTangentKernel(at: own.point, with: other.objective().examples)
      #expect(kernel.shape == [28, 28] && cross.shape == [28, 20])
      #expect(relativeDistance(kernel.elements, gram(a, a, length: order)) < 1e-13)
      #expect(relativeDistance(cross.elements, gram(a, b, length: order)) < 1e-13)
      let traced = objective.tracedNeuralTangentKernel(at: own.point, with: other.objective().examples)
      #expect(relativeDistance(traced.elements, gram(a, b, length: 4 * order)) < 1e-13)
      #expect(objective.tracedNeuralTangentKernel(at: own.point).shape == [7, 7])
      #expect(relativeDistance(dense(objective.neuralTangentKernelOperator(at: own.point)), kernel.elements) < 1e-12)
    }
  }

  @Test("all agree with PyTorch's torch.func and JAX's jacrev to 1e-12")
  func fixtures() throws {
    let fixture = try OperatorFixture.load()
    let count = fixture.labels.count
    for loss in OperatorCase.losses {
      guard let expected = fixture.cases[loss.rawValue] else { continue }
      let network = Network.multilayerPerceptron(widths: fixture.widths, activation: .tanh, initializer: .lecunNormal)
      func examples(_ features: [Double], _ labels: [Int]) -> Examples<Double> {
        Examples(features: Tensor(features, shape: [labels.count, fixture.widths[0]]), labels: labels, classes: 3)
      }
      let objective = NetworkObjective(
        network, loss: loss, examples: examples(fixture.features, fixture.labels), chunkSize: 3)
      let (point, v) = (fixture.parameters, fixture.direction)
      #expect(largest(NetworksTests.product(objective.hessian(at: point), v), expected.hessianVectorProduct) < 1e-12)
      #expect(largest(NetworksTests.product(objective.gaussNewton(at: point), v), expected.gaussNewtonProduct) < 1e-12)
      #expect(
        largest(NetworksTests.product(objective.empiricalFisher(at: point), v), expected.empiricalFisherProduct) < 1e-12
      )
      #expect(largest(objective.exampleGradients(at: point).elements, expected.exampleGradients) < 1e-12)
      let jacobian = objective.jacobian(at: point)
      var product = [Double](repeating: 0, count: count * 3)
      var transposed = point
      jacobian.apply(to: v, into: &product)
      jacobian.applyTransposed(to: fixture.cotangents, into: &transposed)
      #expect(largest(product, fixture.jacobianProduct) < 1e-12)
      #expect(largest(transposed, fixture.transposedJacobianProduct) < 1e-12)
      #expect(largest(objective.neuralTangentKernel(at: point).elements, fixture.kernel) < 1e-12 * fixture.kernel.norm)
      let cross = objective.neuralTangentKernel(at: point, with: examples(fixture.others, [0, 0, 0, 0]))
      #expect(largest(cross.elements, fixture.crossKernel) < 1e-12 * fixture.crossKernel.norm)
    }
    #expect(fixture.cases.count == 2)
  }
}

/// A vector's product with a matrix of rows of its length.
func multiplied(_ rows: [Double], _ vector: [Double]) -> [Double] {
  stride(from: 0, to: rows.count, by: vector.count).map { Array(rows[$0..<$0 + vector.count]).dot(vector) }
}

/// A B' for matrices of rows of `length`.
func gram(_ a: [Double], _ b: [Double], length: Int) -> [Double] {
  stride(from: 0, to: a.count, by: length).flatMap { start in
    multiplied(b, Array(a[start..<start + length]))
  }
}

private func probabilities(_ outputs: [Double]) -> [Double] {
  let total = outputs.map { exponential($0) }.reduce(0, +)
  return outputs.map { exponential($0) / total }
}

private func exponential(_ x: Double) -> Double {
  var y = 0.0
  withUnsafePointer(to: x) { x in withUnsafeMutablePointer(to: &y) { Double.exp(1, x, $0) } }
  return y
}

/// The Hessian of a loss by the outputs, in closed form.
private func outputCurvature(_ loss: Loss, _ outputs: [Double]) -> [Double] {
  let width = outputs.count
  let p = probabilities(outputs)
  return (0..<width * width).map { place in
    let (k, l) = (place / width, place % width)
    return switch loss {
    case .crossEntropy: (k == l ? p[k] : 0) - p[k] * p[l]
    case .meanSquaredError: k == l ? 2 / Double(width) : 0
    case .logistic: k == l ? 1 / (2 + exponential(outputs[k]) + exponential(-outputs[k])) : 0
    case .hinge: 0
    }
  }
}
