public import AnalyticObjectives
internal import Differentiation
internal import Harness
internal import Optimizers
internal import Statistics
internal import Storage
public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How a method came to the minimizer of a quadratic.
public struct Approach: Sendable {
  /// The iterations until the distance first was within the accuracy; NaN when it never was.
  public let iterations: Double
  /// The distance to the minimizer in units of the start's, at the recorded steps; NaN after the end.
  public let distances: [Double]
}

/// Iterates a method with its best constants until the distance to the minimizer is `accuracy` times the start's.
///
/// A rule on the function's value would not do: the start's value is made of the steep directions, the last part of the
/// way of the flat ones, and their ratio, the condition number, would shorten the way by a logarithm.
/// Cost: one gradient an iteration. Rethrows what `tick` throws, which is told the iterations made.
public func approach(
  _ quadratic: Quadratic<Double>, by method: Method, from start: [Double], accuracy: Double, recorded: [Int],
  tick: (Int) throws -> Void
) rethrows -> Approach {
  guard let smoothness = quadratic.smoothness, let convexity = quadratic.strongConvexity, let last = recorded.last
  else { preconditionFailure("the best constants need a positive spectrum, and iterations an end") }
  let (rate, momentum) = method.constants(smoothness: smoothness, strongConvexity: convexity)
  let recipe: OptimizerRecipe =
    switch method {
    case .gradientDescent: .gradientDescent()
    case .heavyBall: .momentum(momentum)
    case .nesterov: .momentum(momentum, isNesterov: true)
    }
  var optimizer = recipe.make(dimension: start.count, as: Double.self)
  var point = start
  var gradient = point
  let initial = distance(point, quadratic.center)
  var distances = [Double](repeating: .nan, count: recorded.count)
  var place = 0
  for step in 0...last {
    let relative = distance(point, quadratic.center) / initial
    if recorded[place] == step {
      distances[place] = relative
      place += 1
    }
    if relative <= accuracy { return Approach(iterations: Double(step), distances: distances) }
    if step == last || !relative.isFinite { break }
    if step % 4096 == 0 { try tick(step) }
    quadratic.gradient(at: point, into: &gradient)
    optimizer.step(parameters: &point, gradient: gradient, learningRate: rate)
  }
  return Approach(iterations: .nan, distances: distances)
}

/// All methods on one quadratic: iterations along `method`, distances along `method` and `step`.
func measureConditioning(
  _ settings: ConditioningSettings, conditionNumber: Double, index: Int, in context: RunContext
) throws -> Group {
  let key = context.key.child("conditioning").child(index)
  var generator = key.child("start").generator()
  let spectrum = geometricSpectrum(from: 1 / conditionNumber, to: 1, count: settings.dimension)
  let center: [Double] = generator.normals(settings.dimension)
  let start: [Double] = generator.normals(settings.dimension)
  let quadratic =
    settings.isRotated
    ? Quadratic(spectrum: spectrum, rotatedBy: key.child("rotation"), center: center)
    : Quadratic(spectrum: spectrum, center: center)
  let recorded = logarithmicSteps(upTo: settings.maximumIterations, perDecade: 10)
  var approaches: [Approach] = []
  for (index, method) in Method.allCases.enumerated() {
    // What theory says of the time is good enough for a progress bar.
    let expected = -log(settings.accuracy) / -log(method.contraction(conditionNumber: conditionNumber))
    approaches.append(
      try approach(quadratic, by: method, from: start, accuracy: settings.accuracy, recorded: recorded) { step in
        try context.checkCancellation()
        let share = min(1, Double(step) / expected)
        context.progress(index == 0 ? 0.9 * share : 0.9 + 0.05 * (Double(index - 1) + share), method.rawValue)
      })
  }
  return Group(
    dimensions: [
      Dimension("method", coordinates: Method.allCases.map(\.rawValue)),
      Dimension("step", coordinates: recorded, units: "1", longName: "iterations made"),
    ],
    variables: [
      Variable("iterations", along: ["method"], values: approaches.map(\.iterations)),
      Variable(
        "relative_distance", along: ["method", "step"], shape: [approaches.count, recorded.count],
        values: approaches.flatMap(\.distances)),
    ])
}

/// The measurements of all condition numbers side by side, with the slopes.
func assembleConditioning(_ settings: ConditioningSettings, _ parts: [Group]) throws -> Group {
  let methods = Method.allCases
  let count = settings.conditionNumbers.count
  let iterations = try parts.map { try $0.variable("iterations").elements(Double.self) }
  let distances = try parts.map { try $0.variable("relative_distance").elements(Double.self) }
  let recorded = logarithmicSteps(upTo: settings.maximumIterations, perDecade: 10)
  let byMethod = methods.indices.map { method in iterations.map { $0[method] } }
  let lines = byMethod.map { growthExponent(conditionNumbers: settings.conditionNumbers, iterations: $0) }
  let intervals = lines.map { $0.slopeInterval() }
  var history: [Double] = []
  for method in methods.indices {
    for part in distances { history += part[method * recorded.count..<(method + 1) * recorded.count] }
  }
  return Group(
    dimensions: [
      Dimension("method", coordinates: methods.map(\.rawValue), longName: "method of descent"),
      Dimension("kappa", coordinates: settings.conditionNumbers, units: "1", longName: "condition number"),
      Dimension("step", coordinates: recorded, units: "1", longName: "iterations made"),
    ],
    variables: [
      Variable(
        "iterations", along: ["method", "kappa"], shape: [methods.count, count], values: byMethod.flatMap { $0 },
        longName: "iterations until the distance to the minimizer was \(settings.accuracy) of the start's"),
      Variable(
        "relative_distance", along: ["method", "kappa", "step"], shape: [methods.count, count, recorded.count],
        values: history, longName: "distance to the minimizer in units of the start's"),
      Variable(
        "slope", along: ["method"], values: lines.map(\.slope),
        longName: "power of the condition number by which the iterations grow"),
      Variable(
        "slope_lower", along: ["method"], values: intervals.map(\.lower), longName: "lower end of its 95 % interval"),
      Variable(
        "slope_upper", along: ["method"], values: intervals.map(\.upper), longName: "upper end of its 95 % interval"),
      Variable(
        "expected_slope", along: ["method"], values: methods.map(\.exponent), longName: "the power that theory says"),
    ])
}
