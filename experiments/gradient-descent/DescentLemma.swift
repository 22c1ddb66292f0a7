public import AnalyticObjectives
internal import Differentiation
internal import Harness
internal import Storage
public import Tensors

/// A function for the descent lemma, with its start.
struct DescentCase {
  let name: String
  let objective: any AnalyticObjective<Double>
  let start: [Double]

  /// Convex and non-convex functions whose L is known, none of them with L = 1, so that no power of L goes unnoticed.
  static func all(_ settings: DescentSettings, key: Key) -> [DescentCase] {
    let dimension = settings.dimension
    let spectrum = geometricSpectrum(from: 10 / settings.conditionNumber, to: 10, count: dimension)
    // One direction goes down for ever, slowly enough for 10^4 steps.
    let saddle = [-1e-3] + geometricSpectrum(from: 10 / settings.conditionNumber, to: 10, count: dimension).dropFirst()
    var starts = key.child("start").generator()
    var centers = key.child("center").generator()
    let objectives: [(String, any AnalyticObjective<Double>)] = [
      ("diagonal quadratic", Quadratic(spectrum: spectrum, center: centers.normals(dimension))),
      (
        "rotated quadratic",
        Quadratic(spectrum: spectrum, rotatedBy: key.child("rotation"), center: centers.normals(dimension))
      ),
      ("saddle", Quadratic(spectrum: Array(saddle), rotatedBy: key.child("saddle"))),
      ("log-sum-exp", LogSumExp(terms: 2 * dimension, dimension: dimension, temperature: 0.5, key: key.child("terms"))),
      (
        "regularized logistic",
        RegularizedLogistic(examples: 4 * dimension, dimension: dimension, ridge: 1e-3, key: key.child("examples"))
      ),
      ("Nesterov's worst case", NesterovWorstCase(dimension: dimension, smoothness: 4)),
    ]
    return objectives.map { DescentCase(name: $0.0, objective: $0.1, start: starts.normals(dimension)) }
  }
}

/// What descent on one function came to.
public struct DescentTally: Sendable {
  /// The steps made; fewer than asked for when the numbers left the finite ones.
  public var steps = 0
  /// The steps that broke the descent lemma's promise.
  public var violations = 0
  /// The steps at which rounding could not have hidden a violation.
  public var resolved = 0
  /// The largest excess over the promise, as a share of what is allowed for rounding.
  public var largestExcess = -Double.infinity
  /// f and ||grad f|| at the recorded steps, NaN where the method didn't come.
  public var values: [Double]
  /// The gradient's norm at the recorded steps.
  public var gradientNorms: [Double]

  init(recorded: Int) {
    values = [Double](repeating: .nan, count: recorded)
    gradientNorms = values
  }
}

/// Steps of `factor` / L from a start, each held to the descent lemma's promise for 1/L.
///
/// `factor` is 1 but to show that longer steps break the promise. `recorded` are ascending steps from 0 to the last.
/// Cost: one gradient a step. Rethrows what `tick` throws, which is told the share that is done.
public func descend(
  on objective: some AnalyticObjective<Double>, from start: [Double], recorded: [Int], factor: Double = 1,
  tick: (Double) throws -> Void
) rethrows -> DescentTally {
  guard let smoothness = objective.smoothness, let last = recorded.last else {
    preconditionFailure("descent with step 1/L needs an L and a last step")
  }
  var tally = DescentTally(recorded: recorded.count)
  var point = start
  var gradient = point
  var value = objective.gradient(at: point, into: &gradient)
  var place = 0
  while true {
    let norm = gradient.norm
    if recorded[place] == tally.steps {
      tally.values[place] = value
      tally.gradientNorms[place] = norm
      place += 1
    }
    guard tally.steps < last, value.isFinite, norm.isFinite else { return tally }
    if tally.steps % 1024 == 0 { try tick(Double(tally.steps) / Double(last)) }
    let distance = point.norm
    point.add(-factor / smoothness, times: gradient)
    let next = objective.gradient(at: point, into: &gradient)
    let step = DescentStep(
      value: value, next: next, gradientNorm: norm, distance: distance, smoothness: smoothness)
    tally.steps += 1
    if step.isViolation { tally.violations += 1 }
    if step.isResolved { tally.resolved += 1 }
    if step.allowance > 0 { tally.largestExcess = max(tally.largestExcess, step.excess / step.allowance) }
    value = next
  }
}

/// The descent lemma on every function: counts along `function`, values along `function` and `step`.
func measureDescent(_ settings: DescentSettings, in context: RunContext) throws -> Group {
  let recorded = logarithmicSteps(upTo: settings.steps, perDecade: 10)
  let cases = DescentCase.all(settings, key: context.key.child("descent"))
  var tallies: [DescentTally] = []
  for (index, item) in cases.enumerated() {
    tallies.append(
      try descend(on: item.objective, from: item.start, recorded: recorded) { share in
        try context.checkCancellation()
        context.progress((Double(index) + share) / Double(cases.count), item.name)
      })
  }
  let table: Shape = [cases.count, recorded.count]
  return Group(
    dimensions: [
      Dimension("function", coordinates: cases.map(\.name), longName: "function that is descended"),
      Dimension("step", coordinates: recorded, units: "1", longName: "steps made"),
    ],
    variables: [
      Variable(
        "smoothness", along: ["function"], values: cases.map { $0.objective.smoothness ?? .nan }, longName: "L"),
      Variable("steps", along: ["function"], values: tallies.map(\.steps), longName: "steps with 1/L"),
      Variable(
        "violations", along: ["function"], values: tallies.map(\.violations),
        longName: "steps that lowered f by less than ||grad f||^2 / (2 L)"),
      Variable(
        "resolved", along: ["function"], values: tallies.map(\.resolved),
        longName: "steps whose promised decrease exceeds the allowance for rounding"),
      Variable(
        "largest_excess", along: ["function"], values: tallies.map(\.largestExcess),
        longName: "largest f(x') - f(x) + ||grad f||^2 / (2 L), as a share of the allowance for rounding"),
      Variable("value", along: ["function", "step"], shape: table, values: tallies.flatMap(\.values), longName: "f"),
      Variable(
        "gradient_norm", along: ["function", "step"], shape: table, values: tallies.flatMap(\.gradientNorms),
        longName: "Euclidean norm of the gradient"),
    ])
}

/// Distances to the minimizer of a quadratic with steps of `factor` / L, relative to the start's, at the recorded steps.
///
/// A distance beyond 1e100 ends the iteration and stands at all steps that are left, so that nothing becomes NaN.
public func relativeDistances(
  on quadratic: Quadratic<Double>, from start: [Double], factor: Double, recorded: [Int]
) -> [Double] {
  guard let smoothness = quadratic.smoothness, let last = recorded.last else {
    preconditionFailure("steps in units of 1/L need an L and a last step")
  }
  var point = start
  var gradient = point
  let initial = distance(point, quadratic.center)
  var current = 1.0
  var distances: [Double] = []
  for step in 0...last {
    if recorded[distances.count] == step { distances.append(current) }
    guard step < last, current < 1e100 else { continue }
    quadratic.gradient(at: point, into: &gradient)
    point.add(-factor / smoothness, times: gradient)
    current = distance(point, quadratic.center) / initial
  }
  return distances
}

/// The Euclidean distance of two points.
func distance(_ first: [Double], _ second: [Double]) -> Double {
  var sum = 0.0
  for index in first.indices {
    let difference = first[index] - second[index]
    sum += difference * difference
  }
  return sum.squareRoot()
}

/// Steps around 2/L on a rotated quadratic: relative distances along `step_factor` and `step`.
func measureLimit(_ settings: DescentSettings, in context: RunContext) throws -> Group {
  let key = context.key.child("limit")
  var generator = key.child("start").generator()
  let quadratic = Quadratic<Double>(
    spectrum: geometricSpectrum(from: 10 / settings.conditionNumber, to: 10, count: settings.dimension),
    rotatedBy: key.child("rotation"))
  let start: [Double] = generator.normals(settings.dimension)
  let recorded = logarithmicSteps(upTo: settings.limitSteps, perDecade: 10)
  var distances: [[Double]] = []
  for (index, factor) in settings.stepFactors.enumerated() {
    try context.checkCancellation()
    context.progress(Double(index) / Double(settings.stepFactors.count), "step \(factor)/L")
    distances.append(relativeDistances(on: quadratic, from: start, factor: factor, recorded: recorded))
  }
  return Group(
    dimensions: [
      Dimension("step_factor", coordinates: settings.stepFactors, units: "1", longName: "step size in units of 1/L"),
      Dimension("step", coordinates: recorded, units: "1", longName: "steps made"),
    ],
    variables: [
      Variable(
        "relative_distance", along: ["step_factor", "step"], shape: [distances.count, recorded.count],
        values: distances.flatMap { $0 }, longName: "distance to the minimizer in units of the start's"),
      Variable(
        "final_distance", along: ["step_factor"], values: distances.map { $0.last ?? .nan },
        longName: "distance to the minimizer after the last step, in units of the start's"),
    ])
}
