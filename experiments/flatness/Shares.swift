import Harness

/// The parts of a run's time, by the passes that each makes over examples: one for a loss, two for a gradient, three for
/// a product with the Hessian, and for a step of training three over its batch and 64 examples more, which stand for the
/// update of the parameters. Measured on LeNet-300-100.
struct Shares {
  /// Training.
  let minimum: Double
  /// The measures.
  let measures: Double
  /// The measures at two points in Float64.
  let rescaling: Double
  /// Lines and planes.
  let slices: Double

  init(_ settings: FlatnessSettings) {
    let (recipe, measures, slices) = (settings.minimum, settings.measures, settings.slices)
    let examples = Double(recipe.data.knownTrainCount ?? 10_000)
    // Test examples are mostly as many.
    let evaluation = examples + (recipe.data.testCount.map { Double($0) } ?? examples)
    let training =
      settings.weights.file == nil
      ? Double(recipe.steps) * 3 * (64 + (recipe.batchSize.map { Double($0) } ?? examples)) + 20 * evaluation : 0

    let layers = recipe.network.hidden.count + 1
    // Both ends of the spectrum take about half of the largest Krylov space, its upper end alone some 20 products.
    let products = measures.maximumDimension / 2 + measures.traceProbes + layers * measures.flatnessProbes
    let gradients = 3 * measures.boxIterations + 2 * measures.ascentSteps
    let measuring = examples * Double(3 * products + 2 * gradients + 4 * measures.noisePairs)
    // In Float64 all takes twice as long.
    let rescaling = settings.rescaling == nil ? 0 : 4 * measuring

    let points = slices.lines * slices.points + slices.planes * slices.planePoints * slices.planePoints
    let ends = slices.hasPlaneEigenvalues ? 1.5 * examples * Double(slices.maximumDimension) : 0
    let slicing =
      slices.lines > 0
      ? 60 * examples + Double(points) * evaluation
        + Double(slices.planes * slices.planePoints * slices.planePoints) * ends : 0

    let whole = training + measuring + rescaling + slicing
    (minimum, self.measures) = (training / whole, measuring / whole)
    (self.rescaling, self.slices) = (rescaling / whole, slicing / whole)
  }
}
