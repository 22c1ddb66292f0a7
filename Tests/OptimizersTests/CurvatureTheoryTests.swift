import AnalyticObjectives
import Differentiation
import Foundation
import Optimizers
import Tensors
import Testing

/// f(x, y) = x^2 / 2 - y^2 / 2 + y^4 / 4: a saddle at the origin between minima at (0, 1) and (0, -1).
private struct Saddle: Objective {
  let dimension = 2
  func value(at p: [Double]) -> Double { p[0] * p[0] / 2 - p[1] * p[1] / 2 + p[1] * p[1] * p[1] * p[1] / 4 }
  func gradient(at p: [Double], into gradient: inout [Double]) -> Double {
    gradient = [p[0], p[1] * p[1] * p[1] - p[1]]
    return value(at: p)
  }
  func hessian(at p: [Double]) -> any LinearOperator<Double> { Matrix([1, 0, 0, 3 * p[1] * p[1] - 1], order: 2) }
}

@Suite("What theory says of step sizes and curvature")
struct CurvatureTheoryTests {
  private let quadratic = Quadratic<Double>(
    spectrum: geometricSpectrum(from: 0.05, to: 2, count: 7), rotatedBy: Key(seed: 4),
    center: (0..<7).map { Double($0) / 3 - 1 })
  private var start: [Double] { [Double](repeating: 0.7, count: 7) }

  private func distance(_ point: [Double]) -> Double {
    var difference = point
    difference.add(-1, times: quadratic.center)
    return difference.norm
  }

  @Test("Polyak's step shrinks the distance in each step, and its best value keeps to 2 L R^2 / k")
  func polyak() {
    var last = distance(start)
    let bound = 2 * (quadratic.smoothness ?? .nan) * last * last
    var best = Double.infinity
    _ = descend(.polyak(), on: quadratic, from: start, steps: 200, rate: 1) { k, point, _ in
      #expect(distance(point) < last)
      last = distance(point)
      best = min(best, quadratic.value(at: point))
      #expect(best <= bound / Double(k))
    }
  }

  @Test("Gradient flow decays by exp(-lambda t) in each eigendirection, with an error of fourth order")
  func gradientFlow() {
    let bowl = Quadratic<Double>(spectrum: [0.5, 1, 3])
    let time = 2.0
    let exact = [0.5, 1, 3].map { exp(-$0 * time) }
    let errors = [16, 32, 64].map { steps in
      let end = descend(.gradientFlow, on: bowl, from: [1, 1, 1], steps: steps, rate: time / Double(steps))
      return zip(end, exact).map { abs($0 - $1) }.reduce(0, max)
    }
    #expect(errors[2] < 1e-6)
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(abs(log2(coarse / fine) - 4) < 0.3) }
  }

  @Test("Barzilai and Borwein finish a quadratic in two dimensions superlinearly", arguments: [false, true])
  func barzilaiBorwein(isShort: Bool) {
    let plane = Quadratic<Double>(spectrum: [1, 30], rotatedBy: Key(seed: 2))
    var norms: [Double] = []
    _ = descend(.barzilaiBorwein(isShort: isShort), on: plane, from: [3, -2], steps: 16, rate: 0.01) { _, p, _ in
      norms.append(p.norm)
    }
    // Gradient descent's best factor is 29/31 a step.
    #expect((norms.min() ?? 1) < 1e-12)
    #expect(descend(.optimizer(.gradientDescent()), on: plane, from: [3, -2], steps: 16, rate: 2 / 31.0).norm > 0.5)
  }

  @Test("Armijo's steps decrease enough, even from a first trial that is far too long")
  func armijo() {
    var (last, point) = (quadratic.value(at: start), start)
    _ = descend(.lineSearch(.armijo(decrease: 0.3)), on: quadratic, from: start, steps: 60, rate: 1e6) { _, next, _ in
      let gradient = quadratic.gradient(at: point)
      let moved = zip(next, point).map { $0 - $1 }
      #expect(quadratic.value(at: next) <= last + 0.3 * moved.dot(gradient) + 1e-15)
      (last, point) = (quadratic.value(at: next), next)
    }
    #expect(last < quadratic.value(at: start) / 100)
  }

  @Test("the strong Wolfe conditions hold after each of L-BFGS's steps")
  func strongWolfe() {
    let logistic = RegularizedLogistic<Double>(examples: 60, dimension: 7, ridge: 0.01, key: Key(seed: 8))
    var point = [Double](repeating: 1.5, count: 7)
    _ = descend(.lBFGS(), on: logistic, from: point, steps: 15, rate: 1) { _, next, _ in
      let move = zip(next, point).map { $0 - $1 }
      let before = move.dot(logistic.gradient(at: point))
      let after = move.dot(logistic.gradient(at: next))
      guard logistic.gradient(at: point).norm > 1e-6 else { return }
      #expect(before < 0 && abs(after) <= 0.9 * abs(before))
      #expect(logistic.value(at: next) <= logistic.value(at: point) + 1e-4 * before)
      point = next
    }
    #expect(logistic.gradient(at: point).norm < 1e-5)
  }

  @Test("L-BFGS with an exact line search finishes a quadratic in as many steps as it has dimensions")
  func conjugacy() {
    let exact = LineSearch.strongWolfe(curvature: 1e-12, trials: 50)
    var distances: [Double] = []
    _ = descend(.lBFGS(search: exact), on: quadratic, from: start, steps: 7, rate: 1) { _, point, _ in
      distances.append(distance(point))
    }
    #expect(distances[6] < 1e-7 * distances[0])
    #expect(distances[4] > 1e-3 * distances[0])
  }

  @Test("a line search that finds no descent stays")
  func noDescent() {
    let nowhere = descend(.lineSearch(.armijo(trials: 3)), on: quadratic, from: start, steps: 1, rate: 1e9)
    #expect(nowhere == start)
  }

  @Test("Newton's method finishes a quadratic in one step, indefinite ones at their saddle")
  func newton() {
    #expect(distance(descend(.newton(), on: quadratic, from: start, steps: 1, rate: 1)) < 1e-12)
    let saddle = Quadratic<Double>(spectrum: [2, -1, 0.5], rotatedBy: Key(seed: 1))
    #expect(descend(.newton(), on: saddle, from: [1, 2, 3], steps: 1, rate: 1).norm < 1e-13)
    // Where the Hessian is singular nothing moves along its kernel.
    let flat = Quadratic<Double>(spectrum: [2, 0])
    #expect(descend(.newton(), on: flat, from: [1, 5], steps: 1, rate: 1) == [0, 5])
  }

  @Test("near a saddle Newton's method is drawn in and the saddle-free one escapes to a minimum")
  func saddleFree() {
    #expect(descend(.newton(), on: Saddle(), from: [0.5, 0.1], steps: 20, rate: 1).norm < 1e-12)
    let point = descend(.newton(isSaddleFree: true), on: Saddle(), from: [0.5, 0.1], steps: 20, rate: 1)
    expectClose(point, [0, 1], 1e-10)
  }

  @Test("conjugate gradients reach their tolerance, at the latest after n products, and see negative curvature")
  func conjugateGradient() {
    let matrix = quadratic.hessian(at: start)
    let rightSide = (0..<7).map { Double($0) - 2.5 }
    for tolerance in [1e-2, 1e-5, 1e-10] {
      var solution = [Double](repeating: 0, count: 7)
      let outcome = ConjugateGradient.solve(
        rightSide, from: &solution, rule: .init(iterations: 100, residual: tolerance)
      ) {
        matrix.apply(to: $0, into: &$1)
      }
      var residual = rightSide
      residual.add(-1, times: matrix(solution))
      #expect(residual.norm <= 1.01 * tolerance * rightSide.norm)
      #expect(outcome.residual <= tolerance && outcome.iterations <= 8)
    }
    var solution = [0.0, 0]
    let outcome = ConjugateGradient.solve([1.0, 1], from: &solution, rule: .init(iterations: 9)) {
      $1 = [$0[0], -2 * $0[1]]
    }
    #expect(outcome.metNegativeCurvature)
  }

  @Test("Hessian-free optimization converges like Newton's once its damping has fallen")
  func hessianFree() {
    let layer = LinearLayer<Double>(.softmax, examples: 80, inputs: 3, outputs: 3, key: Key(seed: 6))
    var slopes: [Double] = []
    _ = descend(.hessianFree(), on: layer, from: [Double](repeating: 0.2, count: 12), steps: 30, rate: 1) { _, p, _ in
      slopes.append(layer.gradient(at: p).norm)
    }
    #expect((slopes.last ?? 1) < 1e-8)
    let plain = descend(
      .optimizer(.gradientDescent()), on: layer, from: [Double](repeating: 0.2, count: 12), steps: 30, rate: 1)
    #expect(layer.gradient(at: plain).norm > 1e-4)
  }
}
