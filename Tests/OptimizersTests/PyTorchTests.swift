import Optimizers
import Tensors
import Testing

private struct Fixture: Decodable {
  let trajectories: [String: [[Double]]]
  let descents: [String: [[Double]]]
  let rates: [String: [Double]]
}

private struct Method: Sendable, CustomTestStringConvertible {
  let name: String
  let recipe: OptimizerRecipe
  var clipping = GradientClipping.none
  var rate = 0.1
  var testDescription: String { name }

  init(_ name: String, _ recipe: OptimizerRecipe, clipping: GradientClipping = .none, rate: Double = 0.1) {
    self.name = name
    self.recipe = recipe
    self.clipping = clipping
    self.rate = rate
  }
}

private let methods = [
  Method("gradientDescent", .gradientDescent()),
  Method("gradientDescent, L2", .gradientDescent(weightDecay: .coupled(0.05))),
  Method("momentum", .momentum(0.9)),
  Method("momentum, L2", .momentum(0.9, weightDecay: .coupled(0.05))),
  Method("nesterov", .momentum(0.8, isNesterov: true)),
  Method("nesterov, L2", .momentum(0.8, isNesterov: true, weightDecay: .coupled(0.05))),
  Method("adam", .adam()),
  Method("adam, L2", .adam(beta1: 0.8, beta2: 0.99, epsilon: 1e-4, weightDecay: .coupled(0.05))),
  Method("adamW", .adamW(decay: 0.05)),
  Method("adagrad", .adaGrad()),
  Method("adagrad, L2", .adaGrad(epsilon: 1e-3, initialSum: 0.3, weightDecay: .coupled(0.05))),
  Method("rmsprop", .rmsProp()),
  Method("rmsprop, centered", .rmsProp(decay: 0.9, epsilon: 1e-3, isCentered: true)),
  Method("rmsprop, momentum", .rmsProp(decay: 0.9, momentum: 0.7, weightDecay: .coupled(0.05))),
  Method(
    "rmsprop, all",
    .rmsProp(decay: 0.9, epsilon: 1e-3, momentum: 0.7, isCentered: true, weightDecay: .coupled(0.05))),
  Method("adadelta", .adaDelta()),
  Method("adadelta, L2", .adaDelta(decay: 0.8, epsilon: 1e-3, weightDecay: .coupled(0.05))),
  Method("amsgrad", .adam(beta1: 0.8, beta2: 0.6, isAMSGrad: true)),
  Method("amsgradW", .adam(beta1: 0.8, beta2: 0.6, isAMSGrad: true, weightDecay: .decoupled(0.05))),
  Method("nadam", .nAdam()),
  Method(
    "nadam, L2",
    .nAdam(beta1: 0.8, beta2: 0.99, epsilon: 1e-4, momentumDecay: 0.02, weightDecay: .coupled(0.05))),
  Method("nadamW", .nAdam(weightDecay: .decoupled(0.05))),
  Method("momentum, norm clipped", .momentum(0.9), clipping: .globalNorm(1.5)),
  Method("momentum, value clipped", .momentum(0.9), clipping: .value(0.7)),
]

/// The points that a method comes to on the bumpy function.
private func points<S: Scalar>(
  _ recipe: DescentRecipe, _ count: Int, clipping: GradientClipping = .none, rate: Double = 0.1,
  as type: S.Type = S.self
) -> [(point: [S], evaluated: [S])] {
  var method = recipe.make(dimension: 5, as: S.self)
  let oracle = StepOracle<S>(Bumpy<S>(), clipping: clipping)
  var point = Bumpy<S>.start
  return (0..<count).map { _ in
    oracle.move(to: point)
    method.step(parameters: &point, on: oracle, learningRate: rate)
    return (point, method.evaluationParameters(point))
  }
}

@Suite("Against PyTorch")
struct PyTorchTests {
  @Test("25 steps are PyTorch's in Float64", arguments: methods)
  private func trajectory(method: Method) throws {
    let expected = try #require(try fixture("pytorch", as: Fixture.self).trajectories[method.name])
    #expect(expected.count == 25)
    let found = points(.optimizer(method.recipe), 25, clipping: method.clipping, as: Double.self)
    for (step, (value, wanted)) in zip(found, expected).enumerated() {
      expectClose(value.point, wanted, 1e-12, "step \(step)")
    }
  }

  @Test("every recorded trajectory is compared")
  func complete() throws {
    let recorded = try fixture("pytorch", as: Fixture.self)
    #expect(recorded.trajectories.keys.sorted() == methods.map(\.name).sorted())
  }

  @Test("Float32 follows Float64 to its own precision", arguments: methods)
  private func singlePrecision(method: Method) throws {
    let expected = try #require(try fixture("pytorch", as: Fixture.self).trajectories[method.name])
    let found = points(.optimizer(method.recipe), 25, clipping: method.clipping, as: Float.self)
    // AdaGrad and RMSProp begin with g / |g|, which is sensitive where a gradient changes its sign.
    for (value, wanted) in zip(found, expected) { expectClose(value.point, wanted.map { Float($0) }, 1e-4) }
  }

  @Test(
    "L-BFGS and averages are PyTorch's",
    arguments: [
      ("l-bfgs, strong Wolfe", .lBFGS(history: 3), 1),
      ("l-bfgs, short first trials", .lBFGS(), 0.1),
      ("l-bfgs, fixed", .lBFGS(search: .none), 0.5),
      ("swa", .averaged(.optimizer(.momentum(0.9)), .arithmetic(start: 1, every: 1)), 0.1),
      ("ema", .averaged(.optimizer(.momentum(0.9)), .exponential(decay: 0.8)), 0.1),
    ] as [(String, DescentRecipe, Double)])
  func descents(name: String, recipe: DescentRecipe, rate: Double) throws {
    let expected = try #require(try fixture("pytorch", as: Fixture.self).descents[name])
    let found = points(recipe, expected.count, rate: rate, as: Double.self)
    for (step, (value, wanted)) in zip(found, expected).enumerated() {
      // Rounding grows along a line search.
      expectClose(value.evaluated, wanted, name.hasPrefix("l-bfgs") ? 1e-8 : 1e-13, "step \(step)")
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
      ("exponential", .exponential(from: 0.3, factor: 0.93)),
      ("inverseTime", .inverseTime(from: 0.3, decay: 0.2)),
      ("polynomial", .polynomial(from: 0.3, to: 0, power: 2.5, steps: 30)),
      ("cosineRestarts", .cosineRestarts(from: 0.3, to: 0.02, period: 7, growth: 1)),
      ("cosineRestarts, growing", .cosineRestarts(from: 0.3, to: 0, period: 5, growth: 2)),
      ("triangular", .triangular(low: 0.1, high: 0.5, rise: 4, fall: 7, shrink: 1)),
      ("triangular, halved", .triangular(low: 0.1, high: 0.5, rise: 6, fall: 6, shrink: 0.5)),
      ("oneCycle", .oneCycle(peak: 0.4, startShare: 0.05, endShare: 0.001, riseShare: 0.25, steps: 41)),
      (
        "product",
        Schedule.constant(1).warmedUp(over: 9, startFactor: 0.1).times(.exponential(from: 0.3, factor: 0.9))
      ),
      (
        "sequence",
        Schedule.constant(0.3).warmedUp(over: 8, startFactor: 0.25)
          .followed(after: 8, by: .cosine(from: 0.3, to: 0, steps: 32))
      ),
    ] as [(String, Schedule)])
  func schedules(name: String, schedule: Schedule) throws {
    let expected = try #require(try fixture("pytorch", as: Fixture.self).rates[name])
    #expect(expected.count == 40)
    for (step, wanted) in expected.enumerated() {
      #expect(abs(schedule.learningRate(at: step) - wanted) < 1e-14, "step \(step)")
    }
  }
}
