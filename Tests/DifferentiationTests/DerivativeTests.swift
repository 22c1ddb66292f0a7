import Differentiation
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Evaluates a function of symbols at given arguments.
func evaluate<S: Scalar>(
  _ shapes: [Shape], _ arguments: [[S]], _ function: ([Symbol]) -> [Symbol]
) -> [[S]] {
  let graph = Graph()
  let inputs = shapes.enumerated().map { graph.input("x\($0)", shape: $1) }
  return Workspace(Plan<S>(outputs: function(inputs), inputs: inputs)).evaluate(arguments).map(\.elements)
}

func random(_ shapes: [Shape], _ key: Key) -> [[Double]] {
  var generator = key.generator()
  return shapes.map { generator.normals($0.count) }
}

func moved(_ x: [[Double]], along v: [[Double]], by step: Double) -> [[Double]] {
  zip(x, v).map { zip($0, $1).map { $0 + step * $1 } }
}

func inner(_ a: [[Double]], _ b: [[Double]]) -> Double { zip(a, b).map { $0.dot($1) }.reduce(0, +) }

func largestDifference(_ a: [[Double]], _ b: [[Double]]) -> Double {
  var largest = 0.0
  for (a, b) in zip(a, b) {
    if a.count != b.count { return .infinity }
    for (a, b) in zip(a, b) {
      let difference = abs(a - b)
      if !(difference <= largest) { largest = difference.isNaN ? .infinity : difference }
    }
  }
  return largest
}

/// The fourth-order central difference of `f` at 0: error O(h^4).
func centralDifference(_ f: (Double) -> [[Double]], step h: Double = 5e-4) -> [[Double]] {
  let (a, b, c, d) = (f(-2 * h), f(-h), f(h), f(2 * h))
  return a.indices.map { i in
    a[i].indices.map { (a[i][$0] - 8 * b[i][$0] + 8 * c[i][$0] - d[i][$0]) / (12 * h) }
  }
}

@Suite("Derivatives")
struct DerivativeTests {
  /// The sample with its fixed inputs filled in, as a function of the differentiable ones alone.
  struct Problem {
    let sample: Sample
    let x: [[Double]]
    let shapes: [Shape]
    let fixed: [[Double]]

    init(_ sample: Sample) {
      self.sample = sample
      let all = sample.arguments(Key(seed: 7).child(sample.name))
      x = sample.differentiable.map { all[$0] }
      shapes = sample.differentiable.map { sample.shapes[$0] }
      fixed = all
    }

    /// Runs `function(variables, result, extra)` with the variables at `x` and extra inputs at their values.
    func run(
      at x: [[Double]], extra: [(Shape, [Double])] = [], _ function: ([Symbol], Symbol, [Symbol]) -> [Symbol]
    ) -> [[Double]] {
      var arguments = fixed
      for (place, value) in zip(sample.differentiable, x) { arguments[place] = value }
      return evaluate(sample.shapes + extra.map(\.0), arguments + extra.map(\.1)) { symbols in
        let own = Array(symbols[0..<sample.shapes.count])
        return function(sample.differentiable.map { own[$0] }, sample.function(own), Array(symbols[own.count...]))
      }
    }

    var outputShape: Shape {
      let graph = Graph()
      return sample.function(sample.shapes.map { graph.input("x", shape: $0) }).shape
    }
  }

  @Test("jvp is the derivative: it agrees with finite differences", arguments: catalogue)
  func jvpAgainstFiniteDifferences(_ sample: Sample) {
    let problem = Problem(sample)
    let v = random(problem.shapes, Key(seed: 8))
    let extra = Array(zip(problem.shapes, v))
    let tangent = problem.run(at: problem.x, extra: extra) { x, y, v in
      y.graph.jvp(of: [y], along: Array(zip(x, v)).map { ($0, $1) })
    }
    let difference = centralDifference { step in
      problem.run(at: moved(problem.x, along: v, by: step)) { _, y, _ in [y] }
    }
    #expect(largestDifference(tangent, difference) < 1e-8)
  }

  @Test("vjp is the transpose of jvp: <u, Jv> = <J'u, v>", arguments: catalogue)
  func vjpIsTranspose(_ sample: Sample) {
    let problem = Problem(sample)
    let v = random(problem.shapes, Key(seed: 8))
    let u = random([problem.outputShape], Key(seed: 9))
    let forward = problem.run(at: problem.x, extra: Array(zip(problem.shapes, v))) { x, y, v in
      y.graph.jvp(of: [y], along: Array(zip(x, v)).map { ($0, $1) })
    }
    let backward = problem.run(at: problem.x, extra: [(problem.outputShape, u[0])]) { x, y, u in
      y.graph.vjp(of: [(y, u[0])], withRespectTo: x)
    }
    let (left, right) = (inner(u, forward), inner(backward, v))
    #expect(abs(left - right) <= 1e-11 * (1 + abs(left)))
  }

  /// A scalar with curvature in every output: sum of w (y + y^2 / 2).
  static func scalar(_ y: Symbol, _ weights: Symbol) -> Symbol { (weights * (y + 0.5 * y.square())).sum() }

  @Test("second derivatives agree with finite differences of the gradient", arguments: catalogue)
  func hessianAgainstFiniteDifferences(_ sample: Sample) {
    let problem = Problem(sample)
    let v = random(problem.shapes, Key(seed: 8))
    let w = random([problem.outputShape], Key(seed: 9))
    let weights = (problem.outputShape, w[0])
    let product = problem.run(at: problem.x, extra: [weights] + Array(zip(problem.shapes, v))) { x, y, extra in
      let gradient = y.graph.gradient(of: Self.scalar(y, extra[0]), withRespectTo: x)
      return y.graph.jvp(of: gradient, along: Array(zip(x, extra.dropFirst())).map { ($0, $1) })
    }
    let difference = centralDifference { step in
      problem.run(at: moved(problem.x, along: v, by: step), extra: [weights]) { x, y, extra in
        y.graph.gradient(of: Self.scalar(y, extra[0]), withRespectTo: x)
      }
    }
    let scale = 1 + (product.flatMap { $0 }.map(abs).max() ?? 0)
    #expect(largestDifference(product, difference) < 1e-8 * scale)
  }

  @Test("forward over reverse, reverse over reverse and symmetry agree", arguments: catalogue)
  func hessianByOtherRoutes(_ sample: Sample) {
    let problem = Problem(sample)
    let v = random(problem.shapes, Key(seed: 8))
    let u = random(problem.shapes, Key(seed: 10))
    let w = random([problem.outputShape], Key(seed: 9))
    func product(_ v: [[Double]], reverse: Bool) -> [[Double]] {
      problem.run(at: problem.x, extra: [(problem.outputShape, w[0])] + Array(zip(problem.shapes, v))) { x, y, extra in
        let graph = y.graph
        let gradient = graph.gradient(of: Self.scalar(y, extra[0]), withRespectTo: x)
        let directions = Array(extra.dropFirst())
        if reverse { return graph.vjp(of: Array(zip(gradient, directions)).map { ($0, $1) }, withRespectTo: x) }
        return graph.jvp(of: gradient, along: Array(zip(x, directions)).map { ($0, $1) })
      }
    }
    let forward = product(v, reverse: false)
    let scale = 1 + (forward.flatMap { $0 }.map(abs).max() ?? 0)
    #expect(largestDifference(forward, product(v, reverse: true)) < 1e-11 * scale)
    #expect(
      abs(inner(u, forward) - inner(v, product(u, reverse: false))) < 1e-10 * scale * Double(forward[0].count + 9))
  }

  @Test("Taylor remainders fall with slopes 2 and 3", arguments: catalogue)
  func taylorSlopes(_ sample: Sample) {
    let problem = Problem(sample)
    var v = random(problem.shapes, Key(seed: 8))
    let length = inner(v, v).squareRoot()
    v = v.map { $0.map { $0 / length } }
    let w = random([problem.outputShape], Key(seed: 9))
    let weights = (problem.outputShape, w[0])
    let all = problem.run(at: problem.x, extra: [weights] + Array(zip(problem.shapes, v))) { x, y, extra in
      let f = Self.scalar(y, extra[0])
      let gradient = y.graph.gradient(of: f, withRespectTo: x)
      let directions = Array(zip(x, extra.dropFirst())).map { ($0, $1) }
      let slope = y.graph.jvp(of: [f], along: directions)[0]
      let curvature = y.graph.jvp(of: [slope], along: directions)[0]
      return [f, slope, curvature] + gradient
    }
    let (f, slope, curvature) = (all[0][0], all[1][0], all[2][0])
    #expect(abs(slope - inner(Array(all[3...]), v)) < 1e-10 * (1 + abs(slope)))
    func remainders(_ h: Double) -> (Double, Double) {
      let there = problem.run(at: moved(problem.x, along: v, by: h), extra: [weights]) { _, y, extra in
        [Self.scalar(y, extra[0])]
      }[0][0]
      return (abs(there - f - h * slope), abs(there - f - h * slope - h * h / 2 * curvature))
    }
    let (coarse, fine) = (remainders(4e-3), remainders(2e-3))
    // Below rounding there is no slope to see: the function is a polynomial of that degree along the line.
    let floor = 1e-13 * (1 + abs(f)) * 10
    if fine.0 > floor { #expect(abs(log2(coarse.0 / fine.0) - 2) < 0.1) }
    if fine.1 > floor { #expect(log2(coarse.1 / fine.1) > 2.8) }
  }

  @Test("Float32 gives Float64's values to its precision", arguments: catalogue)
  func float32AgreesWithFloat64(_ sample: Sample) {
    let arguments = sample.arguments(Key(seed: 7).child(sample.name)).map { $0.map { Double(Float($0)) } }
    let double = evaluate(sample.shapes, arguments) { [sample.function($0)] }
    let float = evaluate(sample.shapes, arguments.map { $0.map(Float.init) }) { [sample.function($0)] }
    let scale = 1 + (double[0].map(abs).max() ?? 0)
    #expect(largestDifference(double, [float[0].map(Double.init)]) < 2e-6 * scale)
  }
}
