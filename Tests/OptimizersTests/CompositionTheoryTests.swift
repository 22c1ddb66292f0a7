import AnalyticObjectives
import Differentiation
import Foundation
import Optimizers
import Tensors
import Testing

@Suite("What theory says of compositions")
struct CompositionTheoryTests {
  private let point = [1.5, -0.2, 0.7, -3]
  private let gradient = [0.3, 2, -1, 0.1]

  @Test("SAM ascends by rho along the gradient, and nowhere where there is none")
  func sam() {
    var sam = SharpnessAware(GradientDescent<Double>(dimension: 4), radius: 0.25)
    let ascent = zip(sam.ascentPoint(from: point, gradient: gradient), point).map { $0 - $1 }
    #expect(abs(ascent.norm - 0.25) < 1e-15)
    #expect(abs(ascent.dot(gradient) - 0.25 * gradient.norm) < 1e-15)
    #expect(sam.ascentPoint(from: point, gradient: [0, 0, 0, 0]) == point)
  }

  @Test("ASAM's ascent has length rho in units of the parameters and does not see a rescaling of the network")
  func asam() {
    // The function does not change under (p0, p1, ...) -> (c0 p0, c1 p1, ...) if its gradient is divided by c.
    let scales = [4, 0.01, -3, 250.0]
    var asam = SharpnessAware(GradientDescent<Double>(dimension: 4), radius: 0.25, stabilizer: 0)
    let ascent = zip(asam.ascentPoint(from: point, gradient: gradient), point).map { $0 - $1 }
    #expect(abs(zip(ascent, point).map { $0 / $1 }.norm - 0.25) < 1e-15)
    let rescaled = asam.ascentPoint(
      from: zip(point, scales).map { $0 * $1 }, gradient: zip(gradient, scales).map { $0 / $1 })
    expectClose(zip(rescaled, scales).map { $0 / $1 }, zip(point, ascent).map { $0 + $1 }, 1e-13)
    // SAM's does.
    var sam = SharpnessAware(GradientDescent<Double>(dimension: 4), radius: 0.25)
    let other = sam.ascentPoint(
      from: zip(point, scales).map { $0 * $1 }, gradient: zip(gradient, scales).map { $0 / $1 })
    let same = sam.ascentPoint(from: point, gradient: gradient)
    #expect(zip(zip(other, scales).map { $0 / $1 }, same).map { $0 - $1 }.norm > 0.1)
  }

  @Test("SWA evaluates the arithmetic mean of the chosen points, EMA its closed form, and neither changes the way")
  func averages() {
    let bowl = Quadratic<Double>(spectrum: [1, 0.3, 2])
    var points: [[Double]] = []
    let plain = descend(.optimizer(.momentum(0.5)), on: bowl, from: [1, 2, 3], steps: 20, rate: 0.3) { _, p, _ in
      points.append(p)
    }
    var means: [[Double]] = []
    let rule = WeightAveraging.arithmetic(start: 4, every: 3)
    let swa = descend(.averaged(.optimizer(.momentum(0.5)), rule), on: bowl, from: [1, 2, 3], steps: 20, rate: 0.3) {
      means.append($2)
    }
    #expect(swa == plain)
    #expect(means[2] == points[2])
    let chosen = stride(from: 3, to: 20, by: 3).map { points[$0] }
    expectClose(means[19], (0..<3).map { i in chosen.map { $0[i] }.reduce(0, +) / Double(chosen.count) }, 1e-14)
    _ = descend(
      .averaged(.optimizer(.momentum(0.5)), .exponential(decay: 0.8)), on: bowl, from: [1, 2, 3], steps: 20, rate: 0.3
    ) { k, _, average in
      let expected = (0..<3).map { i in
        pow(0.8, Double(k - 1)) * points[0][i]
          + (1..<k).map { 0.2 * pow(0.8, Double(k - 1 - $0)) * points[$0][i] }.reduce(0, +)
      }
      expectClose(average, expected, 1e-14)
    }
  }

  @Test("averages of averages and of SAM's steps compose")
  func nested() {
    let bowl = Quadratic<Double>(spectrum: [1, 0.3, 2])
    let recipe = DescentRecipe.averaged(
      .averaged(.sharpnessAware(.adam()), .exponential(decay: 0.5)), .arithmetic(start: 1, every: 1))
    var inner: [[Double]] = []
    _ = descend(
      .averaged(.sharpnessAware(.adam()), .exponential(decay: 0.5)), on: bowl, from: [1, 2, 3], steps: 5, rate: 0.1
    ) {
      inner.append($2)
    }
    var outer: [Double] = []
    _ = descend(recipe, on: bowl, from: [1, 2, 3], steps: 5, rate: 0.1) { outer = $2 }
    expectClose(outer, (0..<3).map { i in inner.map { $0[i] }.reduce(0, +) / 5 }, 1e-15)
  }

  @Test("SVRG converges linearly at a constant rate where SGD stalls at its noise")
  func varianceReduction() {
    let layer = LinearLayer<Double>(.squares, examples: 50, inputs: 3, outputs: 2, key: Key(seed: 3))
    let best = descend(.newton(), on: layer, from: [Double](repeating: 0, count: 8), steps: 1, rate: 1)
    func gaps(_ recipe: DescentRecipe) -> [Double] {
      var method = recipe.make(dimension: 8, as: Double.self)
      let oracle = StepOracle<Double>(layer)
      var point = [Double](repeating: 0, count: 8)
      var generator = Key(seed: 1).generator()
      var gaps: [Double] = []
      for step in 0..<3000 {
        oracle.move(to: point, examples: [generator.integer(below: 50)])
        method.step(parameters: &point, on: oracle, learningRate: 0.03)
        if step % 100 == 99 { gaps.append(layer.value(at: point) - layer.value(at: best)) }
      }
      return gaps
    }
    let reduced = gaps(.varianceReduced(.gradientDescent(), interval: 100))
    #expect(reduced[14] < 1e-4 && reduced[29] < 1e-8)
    #expect(gaps(.optimizer(.gradientDescent()))[20...].reduce(0, +) / 10 > 1e-4)
  }

  @Test("at the snapshot SVRG's direction is the whole gradient, whatever the batch")
  func snapshot() {
    let layer = LinearLayer<Double>(.softmax, examples: 20, inputs: 3, outputs: 2, key: Key(seed: 3))
    var method = DescentRecipe.varianceReduced(.gradientDescent(), interval: 5).make(dimension: 8, as: Double.self)
    let oracle = StepOracle<Double>(layer)
    let start = (0..<8).map { Double($0) / 9 - 0.3 }
    var point = start
    oracle.move(to: point, examples: [7])
    method.step(parameters: &point, on: oracle, learningRate: 0.5)
    var expected = start
    expected.add(-0.5, times: layer.gradient(at: start))
    expectClose(point, expected, 1e-15)
  }

  @Test("clipping bounds what a composition's base sees")
  func clipping() {
    let bowl = Quadratic<Double>(spectrum: [30, 40])
    let recipes: [DescentRecipe] = [
      .optimizer(.gradientDescent()), .sharpnessAware(.gradientDescent()),
      .averaged(.sharpnessAware(.gradientDescent()), .exponential(decay: 0)),
    ]
    for recipe in recipes {
      var method = recipe.make(dimension: 2, as: Double.self)
      let oracle = StepOracle<Double>(bowl, clipping: .globalNorm(0.5))
      var point = [1.0, 1]
      oracle.move(to: point)
      method.step(parameters: &point, on: oracle, learningRate: 1)
      #expect(abs([point[0] - 1, point[1] - 1].norm - 0.5) < 1e-15)
    }
  }
}
