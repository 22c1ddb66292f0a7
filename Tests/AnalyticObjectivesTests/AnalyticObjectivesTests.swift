import AnalyticObjectives
import Differentiation
import Tensors
import Testing

/// Every objective of the module, with a point to differentiate it at.
struct Sample: CustomTestStringConvertible, Sendable {
  let name: String
  let objective: any AnalyticObjective<Double>
  let single: any AnalyticObjective<Float>

  var testDescription: String { name }

  func point(_ label: String = "point") -> [Double] {
    var generator = Key(seed: 21).child(name).child(label).generator()
    return generator.normals(objective.dimension)
  }

  static let all: [Sample] = [
    Sample(
      name: "diagonal quadratic", objective: Quadratic<Double>(spectrum: [5, 1, 0.25, 3], center: [1, -1, 2, 0]),
      single: Quadratic<Float>(spectrum: [5, 1, 0.25, 3], center: [1, -1, 2, 0])),
    Sample(
      name: "rotated quadratic", objective: Quadratic<Double>(spectrum: [5, 1, 0.25, 3, 2], rotatedBy: Key(seed: 1)),
      single: Quadratic<Float>(spectrum: [5, 1, 0.25, 3, 2], rotatedBy: Key(seed: 1))),
    Sample(
      name: "dense quadratic", objective: Quadratic<Double>(matrix: [2, 1, 1, 3], dimension: 2, center: [0.5, -0.5]),
      single: Quadratic<Float>(matrix: [2, 1, 1, 3], dimension: 2, center: [0.5, -0.5])),
    Sample(
      name: "indefinite quadratic", objective: Quadratic<Double>(spectrum: [-2, 1, 0], rotatedBy: Key(seed: 2)),
      single: Quadratic<Float>(spectrum: [-2, 1, 0], rotatedBy: Key(seed: 2))),
    Sample(name: "Rosenbrock", objective: Rosenbrock<Double>(), single: Rosenbrock<Float>()),
    Sample(
      name: "Rosenbrock in 5", objective: Rosenbrock<Double>(dimension: 5, steepness: 7),
      single: Rosenbrock<Float>(dimension: 5, steepness: 7)),
    Sample(name: "circular valley", objective: CircularValley<Double>(), single: CircularValley<Float>()),
    Sample(
      name: "saddle", objective: Saddle<Double>(stable: [1, 2], unstable: [0.5, 3, 1]),
      single: Saddle<Float>(stable: [1, 2], unstable: [0.5, 3, 1])),
    Sample(
      name: "Nesterov", objective: NesterovWorstCase<Double>(dimension: 7, smoothness: 3),
      single: NesterovWorstCase<Float>(dimension: 7, smoothness: 3)),
    Sample(
      name: "Nesterov in 1", objective: NesterovWorstCase<Double>(dimension: 1),
      single: NesterovWorstCase<Float>(dimension: 1)),
    Sample(
      name: "log-sum-exp", objective: LogSumExp<Double>(terms: 6, dimension: 4, temperature: 0.7, key: Key(seed: 3)),
      single: LogSumExp<Float>(terms: 6, dimension: 4, temperature: 0.7, key: Key(seed: 3))),
    Sample(
      name: "logistic",
      objective: RegularizedLogistic<Double>(examples: 9, dimension: 4, ridge: 0.1, key: Key(seed: 4)),
      single: RegularizedLogistic<Float>(examples: 9, dimension: 4, ridge: 0.1, key: Key(seed: 4))),
  ]
}

func norm(_ vector: [Double]) -> Double { vector.norm }

func sum(_ x: [Double], _ alpha: Double, _ direction: [Double]) -> [Double] {
  zip(x, direction).map { $0 + alpha * $1 }
}

/// f'(0) by central differences of fourth order.
func slope(step: Double = 1e-3, _ f: (Double) -> [Double]) -> [Double] {
  let (a, b, c, d) = (f(-2 * step), f(-step), f(step), f(2 * step))
  return a.indices.map { (a[$0] - 8 * b[$0] + 8 * c[$0] - d[$0]) / (12 * step) }
}

/// The objective's Hessian as a dense matrix, row by row.
func denseHessian(_ objective: any Objective<Double>, at point: [Double]) -> [Double] {
  let hessian = objective.hessian(at: point)
  return (0..<objective.dimension).flatMap { index in
    var unit = [Double](repeating: 0, count: objective.dimension)
    unit[index] = 1
    return hessian(unit)
  }
}

func spectrum(_ objective: any Objective<Double>, at point: [Double]) throws -> [Double] {
  var matrix = denseHessian(objective, at: point)
  return try #require(Double.symmetricEigenvalues(order: objective.dimension, matrix: &matrix))
}

@Suite("Analytic objectives")
struct AnalyticObjectivesTests {
  @Test("the gradient is the slope of the value", arguments: Sample.all)
  func gradients(sample: Sample) {
    let (point, direction) = (sample.point(), sample.point("direction"))
    let expected = slope { [sample.objective.value(at: sum(point, $0, direction))] }[0]
    let gradient = sample.objective.gradient(at: point)
    #expect(abs(gradient.dot(direction) - expected) <= 1e-8 * max(1, gradient.norm * direction.norm))
  }

  @Test("the Hessian is the slope of the gradient, and symmetric", arguments: Sample.all)
  func hessians(sample: Sample) {
    let (point, direction, other) = (sample.point(), sample.point("direction"), sample.point("other"))
    let expected = slope { sample.objective.gradient(at: sum(point, $0, direction)) }
    let hessian = sample.objective.hessian(at: point)
    let product = hessian(direction)
    #expect(norm(sum(product, -1, expected)) <= 1e-8 * max(1, norm(product)))
    #expect(abs(other.dot(product) - direction.dot(hessian(other))) <= 1e-12 * max(1, norm(product) * norm(other)))
  }

  @Test("the gradient call returns the value and overwrites what was there", arguments: Sample.all)
  func fused(sample: Sample) {
    let point = sample.point()
    var gradient = [Double](repeating: .nan, count: sample.objective.dimension)
    let value = sample.objective.gradient(at: point, into: &gradient)
    let alone = sample.objective.value(at: point)
    #expect(abs(value - alone) <= 1e-14 * max(1, abs(alone)))
    #expect(gradient.allSatisfy { $0.isFinite })
  }

  @Test("Float32 gives what Float64 gives, to its precision", arguments: Sample.all)
  func singlePrecision(sample: Sample) {
    let point = sample.point().map { Float($0) }
    let exact = point.map { Double($0) }
    let value = sample.objective.value(at: exact)
    #expect(abs(sample.single.value(at: point) - value) <= 1e-5 * max(1, abs(value)))
    let gradient = sample.objective.gradient(at: exact)
    let single = sample.single.gradient(at: point).map { Double($0) }
    #expect(norm(sum(single, -1, gradient)) <= 1e-5 * max(1, norm(gradient)))
    let product = sample.objective.hessian(at: exact)(exact)
    let singleProduct = sample.single.hessian(at: point)(point).map { Double($0) }
    #expect(norm(sum(singleProduct, -1, product)) <= 1e-5 * max(1, norm(product)))
  }

  @Test("the minimizer has no slope and the stated value", arguments: Sample.all)
  func minima(sample: Sample) throws {
    guard let minimizer = sample.objective.minimizer else { return }
    #expect(norm(sample.objective.gradient(at: minimizer)) < 1e-13)
    let minimum = try #require(sample.objective.minimum)
    #expect(abs(sample.objective.value(at: minimizer) - minimum) < 1e-14)
  }

  @Test(
    "no Hessian in a ball exceeds the stated smoothness, nor falls below the strong convexity", arguments: Sample.all)
  func constants(sample: Sample) throws {
    for trial in 0..<20 {
      let point = sample.point("trial \(trial)")
      let values = try spectrum(sample.objective, at: point)
      let largest = values.reduce(0) { max($0, abs($1)) }
      #expect(largest <= sample.objective.smoothness(withinRadius: norm(point)) * (1 + 1e-12))
      if let smoothness = sample.objective.smoothness { #expect(largest <= smoothness * (1 + 1e-12)) }
      if let convexity = sample.objective.strongConvexity { #expect(values[0] >= convexity - 1e-12) }
    }
  }

  @Test("the constants are reached where theory says so")
  func tightConstants() throws {
    let quadratic = Quadratic<Double>(spectrum: [7, 0.5, 2], rotatedBy: Key(seed: 8))
    #expect(quadratic.smoothness == 7 && quadratic.strongConvexity == 0.5)
    #expect(Quadratic<Double>(spectrum: [1, -3]).smoothness == 3)
    #expect(Quadratic<Double>(spectrum: [1, -3]).strongConvexity == nil)
    let nesterov = NesterovWorstCase<Double>(dimension: 9, smoothness: 4)
    let values = try spectrum(nesterov, at: nesterov.minimizer ?? [])
    #expect(abs(values[0] - (nesterov.strongConvexity ?? .nan)) < 1e-14)
    #expect(values[8] < 4 && values[8] > 3.9)
    #expect(try spectrum(CircularValley<Double>(), at: [1.5, 0]) == [4 * 2.25 - 4, 12 * 2.25 - 4])
    // One feature at margin 0: the logistic's second derivative is 1/4.
    let logistic = RegularizedLogistic<Double>(features: [3, 0], labels: [-1], dimension: 2, ridge: 0.5)
    #expect(logistic.smoothness == 9.0 / 4 + 0.5)
    #expect(try spectrum(logistic, at: [0, 0]) == [0.5, 2.75])
    // Two opposite slopes of equal weight: diag p - p p' has the eigenvalue 1/2.
    let smoothMaximum = LogSumExp<Double>(slopes: [1, -1], offsets: [0, 0], dimension: 1)
    #expect(try abs(spectrum(smoothMaximum, at: [0])[0] - 1) < 1e-15)
    #expect(abs((smoothMaximum.smoothness ?? .nan) - 1) < 1e-15)
  }

  @Test("known values")
  func knownValues() {
    #expect(Rosenbrock<Double>().value(at: [-1.2, 1]) - 24.2 < 1e-12)
    #expect(CircularValley<Double>().value(at: [0, 0]) == 1)
    #expect(Saddle<Double>().value(at: [2, 1]) == 1.75)
    #expect(NesterovWorstCase<Double>(dimension: 3, smoothness: 8).value(at: [1, 1, 1]) == 0)
    let smoothMaximum = LogSumExp<Double>(slopes: [1, 0], offsets: [0, 0], dimension: 1, temperature: 1e-3)
    #expect(smoothMaximum.value(at: [5000]) == 5000)
    let logistic = RegularizedLogistic<Double>(features: [1], labels: [1], dimension: 1, ridge: 0)
    #expect(logistic.value(at: [-1e4]) == 1e4 && logistic.value(at: [1e4]) == 0)
  }

  @Test("the saddle's Hessian at the origin has the stated curvatures")
  func saddle() throws {
    let saddle = Saddle<Double>(stable: [1, 2], unstable: [0.5])
    #expect(try spectrum(saddle, at: [0, 0, 0]) == [-0.5, 1, 2])
    #expect(saddle.gradient(at: [0, 0, 0]) == [0, 0, 0])
  }

  @Test("minibatch gradients over a partition average to the whole gradient")
  func finiteSum() {
    let objective = RegularizedLogistic<Double>(examples: 12, dimension: 3, ridge: 0.2, key: Key(seed: 5))
    let point = [0.3, -0.8, 1.1]
    let order = [5, 3, 11, 0, 1, 8, 2, 10, 4, 9, 6, 7]
    var mean = [0.0, 0, 0]
    var value = 0.0
    for start in stride(from: 0, to: 12, by: 4) {
      var part = [Double](repeating: .nan, count: 3)
      value += objective.gradient(at: point, examples: order[start..<start + 4], into: &part) / 3
      mean.add(1.0 / 3, times: part)
    }
    #expect(norm(sum(mean, -1, objective.gradient(at: point))) < 1e-15)
    #expect(abs(value - objective.value(at: point)) < 1e-15)
  }

  @Test("a random orthogonal matrix is orthogonal, and its first entry is distributed as Haar's")
  func orthogonal() {
    let order = 15
    let matrix = randomOrthogonalMatrix(order: order, key: Key(seed: 6))
    for i in 0..<order {
      for j in 0..<order {
        let product = Array(matrix[i * order..<(i + 1) * order]).dot(Array(matrix[j * order..<(j + 1) * order]))
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-14)
      }
    }
    // E q = 0 and E q^2 = 1/n for every entry, the last row's included.
    let trials = 4000
    let entries = (0..<trials).map { randomOrthogonalMatrix(order: 3, key: Key(seed: 7).child($0))[8] }
    #expect(abs(entries.reduce(0, +) / Double(trials)) < 0.04)
    #expect(abs(entries.reduce(0) { $0 + $1 * $1 } / Double(trials) - 1.0 / 3) < 0.02)
  }

  @Test("a rotated quadratic has its spectrum, and the same one in every form")
  func spectra() throws {
    let values = geometricSpectrum(from: 1e-2, to: 1e2, count: 9)
    #expect(values.first == 1e-2 && values.last == 1e2 && abs(values[4] - 1) < 1e-14)
    let rotated = Quadratic<Double>(spectrum: values, rotatedBy: Key(seed: 9))
    for (own, planted) in zip(try spectrum(rotated, at: values), values) { #expect(abs(own - planted) < 1e-12) }
    let dense = Quadratic<Double>(matrix: rotated.denseMatrix, dimension: 9)
    #expect(dense.value(at: values) == rotated.value(at: values))
    for (own, planted) in zip(dense.eigenvalues, values) { #expect(abs(own - planted) < 1e-12) }
    #expect(Quadratic<Double>(spectrum: [2, 3]).denseMatrix == [2, 0, 0, 3])
  }

  @Test("gradient descent on Nesterov's function touches one more coordinate a step")
  func nesterovReach() {
    let objective = NesterovWorstCase<Double>(dimension: 20)
    var point = [Double](repeating: 0, count: 20)
    for step in 1...10 {
      point.add(-1, times: objective.gradient(at: point))
      #expect(point[step - 1] != 0 && point[step...].allSatisfy { $0 == 0 })
    }
    let lower = 3.0 * (objective.minimizer ?? []).reduce(0) { $0 + $1 * $1 } / (32 * 10 * 10)
    #expect(objective.value(at: point) - (objective.minimum ?? .nan) >= lower * 0.8)
  }
}
