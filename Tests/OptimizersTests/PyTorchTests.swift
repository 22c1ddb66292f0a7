import Foundation
import Optimizers
import Tensors
import Testing

/// f(x) = sum_i c_i (x_i - t_i)^2 / 2 + cos(x_0 x_4), as in Fixtures/pytorch.py.
private func gradient(_ x: [Double]) -> [Double] {
  let curvature = [1, 4, 0.5, 2, 0.1]
  let target = [0.3, 0, -1, 2.5, 1]
  var gradient = x.indices.map { curvature[$0] * (x[$0] - target[$0]) }
  gradient[0] -= sin(x[0] * x[4]) * x[4]
  gradient[4] -= sin(x[0] * x[4]) * x[0]
  return gradient
}

private let start = [1.0, -2.0, 0.5, 3.0, -0.25]

private struct Fixture: Decodable {
  let trajectories: [String: [[Double]]]
  let rates: [String: [Double]]

  static func load() throws -> Fixture {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/pytorch", withExtension: "json"))
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }
}

private struct Method: Sendable, CustomTestStringConvertible {
  let name: String
  let recipe: OptimizerRecipe
  var clipping = GradientClipping.none
  var testDescription: String { name }
}

private let methods = [
  Method(name: "gradientDescent", recipe: .gradientDescent()),
  Method(name: "gradientDescent, L2", recipe: .gradientDescent(weightDecay: .coupled(0.05))),
  Method(name: "momentum", recipe: .momentum(0.9)),
  Method(name: "momentum, L2", recipe: .momentum(0.9, weightDecay: .coupled(0.05))),
  Method(name: "nesterov", recipe: .momentum(0.8, isNesterov: true)),
  Method(name: "nesterov, L2", recipe: .momentum(0.8, isNesterov: true, weightDecay: .coupled(0.05))),
  Method(name: "adam", recipe: .adam()),
  Method(name: "adam, L2", recipe: .adam(beta1: 0.8, beta2: 0.99, epsilon: 1e-4, weightDecay: .coupled(0.05))),
  Method(name: "adamW", recipe: .adamW(decay: 0.05)),
  Method(name: "momentum, norm clipped", recipe: .momentum(0.9), clipping: .globalNorm(1.5)),
  Method(name: "momentum, value clipped", recipe: .momentum(0.9), clipping: .value(0.7)),
]

@Suite("Against PyTorch")
struct PyTorchTests {
  @Test("25 steps are PyTorch's in Float64", arguments: methods)
  private func trajectory(method: Method) throws {
    let expected = try #require(try Fixture.load().trajectories[method.name])
    #expect(expected.count == 25)
    var optimizer = method.recipe.make(dimension: start.count, as: Double.self)
    var point = start
    for (step, wanted) in expected.enumerated() {
      var slope = gradient(point)
      method.clipping.apply(to: &slope)
      optimizer.step(parameters: &point, gradient: slope, learningRate: 0.1)
      for (value, other) in zip(point, wanted) {
        #expect(abs(value - other) <= 1e-12 * max(1, abs(other)), "step \(step): \(point) against \(wanted)")
      }
    }
  }

  @Test("Float32 follows Float64 to its own precision", arguments: methods)
  private func singlePrecision(method: Method) throws {
    let expected = try #require(try Fixture.load().trajectories[method.name])
    var optimizer = method.recipe.make(dimension: start.count, as: Float.self)
    var point = start.map { Float($0) }
    for wanted in expected {
      var slope = gradient(point.map { Double($0) }).map { Float($0) }
      method.clipping.apply(to: &slope)
      optimizer.step(parameters: &point, gradient: slope, learningRate: 0.1)
      for (value, other) in zip(point, wanted) { #expect(abs(Double(value) - other) < 2e-5) }
    }
  }

  @Test(
    "schedules are PyTorch's",
    arguments: [
      ("step", .step(from: 0.3, factor: 0.5, every: 7)),
      ("milestones", .milestones(from: 0.3, factor: 0.1, at: [5, 20])),
      ("cosine", .cosine(from: 0.3, to: 0.01, steps: 40)),
      ("linear", .linear(from: 0.3, to: 0.03, steps: 30)),
      ("warmUp", Schedule.constant(0.3).warmedUp(over: 9, startFactor: 0.1)),
      (
        "sequence",
        Schedule.constant(0.3).warmedUp(over: 8, startFactor: 0.25)
          .followed(after: 8, by: .cosine(from: 0.3, to: 0, steps: 32))
      ),
    ] as [(String, Schedule)])
  func schedules(name: String, schedule: Schedule) throws {
    let expected = try #require(try Fixture.load().rates[name])
    #expect(expected.count == 40)
    for (step, wanted) in expected.enumerated() {
      #expect(abs(schedule.learningRate(at: step) - wanted) < 1e-14, "step \(step)")
    }
  }
}
