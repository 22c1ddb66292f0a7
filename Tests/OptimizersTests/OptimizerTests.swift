import Foundation
import Optimizers
import Tensors
import Testing

private let recipes: [OptimizerRecipe] = [
  .gradientDescent(weightDecay: .decoupled(0.1)), .momentum(0.9, weightDecay: .coupled(0.01)),
  .momentum(0.7, isNesterov: true), .adam(), .adamW(),
]

/// Codes an optimizer of any kind and back.
private func recoded<O: Optimizer>(_ optimizer: O) throws -> any Optimizer<O.Element> {
  try JSONDecoder().decode(O.self, from: JSONEncoder().encode(optimizer))
}

@Suite("Optimizers")
struct OptimizerTests {
  /// A rough gradient of no particular function, the same for every caller.
  private func slope(_ point: [Float], _ step: Int) -> [Float] {
    point.indices.map { point[$0] * Float($0 % 5 + 1) / 3 + Float((step * 7 + $0) % 11) / 10 - 0.5 }
  }

  private func run(_ optimizer: inout any Optimizer<Float>, _ point: inout [Float], _ steps: Range<Int>) {
    for step in steps { optimizer.step(parameters: &point, gradient: slope(point, step), learningRate: 0.05) }
  }

  @Test("an encoded and decoded optimizer goes on bit for bit", arguments: recipes)
  func codable(recipe: OptimizerRecipe) throws {
    var point = (0..<37).map { Float($0) / 7 }
    var optimizer = recipe.make(dimension: 37, as: Float.self)
    run(&optimizer, &point, 0..<13)
    var other = try recoded(optimizer)
    var otherPoint = point
    run(&optimizer, &point, 13..<40)
    run(&other, &otherPoint, 13..<40)
    #expect(point == otherPoint)
    #expect(optimizer.state == other.state)
  }

  @Test("a fresh optimizer with a restored state goes on bit for bit", arguments: recipes)
  func restore(recipe: OptimizerRecipe) throws {
    var point = (0..<37).map { Float($0) / 7 }
    var optimizer = recipe.make(dimension: 37, as: Float.self)
    run(&optimizer, &point, 0..<13)
    var other = recipe.make(dimension: 37, as: Float.self)
    try other.restore(optimizer.state)
    var otherPoint = point
    run(&optimizer, &point, 13..<40)
    run(&other, &otherPoint, 13..<40)
    #expect(point == otherPoint)
  }

  @Test("a state of another kind, of another size or with a negative count is refused")
  func refusal() {
    var adam = Adam<Double>(dimension: 3)
    let momentum = MomentumSGD<Double>(dimension: 3)
    #expect(
      throws: OptimizerStateError.method(expected: "adam", found: "momentum")
    ) { try adam.restore(momentum.state) }
    #expect(throws: OptimizerStateError.length(name: "velocity", expected: 2, found: 3)) {
      var small = MomentumSGD<Double>(dimension: 2)
      try small.restore(momentum.state)
    }
    var state = adam.state
    state.integers["count"] = -1
    #expect(throws: OptimizerStateError.negative(name: "count", found: -1)) { try adam.restore(state) }
  }

  @Test("recipes code and decode")
  func recipeCodable() throws {
    #expect(try JSONDecoder().decode([OptimizerRecipe].self, from: JSONEncoder().encode(recipes)) == recipes)
  }

  @Test("a copy is another optimizer")
  func copies() {
    var first = MomentumSGD<Double>(dimension: 1, momentum: 0.5)
    var point = [0.0]
    first.step(parameters: &point, gradient: [1], learningRate: 1)
    var second = first
    second.step(parameters: &point, gradient: [1], learningRate: 1)
    #expect(first.state.tensors["velocity"] == [1])
    #expect(second.state.tensors["velocity"] == [1.5])
    #expect(point == [-2.5])
  }

  @Test("decoupled decay scales the parameters beside the step, which coupled decay goes through")
  func decay() {
    var point = [2.0]
    var decoupled = MomentumSGD<Double>(dimension: 1, momentum: 0.5, weightDecay: .decoupled(0.1))
    decoupled.step(parameters: &point, gradient: [3], learningRate: 0.5)
    #expect(point == [0.95 * 2 - 1.5])
    #expect(decoupled.state.tensors["velocity"] == [3])
    point = [2.0]
    var coupled = MomentumSGD<Double>(dimension: 1, momentum: 0.5, weightDecay: .coupled(0.1))
    coupled.step(parameters: &point, gradient: [3], learningRate: 0.5)
    #expect(point == [2 - 0.5 * 3.2])
    #expect(coupled.state.tensors["velocity"] == [3.2])
  }

  @Test("clipping leaves short gradients alone, scales long ones, and does not hide infinity")
  func clipping() {
    var gradient = [3.0, -4.0]
    GradientClipping.globalNorm(5).apply(to: &gradient)
    #expect(gradient == [3, -4])
    GradientClipping.globalNorm(2.5).apply(to: &gradient)
    #expect(gradient == [1.5, -2])
    GradientClipping.value(1.75).apply(to: &gradient)
    #expect(gradient == [1.5, -1.75])
    var infinite = [1, Double.infinity]
    GradientClipping.globalNorm(1).apply(to: &infinite)
    #expect(infinite == [1, .infinity])
    var undefined = [Double.nan, 9]
    GradientClipping.value(1).apply(to: &undefined)
    #expect(undefined[0].isNaN && undefined[1] == 1)
  }
}

@Suite("Gradient descent's theory")
struct DescentTheoryTests {
  /// A quadratic sum_i l_i x_i^2 / 2 with curvatures from 0.01 to 8 = L.
  private let curvature = [0.01, 0.3, 1, 5, 8]
  private func value(_ x: [Double]) -> Double { zip(curvature, x).reduce(0) { $0 + $1.0 * $1.1 * $1.1 / 2 } }
  private func gradient(_ x: [Double]) -> [Double] { zip(curvature, x).map { $0 * $1 } }

  @Test("with step 1/L each step lowers a quadratic by at least ||g||^2 / 2L")
  func descentLemma() {
    var method = GradientDescent<Double>(dimension: 5)
    var point = [1.0, -1, 2, 0.5, -3]
    for _ in 0..<500 {
      let before = value(point)
      let slope = gradient(point)
      method.step(parameters: &point, gradient: slope, learningRate: 1 / 8)
      let promised = slope.dot(slope) / 16
      #expect(value(point) <= before - promised * (1 - 1e-12))
    }
  }

  @Test("below 2/L it converges, above 2/L it diverges", arguments: [(1.99, true), (2.01, false)])
  func threshold(multiple: Double, converges: Bool) {
    var method = GradientDescent<Double>(dimension: 5)
    var point = [1.0, -1, 2, 0.5, -3]
    let before = value(point)
    for _ in 0..<2_000 { method.step(parameters: &point, gradient: gradient(point), learningRate: multiple / 8) }
    #expect(converges ? value(point) < before / 100 : value(point) > 1e6 * before)
  }

  @Test("with a constant gradient, momentum's velocity tends to g / (1 - mu)")
  func effectiveStep() {
    var method = MomentumSGD<Double>(dimension: 1, momentum: 0.9)
    var point = [0.0]
    for step in 1...300 {
      method.step(parameters: &point, gradient: [2], learningRate: 0.1)
      let expected = 2 * (1 - Foundation.pow(0.9, Double(step))) / 0.1
      #expect(abs(method.state.tensors["velocity"]![0] - expected) < 1e-12 * expected)
    }
  }
}

@Suite("Schedules")
struct ScheduleTests {
  @Test("they keep their last rate after their end and need no length")
  func ends() {
    #expect(Schedule.linear(from: 1, to: 0.25, steps: 3).learningRate(at: 100) == 0.25)
    #expect(Schedule.cosine(from: 1, to: 0.25, steps: 4).learningRate(at: 2) == 0.625)
    #expect(Schedule.cosine(from: 1, to: 0.25, steps: 4).learningRate(at: 9) == 0.25)
    #expect(Schedule.linear(from: 1, to: 0.25, steps: 0).learningRate(at: 0) == 0.25)
    #expect(Schedule.constant(0.5).warmedUp(over: 4).learningRate(at: 1) == 0.125)
    #expect(Schedule.constant(0.5).warmedUp(over: 0).learningRate(at: 0) == 0.5)
  }

  @Test("a nested schedule codes and decodes")
  func codable() throws {
    let schedule = Schedule.step(from: 1, factor: 0.5, every: 3).warmedUp(over: 2)
      .followed(after: 9, by: .milestones(from: 0.1, factor: 0.1, at: [4]))
    #expect(try JSONDecoder().decode(Schedule.self, from: JSONEncoder().encode(schedule)) == schedule)
  }
}
