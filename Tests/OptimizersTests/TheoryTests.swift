import AnalyticObjectives
import Differentiation
import Foundation
import Optimizers
import Tensors
import Testing

/// Walks with a method on a whole objective; `see` is told the step, the point after it and what would be evaluated.
func descend(
  _ recipe: DescentRecipe, on objective: some Objective<Double>, from start: [Double], steps: Int, rate: Double,
  see: (Int, [Double], [Double]) -> Void = { _, _, _ in }
) -> [Double] {
  var method = recipe.make(dimension: start.count, as: Double.self)
  let oracle = StepOracle<Double>(objective)
  var point = start
  for step in 1...steps {
    oracle.move(to: point)
    method.step(parameters: &point, on: oracle, learningRate: rate)
    see(step, point, method.evaluationParameters(point))
  }
  return point
}

@Suite("What theory says of first-order methods")
struct FirstOrderTheoryTests {
  private let quadratic = Quadratic<Double>(
    spectrum: geometricSpectrum(from: 0.05, to: 2, count: 9), rotatedBy: Key(seed: 4),
    center: (0..<9).map { Double($0) / 3 - 1 })
  private var start: [Double] { [Double](repeating: 0.7, count: 9) }
  private var smoothness: Double { quadratic.smoothness ?? .nan }
  private var convexity: Double { quadratic.strongConvexity ?? .nan }

  private func distance(_ point: [Double]) -> Double {
    var difference = point
    difference.add(-1, times: quadratic.center)
    return difference.norm
  }

  @Test(
    "gradient descent with rate 1/L contracts by 1 - m/L or more in each step, and on the flattest direction by just that"
  )
  func gradientDescent() {
    var last = distance(start)
    var factor = 0.0
    _ = descend(.optimizer(.gradientDescent()), on: quadratic, from: start, steps: 400, rate: 1 / smoothness) {
      _, p, _ in
      factor = distance(p) / last
      #expect(factor <= (1 - convexity / smoothness) * (1 + 1e-12))
      last = distance(p)
    }
    #expect(abs(factor - (1 - convexity / smoothness)) < 1e-6)
  }

  @Test("the heavy ball with the best constants contracts by (sqrt L - sqrt m) / (sqrt L + sqrt m) a step")
  func heavyBall() {
    let (a, b) = (smoothness.squareRoot(), convexity.squareRoot())
    let expected = (a - b) / (a + b)
    var distances: [Double] = []
    _ = descend(
      .optimizer(.heavyBall(expected * expected)), on: quadratic, from: start, steps: 90, rate: 4 / (a + b) / (a + b)
    ) { _, p, _ in distances.append(distance(p)) }
    // The two ends of the spectrum have double roots, k expected^k; the geometric mean over many steps comes near.
    let measured = pow(distances[89] / distances[39], 1.0 / 50)
    #expect(measured > expected && measured < expected + 0.03)
    #expect(measured < 1 - convexity / smoothness - 0.1)
  }

  @Test("the accelerated gradient keeps to Nesterov's bound on his worst function, well ahead of gradient descent")
  func accelerated() {
    let worst = NesterovWorstCase<Double>(dimension: 201, smoothness: 4)
    let origin = [Double](repeating: 0, count: 201)
    let least = worst.minimum ?? .nan
    let square = worst.minimizer.map { $0.dot($0) } ?? .nan
    _ = descend(.optimizer(.acceleratedGradient()), on: worst, from: origin, steps: 100, rate: 0.25) { k, _, x in
      #expect(worst.value(at: x) - least <= 2 * 4 * square / Double((k + 1) * (k + 1)))
    }
    let plain = descend(.optimizer(.gradientDescent()), on: worst, from: origin, steps: 100, rate: 0.25)
    var quick: [Double] = []
    _ = descend(.optimizer(.acceleratedGradient()), on: worst, from: origin, steps: 100, rate: 0.25) { _, _, x in
      quick = x
    }
    #expect(worst.value(at: quick) - least < (worst.value(at: plain) - least) / 2)
  }

  @Test("AdaGrad's first step and RMSProp's are signs of the gradient; Adam's is the rate")
  func signs() {
    var gradient = start
    quadratic.gradient(at: start, into: &gradient)
    let recipes: [(OptimizerRecipe, Double)] = [
      (.adaGrad(), 0.1), (.rmsProp(decay: 0.75), 0.2), (.adam(), 0.1), (.adam(isAMSGrad: true), 0.1),
    ]
    for (recipe, length) in recipes {
      let point = descend(.optimizer(recipe), on: quadratic, from: start, steps: 1, rate: 0.1)
      for index in point.indices {
        #expect(abs(point[index] - start[index] + (gradient[index] > 0 ? length : -length)) < 1e-6)
      }
    }
  }

  @Test("LAMB moves each block by rate times its norm, whatever the gradient's scale")
  func trustRatio() {
    let blocks = [0..<4, 4..<9]
    for scale in [1.0, 1e-3] {
      var method = LAMB<Double>(dimension: 9, blocks: blocks)
      var point = start
      var gradient = quadratic.gradient(at: start)
      gradient.scale(by: scale)
      method.step(parameters: &point, gradient: gradient, learningRate: 0.01)
      for block in blocks {
        let moved = zip(point[block], start[block]).map { $0 - $1 }
        #expect(abs(moved.norm - 0.01 * Array(start[block]).norm) < 1e-14)
      }
    }
  }

  @Test("LARS moves each block by rate times trust times its norm")
  func layerwise() {
    let blocks = [0..<4, 4..<9]
    var method = LARS<Double>(dimension: 9, blocks: blocks, trust: 0.02)
    var point = start
    method.step(parameters: &point, gradient: quadratic.gradient(at: start), learningRate: 0.5)
    for block in blocks {
      let moved = zip(point[block], start[block]).map { $0 - $1 }
      #expect(abs(moved.norm - 0.01 * Array(start[block]).norm) < 1e-14)
    }
  }

  @Test("Entropy-SGD's centre follows the gradient of the local entropy, which is known for a quadratic")
  func localEntropy() {
    // <y> = gamma x / (a + gamma) for f = a y^2 / 2, so that the centre shrinks by 1 - rate gamma a / (a + gamma).
    var constants = EntropyConstants()
    constants.innerSteps = 400
    constants.gamma = 0.5
    constants.scoping = 0
    constants.noise = 0
    let bowl = Quadratic<Double>(spectrum: [3, 0.2])
    var centers: [[Double]] = []
    _ = descend(.optimizer(.entropySGD(constants)), on: bowl, from: [1, 1], steps: 1200, rate: 0.8) { k, _, x in
      if k % 400 == 0 { centers.append(x) }
    }
    for (place, a) in [3, 0.2].enumerated() {
      let factor = 1 - 0.8 * 0.5 * a / (a + 0.5)
      for move in 0..<3 { #expect(abs(centers[move][place] - pow(factor, Double(move + 1))) < 1e-12) }
    }
  }

  @Test("Entropy-SGD's noise has the spread of its formula")
  func noise() {
    var constants = EntropyConstants()
    constants.gamma = 0
    constants.noise = 0.3
    let flat = Quadratic<Double>(spectrum: [Double](repeating: 0, count: 4001))
    let point = descend(
      .optimizer(.entropySGD(constants)), on: flat, from: [Double](repeating: 0, count: 4001), steps: 1, rate: 1)
    let variance = point.dot(point) / 4001
    // A mean of 4,001 squares of normals is within 5 standard errors, 5 sqrt(2 / 4001) = 0.11.
    #expect(abs(variance / (0.1 * 0.09) - 1) < 0.11)
  }

  @Test(
    "each parameter's own rate is what a method with that rate would do",
    arguments: [
      .gradientDescent(weightDecay: .coupled(0.1)), .momentum(isNesterov: true, weightDecay: .decoupled(0.1)),
      .heavyBall(),
      .acceleratedGradient(), .adaGrad(), .rmsProp(momentum: 0.5), .adaDelta(), .adamW(decay: 0.2), .nAdam(),
      .lars(trust: 0.2),
    ] as [OptimizerRecipe])
  func ownRates(recipe: OptimizerRecipe) {
    // Gradients that don't depend on the parameters keep these apart; 37 is no multiple of the vectors' width.
    let count = 37
    let factors = (0..<count).map { [0.25, 1, 3][$0 % 3] }
    func gradient(_ step: Int) -> [Double] { (0..<count).map { Double(($0 * 5 + step * 3) % 7) / 7 - 0.4 } }
    func walk(_ factors: [Double]?, _ rate: Double) -> [Double] {
      var method = recipe.make(dimension: count, blocks: (0..<count).map { $0..<$0 + 1 }, as: Double.self)
      method.learningRateFactors = factors
      var point = (0..<count).map { 1 + Double($0) / 10 }
      for step in 0..<6 { method.step(parameters: &point, gradient: gradient(step), learningRate: rate) }
      return point
    }
    let mixed = walk(factors, 0.1)
    for (place, factor) in [0.25, 1, 3].enumerated() {
      let uniform = walk(nil, 0.1 * factor)
      for index in stride(from: place, to: count, by: 3) { #expect(abs(mixed[index] - uniform[index]) < 1e-12) }
    }
  }
}
