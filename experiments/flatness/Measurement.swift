import Curvature
import Differentiation
import Harness
import Networks
import Storage
import Surfaces
import Tensors

/// All measures of sharpness at one point.
struct Measurement<Element: Scalar & StoredElement> {
  let settings: MeasureSettings
  let objective: NetworkObjective<Element>
  let parts: [ParameterPart]
  let point: [Element]
  let key: Key
  let context: RunContext

  private var unit: String { objective.loss.unit }

  /// The measures by name, with a remark on those that are no finite numbers.
  ///
  /// It is four stages, within the one that is open, so that a run that was killed goes on behind the last that ended.
  /// Cost: some hundred products with the Hessian and as many gradients.
  func group() throws -> Group {
    var gradient = point
    objective.gradient(at: point, into: &gradient)
    var variables = [
      Variable("gradient_norm", value: Double(gradient.norm), longName: "norm of the objective's gradient"),
      Variable("parameter_norm", value: Double(point.norm), longName: "norm of the parameters"),
    ]
    variables += try context.stage("eigenvalues", share: 0.3) { Group(variables: try eigenvalues()) }.variables
    variables += try context.stage("trace", share: 0.3) { Group(variables: try trace()) }.variables
    variables += try context.stage("rises", share: 0.3) { Group(variables: try rises()) }.variables
    var group = try context.stage("relative-flatness", share: 0.1) { try relativeFlatness() }
    variables += group.variables
    group.variables = variables
    // What a single probe leaves without an error bar is no trouble of the point.
    let lost = variables.filter { variable in
      !variable.name.hasSuffix("standard_error") && variable.values.doubles?.allSatisfy(\.isFinite) == false
    }
    if !lost.isEmpty { group.remarks = ["not finite numbers: \(lost.map(\.name).joined(separator: ", "))"] }
    return group
  }

  private func relativeFlatness() throws -> Group {
    let weights = parts.filter { $0.kind == .weight }
    let hessian = WatchedOperator(objective.hessian(at: point), in: context)
    let flatness = weights.enumerated().map { index, part in
      RelativeFlatness(
        of: part, at: point, hessian: hessian, probes: settings.flatnessProbes,
        key: key.child("flatness").child(index))
    }
    try step(1)
    return Group(
      dimensions: [
        Dimension(
          "layer", coordinates: Array(1...max(1, weights.count)), longName: "place of the weight in the network")
      ],
      variables: [
        Variable(
          "relative_flatness", value: flatness.reduce(0) { $0 + $1.mean },
          longName: "relative flatness, the sum over layers; smaller is flatter"),
        Variable(
          "layer_flatness", along: ["layer"], values: flatness.map(\.mean), longName: "relative flatness of each layer"),
        Variable(
          "layer_flatness_standard_error", along: ["layer"], values: flatness.map(\.standardError),
          longName: "standard error of the relative flatness of each layer"),
      ])
  }

  private func eigenvalues() throws -> [Variable] {
    let hessian = WatchedOperator(objective.hessian(at: point), in: context)
    let ends = Lanczos(tolerance: settings.tolerance, maximumDimension: settings.maximumDimension)
      .extremes(of: hessian, largest: 1, smallest: 1, key: key.child("lanczos"))
    try step(1)
    let (largest, smallest) = (ends.largest.first, ends.smallest.first)
    return [
      Variable("lambda_max", value: largest?.value ?? .nan, longName: "largest eigenvalue of the Hessian"),
      Variable("lambda_max_residual", value: largest?.residual ?? .nan, longName: "its residual"),
      Variable("lambda_min", value: smallest?.value ?? .nan, longName: "smallest eigenvalue of the Hessian"),
      Variable("lambda_min_residual", value: smallest?.residual ?? .nan, longName: "its residual"),
    ]
  }

  private func trace() throws -> [Variable] {
    let hessian = WatchedOperator(objective.hessian(at: point), in: context)
    let trace = HutchinsonTrace(of: hessian, probes: settings.traceProbes, key: key.child("trace"))
    try step(1)
    return [
      Variable("trace", value: trace.mean, longName: "trace of the Hessian, by Hutchinson's estimator"),
      Variable("trace_standard_error", value: trace.standardError, longName: "standard error of the trace"),
    ]
  }

  private func rises() throws -> [Variable] {
    let objective = WatchedObjective(self.objective, in: context)
    func box(_ iterations: Int) -> BoxSharpness {
      BoxSharpness(epsilon: settings.boxEpsilon, iterations: iterations)
    }
    let whole = context.rounds(settings.boxIterations) {
      box($0).measure(objective, at: point, key: key.child("box"))
    }
    let part = box(settings.boxIterations).measure(
      objective, at: point, inSubspaceOf: settings.subspace, key: key.child("subspace"))
    try step(0.3)
    let ball = context.rounds(settings.ascentSteps) {
      AscentSharpness(radius: settings.radius, steps: $0).measure(objective, at: point, key: key.child("ascent"))
    }
    let adaptive = context.rounds(settings.ascentSteps) {
      AscentSharpness(radius: settings.adaptiveRadius, scale: .relative(), steps: $0)
        .measure(objective, at: point, key: key.child("adaptive"))
    }
    try step(0.7)
    let noise = context.rounds(settings.noisePairs) {
      NoiseSharpness(of: objective, at: point, deviation: settings.noise, pairs: $0, key: key.child("noise"))
    }
    let relative = context.rounds(settings.noisePairs) {
      NoiseSharpness(
        of: objective, at: point, deviation: settings.relativeNoise, scale: .relative(), pairs: $0,
        key: key.child("relative-noise"))
    }
    try step(1)
    return [
      Variable("objective", value: whole.value, units: unit, longName: "what training descends, at the point"),
      Variable("box_sharpness", value: whole.sharpness, units: "percent", longName: "Keskar's sharpness"),
      Variable(
        "subspace_sharpness", value: part.sharpness, units: "percent",
        longName: "Keskar's sharpness in a random subspace"),
      Variable("sam_sharpness", value: ball.oneStep, units: unit, longName: "rise after one ascent step, as in SAM"),
      Variable("ascent_sharpness", value: ball.maximum, units: unit, longName: "largest rise within SAM's radius"),
      Variable(
        "asam_sharpness", value: adaptive.oneStep, units: unit, longName: "rise after one ascent step, as in ASAM"),
      Variable(
        "adaptive_sharpness", value: adaptive.maximum, units: unit, longName: "largest rise within ASAM's radius"),
      Variable("noise_sharpness", value: noise.mean, units: unit, longName: "mean rise under Gaussian noise"),
      Variable(
        "noise_sharpness_standard_error", value: noise.standardError, units: unit, longName: "standard error of it"),
      Variable(
        "relative_noise_sharpness", value: relative.mean, units: unit,
        longName: "mean rise under Gaussian noise in proportion to the parameters"),
      Variable(
        "relative_noise_sharpness_standard_error", value: relative.standardError, units: unit,
        longName: "standard error of it"),
    ]
  }

  private func step(_ fraction: Double) throws {
    try context.checkCancellation()
    context.progress(fraction)
  }
}
