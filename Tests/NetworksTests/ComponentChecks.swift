import Components
import Differentiation
import Networks
import Tensors

/// What is wrong with a component, one sentence each; empty when nothing is.
typealias Problems = [String]

/// A scalar function of one vector, checked at a point.
struct SmoothFunction {
  let count: Int
  let function: (Symbol) -> Symbol

  private func run<S: Scalar>(_ point: [S], _ direction: [S]) -> (value: S, gradient: [S], product: [S]) {
    let graph = Graph()
    let x = graph.input("x", shape: [count])
    let v = graph.input("v", shape: [count])
    let y = function(x)
    let gradient = graph.gradient(of: y, withRespectTo: [x])[0]
    let product = graph.hessianVectorProduct(of: y, withRespectTo: x, along: v)
    let results = Workspace(Plan<S>(outputs: [y, gradient, product], inputs: [x, v])).evaluate([point, direction])
    return (results[0].elements[0], results[1].elements, results[2].elements)
  }

  /// Gradient and Hessian-vector product against central differences, Float32 against Float64.
  func problems(at point: [Double]) -> Problems {
    var generator = Key(seed: 11).generator()
    let direction: [Double] = generator.normals(count)
    let here = run(point, direction)
    func at(_ step: Double) -> (value: Double, gradient: [Double], product: [Double]) {
      run(zip(point, direction).map { $0 + step * $1 }, direction)
    }
    let h = 2e-4
    let (a, b, c, d) = (at(-2 * h), at(-h), at(h), at(2 * h))
    let slope = (a.value - 8 * b.value + 8 * c.value - d.value) / (12 * h)
    let curvature = point.indices.map {
      (a.gradient[$0] - 8 * b.gradient[$0] + 8 * c.gradient[$0] - d.gradient[$0]) / (12 * h)
    }
    let single = run(point.map { Float($0) }, direction.map { Float($0) })
    func far(_ difference: Double, _ scale: Double, _ tolerance: Double) -> Bool {
      !(difference <= tolerance * max(1, scale))
    }
    var problems: Problems = []
    if far(abs(here.gradient.dot(direction) - slope), abs(slope), 1e-8) {
      problems.append("its gradient is not its slope")
    }
    if far(distance(here.product, curvature), curvature.norm, 1e-8) {
      problems.append("its Hessian-vector product is not the gradient's slope")
    }
    if far(abs(Double(single.value) - here.value), abs(here.value), 1e-4)
      || far(distance(single.gradient.map { Double($0) }, here.gradient), here.gradient.norm, 1e-3)
      || far(distance(single.product.map { Double($0) }, here.product), here.product.norm, 1e-2)
    {
      problems.append("Float32 does not agree with Float64")
    }
    return problems
  }
}

private func distance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { $0 - $1 }.norm }

/// Everything that holds for every layer, on a batch of `count` examples of a shape.
func problems(of layer: any Layer, input: Shape, refusing bad: Shape?, count: Int = 3) -> Problems {
  var problems: Problems = []
  let parameters = layer.parameters
  if Set(parameters.map(\.name)).count < parameters.count { problems.append("two of its parameters share a name") }
  if parameters != layer.parameters { problems.append("its parameters are not the same when asked for twice") }
  let values = layer.initialValues { parameter in
    Initialization(.lecunNormal).values(of: parameter, isOutput: false, branches: 1, key: Key(seed: 5))
  }
  if values.map(\.count) != parameters.map(\.shape.count) {
    return problems + ["its first values don't fill its parameters"]
  }
  do throws(ShapeMismatch) {
    let output = try layer.outputShape(for: input)
    var traced: Shape?
    let sizes = parameters.map(\.shape.count)
    let total = sizes.reduce(0, +)
    let probe = SmoothFunction(count: total + count * input.count) { z in
      var offset = 0
      let own = parameters.map { parameter in
        defer { offset += parameter.shape.count }
        return z.block(offset, shape: parameter.shape)
      }
      let x = z.block(total, shape: Shape([count] + input.dimensions))
      let y = layer(x, own, in: ForwardPass())
      traced = y.shape
      // Weights that tell elements apart, and a square so that linear layers have curvature.
      let wave = y.reshaped(to: [y.shape.count])
      return (wave.square() + wave.sin()).sum()
    }
    var generator = Key(seed: 7).generator()
    let noise: [Double] = generator.normals(probe.count)
    let point = zip(values.flatMap { $0 } + [Double](repeating: 0, count: count * input.count), noise).enumerated().map
    {
      $0.element.0 + ($0.offset < total ? 0.1 : 1) * $0.element.1
    }
    problems += probe.problems(at: point)
    if traced != Shape([count] + output.dimensions) {
      problems.append("it says \(output) and gives \(traced.map(\.description) ?? "nothing")")
    }
  } catch {
    problems.append("it refuses examples of shape \(input): \(error)")
  }
  if let bad {
    do throws(ShapeMismatch) {
      _ = try layer.outputShape(for: bad)
      problems.append("it takes examples of shape \(bad)")
    } catch {
      if !error.problem.contains("\(bad)") && !error.problem.contains("window") {
        problems.append("its refusal does not name the shape: \(error)")
      }
    }
  }
  return problems
}

/// Everything that holds for every law of first weights.
func problems(
  ofLaw law: (Parameter, Key) -> [Double], variance: (Parameter) -> Double, isRandom: Bool
) -> Problems {
  var problems: Problems = []
  let parameters: [Parameter] = [
    .weight(shape: [90, 160], fanIn: 90, fanOut: 160), .weight(shape: [3, 5, 24, 40], fanIn: 360, fanOut: 600),
  ]
  for parameter in parameters {
    let values = law(parameter, Key(seed: 2))
    if values.count != parameter.shape.count { return ["it gives \(values.count) values for \(parameter.shape)"] }
    if values != law(parameter, Key(seed: 2)) { problems.append("the same key gives other values") }
    if isRandom && values == law(parameter, Key(seed: 3)) { problems.append("another key gives the same values") }
    let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    let claimed = variance(parameter)
    if !(abs(square - claimed) <= 0.05 * claimed) {
      problems.append("the mean square for \(parameter.shape) is \(square), not \(claimed)")
    }
  }
  return problems
}

/// Everything that holds for every network that an architecture gives, in training and at its start.
func problems(of network: Network, count: Int = 4) -> Problems {
  var problems: Problems = []
  if network.roles.count(where: { $0 == .output }) != 1 { problems.append("it has no single output weight") }
  let start: [Double] = network.initialParameters(key: Key(seed: 1))
  if start.count != network.parameterCount { return problems + ["its start does not fill its parameters"] }
  let single: [Float] = network.initialParameters(key: Key(seed: 1))
  if single != start.map({ Float($0) }) { problems.append("its start in Float32 is not the rounded one") }
  if start == network.initialParameters(key: Key(seed: 2)) { problems.append("another key gives the same start") }
  let features = wave(count * network.inputShape.count, 0.7, 0.1)
  let objective = NetworkObjective<Double>(
    network, loss: .crossEntropy,
    examples: Examples(
      features: Tensor(features, shape: [count, network.inputShape.count]), labels: (0..<count).map { $0 % 2 },
      classes: network.outputShape.count),
    moments: network.statisticsCount > 0 ? .ofBatches(count) : nil)
  var gradient = start
  let value = objective.gradient(at: start, into: &gradient)
  if !value.isFinite || !gradient.allSatisfy(\.isFinite) { problems.append("its gradient is not finite") }
  if gradient.allSatisfy({ $0 == 0 }) { problems.append("its gradient is zero") }
  return problems
}
