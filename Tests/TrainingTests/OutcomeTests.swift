import AnalyticObjectives
import Datasets
import Differentiation
import Optimizers
import Tensors
import Testing
import Training

@Suite("The end of training")
struct OutcomeTests {
  private let quadratic = Quadratic<Double>(spectrum: [4, 1, 0.25])

  private func plan(
    _ steps: Int, rate: Double = 0.25, stopping: StoppingCriteria = StoppingCriteria()
  ) -> TrainingPlan {
    TrainingPlan(steps: steps, schedule: .constant(rate), stopping: stopping)
  }

  private func state(_ point: [Double]) -> TrainingState<Double> {
    TrainingState(parameters: point, recipe: .gradientDescent())
  }

  @Test("training that ends far above its start has diverged, wherever it has been on the way")
  func finalDivergence() throws {
    // Gradient descent in a direction of curvature 4 with rate 0.6 multiplies the loss by 1.96 a step.
    let simple = Quadratic<Double>(spectrum: [4])
    func outcome(_ steps: Int, _ stopping: StoppingCriteria) throws -> TrainingOutcome {
      var steep = state([0.5])
      return try train(&steep, on: simple, plan: plan(steps, rate: 0.6, stopping: stopping))
    }
    #expect(try outcome(3, StoppingCriteria()) == .completed)
    #expect(try outcome(4, StoppingCriteria()) == .diverged(step: 4))
    #expect(try outcome(4, StoppingCriteria(finalFactor: nil)) == .completed)
    // The first loss is 0.5; with a scale of 1 the bound is 10 instead of 5.
    #expect(try outcome(4, StoppingCriteria(lossScale: 1)) == .completed)
    #expect(try outcome(5, StoppingCriteria(lossScale: 1)) == .diverged(step: 5))
    // However long it goes on, named is the step that went too far.
    #expect(try outcome(9, StoppingCriteria()) == .diverged(step: 4))
    // A rate that falls makes up for it.
    var slowed = state([0.5])
    let falling = TrainingPlan(steps: 40, schedule: .milestones(from: 0.6, factor: 0.5, at: [10]))
    #expect(try train(&slowed, on: simple, plan: falling) == .completed)
    #expect(slowed.parameters[0].magnitude < 1e-6)
  }

  @Test("a batch with a high loss is no divergence unless the whole objective's is high")
  func batchDivergence() throws {
    // Two terms: 0.01 and 100 at the end; the rate is next to nothing.
    struct Uneven: FiniteSumObjective {
      let dimension = 1
      let exampleCount = 2
      let late: Double
      func value(at point: [Double]) -> Double { late }
      func gradient(at point: [Double], into gradient: inout [Double]) -> Double { late }
      func gradient(at point: [Double], examples: ArraySlice<Int>, into gradient: inout [Double]) -> Double {
        gradient[0] = -1
        return point[0] == 0 ? 1 : 100
      }
      func hessian(at point: [Double]) -> any LinearOperator<Double> { preconditionFailure("no test asks for it") }
      func hessian(at point: [Double], examples: ArraySlice<Int>) -> any LinearOperator<Double> { hessian(at: point) }
    }
    for (late, expected) in [(9.0, TrainingOutcome.completed), (11, .diverged(step: 1)), (.nan, .diverged(step: 1))] {
      var uneven = state([0])
      uneven.sampler = BatchSampler(exampleCount: 2, batchSize: 1, key: Key(seed: 1))
      #expect(try train(&uneven, on: Uneven(late: late), plan: plan(3)) == expected)
    }
  }

  @Test("probes see the average that would be evaluated beside the parameters, and the state ends with it")
  func averages() throws {
    let recipe = DescentRecipe.averaged(.optimizer(.gradientDescent()), .arithmetic(start: 1, every: 1))
    var averaged = TrainingState<Double>(parameters: [1, 1, 1], recipe: recipe)
    var seen: [Double] = []
    let probe = Probe<Double>([TrajectoryColumn("third", longName: "")], at: .every(1)) { point in
      seen.append(point.parameters[2])
      return [point.evaluationParameters[2]]
    }
    try train(&averaged, on: quadratic, plan: plan(4), probes: [probe])
    for (average, count) in zip(try #require(averaged.trajectory["third"]).dropFirst(), 1...4) {
      #expect(abs(average - seen[1...count].reduce(0, +) / Double(count)) < 1e-15)
    }
    #expect(averaged.evaluationParameters[2] == averaged.trajectory["third"]?.last)
    #expect(averaged.parameters[2] == seen.last)
  }

  @Test("parameters learn at rates of their own", arguments: [OptimizerRecipe.gradientDescent(), .adam()])
  func ownRates(recipe: OptimizerRecipe) throws {
    let separate = Quadratic<Double>(spectrum: [1, 1])
    var both = TrainingState<Double>(parameters: [1, 1], recipe: .optimizer(recipe), learningRateFactors: [1, 0.1])
    try train(&both, on: separate, plan: plan(5, rate: 0.2))
    var slow = TrainingState<Double>(parameters: [1, 1], recipe: recipe)
    try train(&slow, on: separate, plan: plan(5, rate: 0.02))
    #expect(abs(both.parameters[1] - slow.parameters[1]) < 1e-15)
    #expect(both.parameters[0] < both.parameters[1] - 0.1)
  }
}
