import AnalyticObjectives
import Foundation
import GradientDescent
import Harness
import Statistics
import Storage
import Tensors
import Testing

/// The spectral radius of a method's iteration on one eigenvalue: the roots of z^2 - trace z + determinant.
private func radius(_ method: Method, rate: Double, momentum: Double, eigenvalue: Double) -> Double {
  let contraction = 1 - rate * eigenvalue
  let trace = method == .heavyBall ? contraction + momentum : (1 + momentum) * contraction
  let determinant = method == .heavyBall ? momentum : momentum * contraction
  let discriminant = trace * trace - 4 * determinant
  if discriminant < 0 { return determinant.squareRoot() }
  return (abs(trace) + discriminant.squareRoot()) / 2
}

private func worstRadius(_ method: Method, rate: Double, momentum: Double, from mu: Double, to end: Double) -> Double {
  (0...1000).map { radius(method, rate: rate, momentum: momentum, eigenvalue: mu + (end - mu) * Double($0) / 1000) }
    .max()!
}

@Suite("Gradient descent's analysis")
struct GradientDescentAnalysisTests {
  @Test(
    "each method's constants contract every eigenvalue at the stated rate, and no neighbouring constants do better",
    arguments: Method.allCases, [10.0, 1000])
  func constants(_ method: Method, _ conditionNumber: Double) {
    let mu = 0.3
    let (rate, momentum) = method.constants(smoothness: mu * conditionNumber, strongConvexity: mu)
    func worst(_ rate: Double, _ momentum: Double) -> Double {
      worstRadius(method, rate: rate, momentum: momentum, from: mu, to: mu * conditionNumber)
    }
    let stated = method.contraction(conditionNumber: conditionNumber)
    // A double root splits by the square root of rounding.
    #expect(abs(worst(rate, momentum) - stated) < 1e-7)
    for factor in [0.99, 1.01] {
      #expect(worst(rate * factor, momentum) > stated + 1e-6)
      if momentum > 0 { #expect(worst(rate, momentum * factor) > stated + 1e-6) }
    }
  }

  @Test("gradient descent on two eigenvalues takes log(accuracy) / log((kappa - 1)/(kappa + 1)) iterations")
  func iterations() {
    let quadratic = Quadratic<Double>(spectrum: [0.5, 50], center: [3, -1])
    let recorded = logarithmicSteps(upTo: 5000, perDecade: 3)
    let found = approach(quadratic, by: .gradientDescent, from: [4, 7], accuracy: 1e-3, recorded: recorded) { _ in }
    #expect(found.iterations == (log(1e-3) / log(99.0 / 101)).rounded(.up))
    #expect(abs(found.distances[recorded.firstIndex(of: 10)!] - pow(99.0 / 101, 10)) < 1e-12)
    #expect(found.distances[recorded.firstIndex(of: 1000)!].isNaN)
  }

  @Test("a method that is given too few iterations has none")
  func givenUp() {
    let quadratic = Quadratic<Double>(spectrum: [1, 1000])
    let found = approach(
      quadratic, by: .gradientDescent, from: [1, 1], accuracy: 1e-3, recorded: logarithmicSteps(upTo: 99, perDecade: 1)
    ) { _ in }
    #expect(found.iterations.isNaN && found.distances.allSatisfy { $0 > 0.5 })
  }

  @Test("the descent lemma is tight in one dimension: 1/L keeps it with nothing to spare, 1.001/L and 2.5/L break it")
  func tightness() {
    let parabola = Quadratic<Double>(spectrum: [7])
    let recorded = logarithmicSteps(upTo: 20, perDecade: 10)
    #expect(descend(on: parabola, from: [3], recorded: recorded) { _ in }.violations == 0)
    #expect(descend(on: parabola, from: [3], recorded: [0, 1], factor: 1.001) { _ in }.violations == 1)
    #expect(descend(on: parabola, from: [3], recorded: [0, 1], factor: 0.999) { _ in }.violations == 1)
    #expect(descend(on: parabola, from: [3], recorded: recorded, factor: 2.5) { _ in }.violations == 20)
  }

  @Test("descent records value and gradient norm at the recorded steps")
  func record() {
    // Step 0.5/L on x^2: x halves.
    let tally = descend(on: Quadratic<Double>(spectrum: [2]), from: [8], recorded: [0, 1, 3], factor: 0.5) { _ in }
    #expect(tally.values == [64, 16, 1] && tally.gradientNorms == [16, 8, 2])
    #expect(tally.steps == 3 && tally.violations == 3 && tally.resolved == 3)
  }

  @Test(
    "steps of 2.5/L break the descent lemma in several dimensions, and leave the finite numbers as a count of steps")
  func divergence() {
    let quadratic = Quadratic<Double>(spectrum: [0.1, 1, 10], rotatedBy: Key(seed: 4))
    let recorded = logarithmicSteps(upTo: 10_000, perDecade: 1)
    #expect(descend(on: quadratic, from: [1, 2, 3], recorded: recorded) { _ in }.violations == 0)
    let broken = descend(on: quadratic, from: [1, 2, 3], recorded: recorded, factor: 2.5) { _ in }
    #expect(broken.violations > 800 && broken.steps < 1000 && broken.values.last!.isNaN)
  }

  @Test("rounding is allowed for, a millionth of the promise is not")
  func allowance() {
    func step(_ excess: Double) -> DescentStep {
      DescentStep(value: 2, next: 1 + excess, gradientNorm: 2, distance: 1, smoothness: 2)
    }
    #expect(!step(0).isViolation && !step(1e-15).isViolation && step(1e-6).isViolation && step(.nan).isViolation)
    #expect(step(0).promised == 1 && step(0).isResolved)
    #expect(!DescentStep(value: 2, next: 2, gradientNorm: 1e-9, distance: 1, smoothness: 2).isResolved)
  }

  @Test("steps of 1.9/L shrink a distance by 0.9, steps of 2.1/L let it grow by 1.1, and beyond 1e100 it stands")
  func limit() {
    let parabola = Quadratic<Double>(spectrum: [5], center: [1])
    let shrunk = relativeDistances(on: parabola, from: [3], factor: 1.9, recorded: [0, 2, 50])
    let grown = relativeDistances(on: parabola, from: [3], factor: 2.1, recorded: [0, 2, 50])
    let expected: [Double] = [1, 0.81, pow(0.9, 50.0), 1, 1.21, pow(1.1, 50.0)]
    for (found, expected) in zip(shrunk + grown, expected) {
      #expect(abs(found / expected - 1) < 1e-10)
    }
    let far = relativeDistances(on: parabola, from: [3], factor: 4, recorded: [0, 1000, 2000])
    #expect(far[1] > 1e100 && far[1].isFinite && far[1] == far[2])
  }

  @Test("logarithmic steps hold 0, the powers between, each once, and the last")
  func steps() {
    #expect(logarithmicSteps(upTo: 120, perDecade: 1) == [0, 1, 10, 100, 120])
    #expect(logarithmicSteps(upTo: 10, perDecade: 10) == [0, 1, 2, 3, 4, 5, 6, 8, 10])
    #expect(logarithmicSteps(upTo: 0, perDecade: 3) == [0])
  }

  @Test("the largest deviation is that of the means, and NaN is not averaged away")
  func deviation() {
    #expect(abs(largestDeviation(of: [[1.1, 0.5], [0.9, 0.46]], from: [1, 0.5]) - 0.02) < 1e-12)
    #expect(largestDeviation(of: [[1, .nan], [1, 0.5]], from: [1, 0.5]).isNaN)
    #expect(
      abs(growthExponent(conditionNumbers: [10, 100, 1000], iterations: [3, 30, 300]).slope - 1) < 1e-12)
  }
}

private func run(_ seed: Int, violations: Int = 0, final: [Double] = [0.1, 9], slopes: [Double]) -> CollectedRun {
  CollectedRun(
    id: "run\(seed)", seed: seed,
    measurements: Group(groups: [
      "descent": Group(
        dimensions: [Dimension("function", length: 2)],
        variables: [
          Variable("violations", along: ["function"], values: [0, violations]),
          Variable("steps", along: ["function"], values: [10, 10]),
          Variable("resolved", along: ["function"], values: [10, 9]),
          Variable("largest_excess", along: ["function"], values: [0.1, 0.2]),
        ]),
      "limit": Group(
        dimensions: [Dimension("step_factor", coordinates: [1.9, 2.1])],
        variables: [Variable("final_distance", along: ["step_factor"], values: final)]),
      "conditioning": Group(
        dimensions: [Dimension("method", length: 3)],
        variables: [Variable("slope", along: ["method"], values: slopes)]),
    ]))
}

@Suite("Gradient descent's findings")
struct GradientDescentFindingTests {
  private func word(_ id: String, _ runs: [CollectedRun]) -> String {
    GradientDescentExperiment.findings.first { $0.id == id }!.report(on: Evidence(runs: runs), profile: .quick).word
  }
  private let slopes = [1.0, 0.5, 0.51]

  @Test("one violation, a distance on the wrong side of the limit, or a NaN there turns the descent lemma's verdict")
  func descent() {
    let id = "gd.descent-lemma"
    #expect(word(id, [run(0, slopes: slopes)]) == "reproduced")
    #expect(word(id, [run(0, slopes: slopes), run(1, violations: 1, slopes: slopes)]) == "not reproduced")
    for final in [[1.1, 9], [0.1, 0.9], [.nan, 9], [0.1, .nan]] {
      #expect(word(id, [run(0, final: final, slopes: slopes)]) == "not reproduced")
    }
  }

  @Test("the slopes must lie within 0.1 for all three methods, over at least five seeds")
  func conditionNumber() {
    let id = "gd.condition-number"
    func runs(_ slopes: [[Double]]) -> [CollectedRun] { slopes.enumerated().map { run($0, slopes: $1) } }
    #expect(word(id, runs([[Double]](repeating: slopes, count: 5))) == "reproduced")
    #expect(word(id, runs([[Double]](repeating: slopes, count: 4))) == "inconclusive")
    #expect(word(id, runs([[Double]](repeating: [1, 0.65, 0.5], count: 5))) == "not reproduced")
    #expect(word(id, runs((0..<5).map { [1, 0.56 + 0.02 * Double($0), 0.5] })) == "inconclusive")
    #expect(word(id, runs([[1, .nan, 0.5]] + [[Double]](repeating: slopes, count: 5))) == "inconclusive")
  }

  @Test("profile smoke runs from its configuration to its file")
  func smoke() throws {
    try checkSmoke(GradientDescentExperiment.self) { file in
      let violations: [Int] = try file.variable("measurements/descent/violations").elements()
      #expect(violations == [0, 0, 0, 0, 0, 0])
      let iterations = try file.variable("measurements/conditioning/iterations")
      #expect(iterations.dimensions == ["method", "kappa"])
    }
  }

  @Test("each finding has its sweep in every profile, with seeds enough")
  func profiles() throws { try checkProfiles(GradientDescentExperiment.self) }
}
