import AnalyticObjectives
import Differentiation
import Surfaces
import Tensors
import Testing

@Suite("Curves as objectives")
struct CurveObjectiveTests {
  /// Gradient and Hessian against central differences of fourth order.
  private func check(_ objective: any Objective<Double>, at bends: [Double]) {
    let direction: [Double] = randoms(bends.count, "direction")
    let step = 1e-3
    func moved(_ steps: Double) -> [Double] { zip(bends, direction).map { $0 + steps * step * $1 } }
    let values = [-2.0, -1, 1, 2].map { objective.value(at: moved($0)) }
    let slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * step)
    var gradient = [Double](repeating: .nan, count: bends.count)
    let value = objective.gradient(at: bends, into: &gradient)
    #expect(abs(value - objective.value(at: bends)) < 1e-13 * max(1, abs(value)))
    #expect(abs(gradient.dot(direction) - slope) < 1e-8 * max(1, abs(slope)))
    let slopes = [-2.0, -1, 1, 2].map { objective.gradient(at: moved($0)) }
    let expected = bends.indices.map {
      (slopes[0][$0] - 8 * slopes[1][$0] + 8 * slopes[2][$0] - slopes[3][$0]) / (12 * step)
    }
    let product = objective.hessian(at: bends)(direction)
    #expect(distance(product, expected) < 1e-8 * max(1, product.norm))
  }

  @Test("gradient and Hessian are the slopes of value and gradient, for curves and chains")
  func derivatives() {
    let base = Rosenbrock<Double>(dimension: 3, steepness: 2)
    let curve = BezierCurve<Double>(from: randoms(3, "a"), to: randoms(3, "b"))
    check(CurveObjective(base, along: curve), at: randoms(3, "bends"))
    check(CurveObjective(base, along: curve, times: [0.2, 0.9]), at: randoms(3, "bends"))
    let chain = PolygonalChain<Double>(from: randoms(3, "a"), to: randoms(3, "b"), bendCount: 4)
    check(CurveObjective(base, along: chain, pointsPerPiece: 3), at: randoms(12, "bends"))
  }

  @Test("the quadrature is the integral over t")
  func quadrature() {
    // Along the fresh curve x = 2 t - 1: the integral of (x^2 - 1)^2 / 2 over -1 ... 1 is 8/15.
    let curve = CurveObjective(CircularValley<Double>(), along: BezierCurve(from: [-1, 0], to: [1, 0]))
    #expect(abs(curve.value(at: [0, 0]) - 8.0 / 15) < 1e-14)
    let chain = CurveObjective(
      CircularValley<Double>(), along: PolygonalChain(from: [-1, 0], to: [1, 0], bendCount: 3), pointsPerPiece: 4)
    #expect(abs(chain.value(at: chain.path.bends) - 8.0 / 15) < 1e-14)
    #expect(abs(chain.timeWeights.reduce(0, +) - 1) < 1e-14 && chain.times.allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test("gradients at random times average to the whole gradient, and repeat under their key")
  func stochastic() {
    let curve = CurveObjective(CircularValley<Double>(), along: BezierCurve(from: [-1, 0], to: [1, 0]))
    let bends = [0.2, 1.3]
    var sum = [0.0, 0]
    var value = 0.0
    var part = [0.0, 0]
    let trials = 20_000
    for trial in 0..<trials {
      value += curve.gradient(at: bends, key: Key(seed: 1).child(trial), into: &part)
      sum.add(1, times: part)
    }
    sum.scale(by: 1 / Double(trials))
    #expect(distance(sum, curve.gradient(at: bends)) < 0.02)
    #expect(abs(value / Double(trials) - curve.value(at: bends)) < 0.01)
    var again = [0.0, 0]
    curve.gradient(at: bends, key: Key(seed: 1).child(trials - 1), into: &again)
    #expect(again == part)
    curve.gradient(at: bends, key: Key(seed: 1).child(5), count: 4, into: &again)
    #expect(again != part)
  }

  @Test("a minibatch is taken at the times its indices draw, and the whole sum by quadrature")
  func finiteSum() {
    let terms = RegularizedLogistic<Double>(examples: 10, dimension: 3, ridge: 0.1, key: Key(seed: 2))
    let path = PolygonalChain<Double>(from: randoms(3, "a"), to: randoms(3, "b"), bendCount: 2)
    let sum = CurveFiniteSum(terms, along: path, key: Key(seed: 3), timesPerBatch: 2)
    #expect(sum.exampleCount == 10 && sum.dimension == 6)
    check(sum, at: randoms(6, "bends"))
    let bends: [Double] = randoms(6, "bends")
    let batch = [3, 1, 4, 9][...]
    let times = sum.times(examples: batch)
    #expect(times.count == 2 && times == sum.times(examples: batch) && times != sum.times(examples: [1, 3, 4, 9]))
    var own = [Double](repeating: .nan, count: 6)
    let value = sum.gradient(at: bends, examples: batch, into: &own)
    var moved = path
    moved.bends = bends
    var expected = [Double](repeating: 0, count: 6)
    var expectedValue = 0.0
    for time in times {
      var slope = [0.0, 0, 0]
      expectedValue += terms.gradient(at: moved.point(at: time), examples: batch, into: &slope) / 2
      moved.addPullback(of: slope, at: time, times: 0.5, to: &expected)
    }
    #expect(distance(own, expected) < 1e-15 && abs(value - expectedValue) < 1e-15)
  }

  @Test("minibatch gradients over shuffled epochs average to the whole gradient")
  func unbiased() {
    let terms = RegularizedLogistic<Double>(examples: 8, dimension: 2, ridge: 0.1, key: Key(seed: 4))
    let path = BezierCurve<Double>(from: [2, 0], to: [0, -2])
    let sum = CurveFiniteSum(terms, along: path, key: Key(seed: 5))
    var generator = Key(seed: 6).generator()
    var mean = [0.0, 0]
    let epochs = 3000
    for _ in 0..<epochs {
      let order = generator.permutation(8)
      for start in [0, 4] {
        var part = [0.0, 0]
        sum.gradient(at: [1, 1], examples: order[start..<start + 4], into: &part)
        mean.add(1 / Double(2 * epochs), times: part)
      }
    }
    #expect(distance(mean, sum.gradient(at: [1, 1])) < 0.01)
  }

  /// Plain gradient descent with a small step.
  private func train(_ objective: any Objective<Double>, from bends: [Double], step: Double, steps: Int) -> [Double] {
    var bends = bends
    var gradient = bends
    for _ in 0..<steps {
      objective.gradient(at: bends, into: &gradient)
      bends.add(-step, times: gradient)
    }
    return bends
  }

  @Test("the valley's barrier is 1 on the line and 4/81 on the best curve, whose bend is at sqrt(9/2)")
  func trainedCurve() {
    // With s = 2 t - 1, u = 1 - s^2 and the bend (0, b), c = b^2 / 4: f = u^2 (1 - c u)^2. Its mean over t is
    // 8/15 - 2 c 16/35 + c^2 128/315, least at c = 9/8 with the value 2/105. Along it u^2 (1 - 9 u / 8)^2 is largest at
    // u = 4/9, where it is 4/81.
    let valley = CircularValley<Double>()
    let line = PathProfile(of: valley, along: StraightLine(from: [-1, 0], to: [1, 0]), count: 101)
    #expect(line.barrier == 1 && line.maximum == 1 && line.times[50] == 0.5)
    let curve = CurveObjective(valley, along: BezierCurve(from: [-1, 0], to: [1, 0]))
    let bends = train(curve, from: [0.3, 0.2], step: 0.2, steps: 2000)
    #expect(abs(bends[0]) < 1e-9 && abs(bends[1] - 4.5.squareRoot()) < 1e-9)
    #expect(abs(curve.value(at: bends) - 2.0 / 105) < 1e-14)
    let profile = PathProfile(of: valley, along: curve.path(bends: bends), count: 100_001)
    #expect(abs(profile.barrier - 4.0 / 81) < 1e-9)
    #expect(abs(profile.mean - 2.0 / 105) < 1e-9)
  }

  @Test("the valley's barrier on a trained chain falls towards 0 with the number of bends")
  func trainedChains() {
    let valley = CircularValley<Double>()
    let barriers = [1, 3, 7, 15].map { count in
      let chain = PolygonalChain<Double>(from: [-1, 0], to: [1, 0], bendCount: count)
      let objective = CurveObjective(valley, along: chain, pointsPerPiece: 6)
      var start = chain.bends
      for bend in 0..<count { start[2 * bend + 1] = 0.3 }
      let bends = train(objective, from: start, step: 0.05 * Double(count + 1), steps: 3000)
      return PathProfile(of: valley, along: objective.path(bends: bends), count: 2001).barrier
    }
    #expect(barriers[0] < 0.5 && barriers[1] < 0.05 && barriers[2] < 0.005 && barriers[3] < 0.0005)
  }
}
