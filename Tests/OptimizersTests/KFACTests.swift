import Differentiation
import Optimizers
import Tensors
import Testing

/// A linear layer that says that its curvature is a multiple of what it is.
private struct Misjudged: CompositeFiniteSumObjective, KroneckerFactoredObjective {
  let layer: LinearLayer<Double>
  let factor: Double
  var dimension: Int { layer.dimension }
  var exampleCount: Int { layer.exampleCount }
  var kroneckerBlocks: [KroneckerBlock] { layer.kroneckerBlocks }
  func value(at point: [Double]) -> Double { layer.value(at: point) }
  func gradient(at point: [Double], into gradient: inout [Double]) -> Double {
    layer.gradient(at: point, into: &gradient)
  }
  func gradient(at point: [Double], examples: ArraySlice<Int>, into gradient: inout [Double]) -> Double {
    layer.gradient(at: point, examples: examples, into: &gradient)
  }
  func hessian(at point: [Double]) -> any LinearOperator<Double> { layer.hessian(at: point) }
  func hessian(at point: [Double], examples: ArraySlice<Int>) -> any LinearOperator<Double> {
    layer.hessian(at: point, examples: examples)
  }
  func gaussNewton(at point: [Double]) -> any LinearOperator<Double> {
    gaussNewton(at: point, examples: ArraySlice(0..<exampleCount))
  }
  func gaussNewton(at point: [Double], examples: ArraySlice<Int>) -> any LinearOperator<Double> {
    let exact = layer.gaussNewton(at: point, examples: examples)
    var matrix = [Double](repeating: 0, count: dimension * dimension)
    for column in 0..<dimension {
      var unit = [Double](repeating: 0, count: dimension)
      unit[column] = factor
      for (row, value) in exact(unit).enumerated() { matrix[row * dimension + column] = value }
    }
    return Matrix(matrix, order: dimension)
  }
  func kroneckerFactors(at point: [Double], examples: ArraySlice<Int>?, key: Key) -> [KroneckerFactors<Double>] {
    layer.kroneckerFactors(at: point, examples: examples, key: key)
  }
}

@Suite("K-FAC")
struct KFACTests {
  private func constants(damping: Double, decay: Double = 0.95, interval: Int = 5) -> KroneckerConstants {
    var constants = KroneckerConstants()
    constants.damping = damping
    constants.decay = decay
    constants.interval = interval
    return constants
  }

  @Test("is natural gradient descent for a linear layer under squared error: one step from anywhere")
  func exact() {
    // The Fisher matrix is A with the identity exactly, and the loss quadratic.
    let layer = LinearLayer<Double>(.squares, examples: 60, inputs: 5, outputs: 3, key: Key(seed: 9))
    let start = (0..<18).map { Double(($0 * 5) % 7) - 3 }
    let point = descend(.kfac(constants(damping: 0)), on: layer, from: start, steps: 1, rate: 1)
    expectClose(point, descend(.newton(), on: layer, from: start, steps: 1, rate: 1), 1e-10)
    #expect(layer.gradient(at: point).norm < 1e-12)
  }

  @Test("steps to the model's minimum in the plane of the proposal and the last step, for each learning rate")
  func plane() {
    #expect(deviations().allSatisfy { $0 < 1e-9 })
  }

  /// By how much three steps miss the model's minimum in the plane, and the plane.
  private func deviations() -> [Double] {
    var deviations: [Double] = []
    let layer = LinearLayer<Double>(.softmax, examples: 60, inputs: 2, outputs: 3, key: Key(seed: 9))
    let start = (0..<9).map { Double(($0 * 5) % 7) / 5 - 0.6 }
    let recipe = DescentRecipe.kfac(constants(damping: 0.04, decay: 0.3))
    let points = [start] + (1...3).map { descend(recipe, on: layer, from: start, steps: $0, rate: 0.5) }
    // Estimates in each of the first three steps; from the second on the past weighs min(1 - 1/k, 0.3).
    let factors = points.map { layer.kroneckerFactors(at: $0, examples: nil, key: Key(seed: 0))[0] }
    var a = factors[0].inputs
    var g = factors[0].outputs
    var last = [Double](repeating: 0, count: 9)
    for place in 0..<3 {
      if place > 0 {
        a = zip(a, factors[place].inputs).map { 0.3 * $0 + 0.7 * $1 }
        g = zip(g, factors[place].outputs).map { 0.3 * $0 + 0.7 * $1 }
      }
      let gradient = layer.gradient(at: points[place])
      let proposal = solved(a, g, gradient)
      let move = zip(points[place + 1], points[place]).map { $0 - $1 }
      let step = move.map { 2 * $0 }
      // g + (F + lambda) d is orthogonal to the plane, and d lies in it.
      let hessian = layer.hessian(at: points[place])
      var residual = hessian(step)
      residual.add(0.04, times: step)
      residual.add(1, times: gradient)
      deviations.append(abs(residual.dot(proposal)) / proposal.norm)
      deviations.append(abs(residual.dot(last)))
      deviations.append(distance(from: step, toSpanOf: [proposal, last]) / step.norm)
      last = move
    }
    return deviations
  }

  /// (A + pi gamma I)^-1 V (G + gamma / pi I)^-1 for gamma = 0.2 by the matrix of the Kronecker product.
  private func solved(_ a: [Double], _ g: [Double], _ gradient: [Double]) -> [Double] {
    let pi = ((a[0] + a[4] + a[8]) / (g[0] + g[4] + g[8])).squareRoot()
    var matrix = [Double](repeating: 0, count: 81)
    for row in 0..<9 {
      for column in 0..<9 {
        let left = a[row / 3 * 3 + column / 3] + (row / 3 == column / 3 ? pi * 0.2 : 0)
        let right = g[row % 3 * 3 + column % 3] + (row % 3 == column % 3 ? 0.2 / pi : 0)
        matrix[row * 9 + column] = left * right
      }
    }
    let values = Double.symmetricEigenvalues(order: 9, matrix: &matrix) ?? []
    var solution = [Double](repeating: 0, count: 9)
    for (row, value) in values.enumerated() {
      let vector = Array(matrix[row * 9..<row * 9 + 9])
      solution.add(vector.dot(gradient) / value, times: vector)
    }
    return solution
  }

  private func distance(from vector: [Double], toSpanOf directions: [[Double]]) -> Double {
    var rest = vector
    var basis: [[Double]] = []
    for direction in directions where direction.norm > 0 {
      var unit = direction
      for other in basis { unit.add(-unit.dot(other), times: other) }
      let length = unit.norm
      unit = unit.map { $0 / length }
      rest.add(-rest.dot(unit), times: unit)
      basis.append(unit)
    }
    return rest.norm
  }

  @Test(
    "lambda shrinks by 0.95 a step where the model is right, grows where it promises too much, stays in between",
    arguments: [(1.0, 1 / 1.0), (0.25, -1), (0.62, 0)])
  func damping(factor: Double, direction: Double) {
    // On a quadratic whose curvature is said to be f times what it is, the loss falls by 2 f - 1 over f of what the model
    // without damping says: all of it for 1, 0.39 of it for 0.62, and it rises for 0.25.
    let layer = LinearLayer<Double>(.squares, examples: 60, inputs: 5, outputs: 3, key: Key(seed: 9))
    var method = DescentRecipe.kfac(constants(damping: 1e-6)).make(dimension: 18, as: Double.self)
    let oracle = StepOracle<Double>(Misjudged(layer: layer, factor: factor))
    let start = (0..<18).map { Double(($0 * 5) % 7) - 3 }
    for step in 0..<5 {
      // The same step over and over, so that there is always something to gain.
      var point = start
      oracle.move(to: point, step: step)
      method.step(parameters: &point, on: oracle, learningRate: 1)
    }
    let expected = 1e-6 * (direction > 0 ? 0.7737809375 : direction < 0 ? 1 / 0.7737809375 : 1)
    #expect(abs((method.state.numbers["lambda"] ?? 0) / expected - 1) < 1e-12)
  }

  @Test("takes curvature over the step's batch, and Hessian-free over the share that it is told")
  func batches() {
    let layer = LinearLayer<Double>(.softmax, examples: 41, inputs: 2, outputs: 3, key: Key(seed: 9))
    let start = (0..<9).map { Double(($0 * 5) % 7) / 5 - 0.6 }
    let batch: ArraySlice<Int> = [3, 8, 40, 1]
    let oracle = StepOracle<Double>(layer)
    oracle.move(to: start, examples: batch, step: 3)
    func expect(_ matrix: any LinearOperator<Double>, _ examples: ArraySlice<Int>) {
      let expected = layer.hessian(at: start, examples: examples)
      expectClose(matrix(start), expected(start), 1e-14)
    }
    expect(oracle.hessian(at: start), batch)
    expect(oracle.gaussNewton(at: start), batch)
    expect(oracle.gaussNewton(at: start, share: 0.75), [3, 8, 40])
    expect(oracle.gaussNewton(at: start, share: 0.01), [3, 8])
    oracle.move(to: start, step: 3)
    expect(oracle.gaussNewton(at: start), ArraySlice(0..<41))
    var generator = Key(seed: 6).child(3).generator()
    expect(oracle.gaussNewton(at: start, share: 0.5, key: Key(seed: 6)), generator.permutation(41)[..<21])
    // A method's steps are those on the batch alone.
    for recipe in [DescentRecipe.newton(damping: 0.1), .hessianFree(), .kfac()] {
      var (point, other) = (start, start)
      var method = recipe.make(dimension: 9, as: Double.self)
      oracle.move(to: point, examples: batch)
      method.step(parameters: &point, on: oracle, learningRate: 1)
      let small = StepOracle<Double>(LinearLayer<Double>(layer, examples: batch))
      var same = recipe.make(dimension: 9, as: Double.self)
      small.move(to: other)
      same.step(parameters: &other, on: small, learningRate: 1)
      expectClose(point, other, 1e-12, method.name)
    }
  }
}
