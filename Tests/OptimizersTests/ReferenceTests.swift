import Optimizers
import Tensors
import Testing

private let blocks = [0..<2, 2..<5]

private func entropy() -> EntropyConstants {
  var constants = EntropyConstants()
  constants.innerSteps = 5
  constants.innerRate = 0.2
  constants.gamma = 0.5
  constants.scoping = 0.01
  constants.noise = 0
  return constants
}

private func exactHessianFree() -> HessianFreeConstants {
  var constants = HessianFreeConstants()
  constants.progress = 0
  constants.iterations = 30
  return constants
}

private struct Case: Sendable, CustomTestStringConvertible {
  let name: String
  let recipe: DescentRecipe
  var rate: @Sendable (Int) -> Double = { _ in 0.1 }
  var tolerance = 1e-12
  var testDescription: String { name }
}

private let cases = [
  Case(name: "heavy-ball", recipe: .optimizer(.heavyBall(0.9)), rate: { 0.1 / Double($0) }),
  Case(name: "accelerated-gradient", recipe: .optimizer(.acceleratedGradient())),
  Case(name: "lars", recipe: .optimizer(.lars(momentum: 0.8, trust: 0.2, weightDecay: .coupled(0.05)))),
  Case(name: "lamb", recipe: .optimizer(.lamb(beta1: 0.8, beta2: 0.99, weightDecay: .decoupled(0.05)))),
  Case(name: "sam", recipe: .sharpnessAware(.momentum(0.9), radius: 0.3)),
  Case(name: "asam", recipe: .sharpnessAware(.momentum(0.9), radius: 0.3, stabilizer: 0.01)),
  Case(name: "svrg", recipe: .varianceReduced(.momentum(0.9), interval: 4)),
  Case(name: "entropy-sgd", recipe: .optimizer(.entropySGD(entropy())), rate: { _ in 1.5 }),
  Case(name: "gradient-flow", recipe: .gradientFlow, rate: { _ in 0.3 }),
  Case(name: "polyak", recipe: .polyak(target: -2), rate: { _ in 0.5 }),
  // The rate divides by differences of nearly equal gradients.
  Case(name: "barzilai-borwein, long", recipe: .barzilaiBorwein(), tolerance: 1e-8),
  Case(name: "barzilai-borwein, short", recipe: .barzilaiBorwein(isShort: true), tolerance: 1e-8),
  Case(name: "line-search", recipe: .lineSearch(.armijo(decrease: 0.3, shrink: 0.6)), rate: { _ in 1 }),
  Case(name: "newton", recipe: .newton(damping: 0.4), rate: { _ in 0.7 }),
  Case(name: "saddle-free-newton", recipe: .newton(damping: 0.4, isSaddleFree: true), rate: { _ in 0.7 }),
  Case(name: "hessian-free", recipe: .hessianFree(exactHessianFree()), rate: { _ in 1 }, tolerance: 1e-10),
]

@Suite("Against trajectories by hand")
struct ReferenceTests {
  @Test("each step is that of Fixtures/reference.py in Float64", arguments: cases)
  private func trajectory(example: Case) throws {
    let expected = try #require(try fixture("reference", as: [String: [[Double]]].self)[example.name])
    var method = example.recipe.make(dimension: 5, blocks: blocks, as: Double.self)
    let oracle = StepOracle<Double>(Bumpy<Double>())
    var point = Bumpy<Double>.start
    for (index, wanted) in expected.enumerated() {
      let step = index + 1
      oracle.move(to: point, examples: example.name == "svrg" ? [step % 5, 2 * step % 5] : nil)
      method.step(parameters: &point, on: oracle, learningRate: example.rate(step))
      // Entropy-SGD's record is of the exploring points.
      let evaluated = example.name == "entropy-sgd" ? point : method.evaluationParameters(point)
      expectClose(evaluated, wanted, example.tolerance, "step \(step)")
    }
  }

  @Test("every recorded trajectory is compared")
  func complete() throws {
    let recorded = try fixture("reference", as: [String: [[Double]]].self)
    #expect(recorded.keys.sorted() == cases.map(\.name).sorted())
  }
}
