import Datasets
import Differentiation
import Harness
import Networks
import Optimizers
import Storage
import Surfaces
import Tensors
import Training

/// The steps of one run, which share its settings, its data and its context.
struct Session {
  let settings: ModeConnectivitySettings
  let context: RunContext
  let network: Network
  let data: SplitDataset
  /// Losses and errors on both parts of the data, moments of batches computed anew at every point.
  let evaluation: SplitEvaluation<Float>

  /// Takes the data and the network of the minima, or loads them where there are none.
  init(settings: ModeConnectivitySettings, context: RunContext, minima: [Minimum<Float>]) throws {
    self.settings = settings
    self.context = context
    data = try minima.first?.data ?? settings.minimum.data.load()
    network = try minima.first?.network ?? settings.minimum.network(for: data)
    evaluation = SplitEvaluation(settings.minimum, of: network, on: data)
  }

  /// The training loss.
  var train: NetworkObjective<Float> { evaluation.training }

  /// The batches of a path's training.
  func sampler(batchSize: Int, key: Key) -> BatchSampler {
    var recipe = settings.minimum
    recipe.batchSize = batchSize
    guard let sampler = recipe.sampler(for: network, exampleCount: train.exampleCount, key: key) else {
      preconditionFailure("no batches of \(batchSize) examples")
    }
    return sampler
  }

  /// Lets batches be those of the minima's own training.
  func perturbBatches(key: Key) { settings.minimum.perturbBatches(of: train, on: data, key: key) }

  /// Losses and errors on a path, evenly spaced; with `rise`, its largest rise too.
  func measure<P: Path>(_ path: P, _ count: Int, _ what: String, rise: Bool = false) throws -> Group
  where P.Element == Float {
    let measurement = try PathMeasurement(path, count: count, evaluation: evaluation, in: context) { fraction in
      try context.checkCancellation()
      context.progress(fraction)
    }
    var group = measurement.group(what)
    if rise {
      group.variables.append(
        Variable(
          "largest_rise", value: largestRise(measurement.trainLoss), units: "nat",
          longName: "largest rise of the training loss towards the minimum"))
    }
    return group
  }

  /// Trains the free points of a path on the mean loss along it, on batches as those of the minima are made, and measures
  /// the path.
  func trained<P: Path>(_ path: P, _ what: String, key: String) throws -> Group where P.Element == Float {
    let own = context.key.child(key)
    perturbBatches(key: own)
    let objective = CurveFiniteSum(train, along: path, key: own.child("times"))
    var state = TrainingState(
      parameters: path.bends, recipe: .momentum(settings.curve.momentum),
      sampler: sampler(batchSize: settings.curve.batchSize, key: own.child("batches")))
    let outcome = try context.train(
      "curve", &state, on: objective,
      plan: TrainingPlan(
        steps: settings.curve.steps,
        schedule: .cosine(from: settings.curve.learningRate, to: 0, steps: settings.curve.steps),
        stopping: StoppingCriteria(divergenceFactor: 1e3)))
    let trained = objective.curve.path(bends: state.parameters)
    var group = try measure(trained, settings.pathPoints, what)
    if case .diverged(let step) = outcome {
      group.attributes["diverged_at_step"] = .integer(Int64(step))
      group.attributes["notes"] = .strings(["the training of \(what) went out of bounds at step \(step)"])
    }
    group.dimensions.append(Dimension("bend_coordinate", length: state.parameters.count))
    group.variables.append(
      Variable(
        "bends", along: ["bend_coordinate"], values: state.parameters, longName: "the free points, one after the other")
    )
    return group
  }

  /// The plane through both ends and the middle bend: losses on a grid, and where the curve runs.
  func plane(_ curve: BezierCurve<Float>) throws -> Group {
    let middle = curve.bendCount / 2 * curve.dimension
    let bend = Array(curve.bends[middle..<middle + curve.dimension])
    guard let plane = Plane(through: curve.start, curve.end, bend) else {
      return Group(attributes: [
        "notes": .strings(["the bend lies on the line between the ends, so that there is no plane"])
      ])
    }
    let corners = [curve.start, curve.end, bend].map(plane.coordinates)
    let alphas = corners.map(\.alpha)
    let betas = corners.map(\.beta)
    var grid = PlaneGrid(
      alphas: widened(alphas.min()!, alphas.max()!, by: settings.plane.margin), count: settings.plane.alphaCount,
      betas: widened(betas.min()!, betas.max()!, by: settings.plane.margin), count: settings.plane.betaCount)
    var others = [[Double]](repeating: [], count: 3)
    try grid.compute(on: plane) { point in
      try context.checkCancellation()
      let (onTrain, onTest) = context.repeated("evaluation") { evaluation(at: point) }
      others[0].append(onTrain.error)
      others[1].append(onTest.loss)
      others[2].append(onTest.error)
      context.progress(Double(others[0].count) / Double(settings.plane.alphaCount * settings.plane.betaCount))
      return onTrain.loss
    }
    return group(plane, curve, grid, others, corners)
  }

  private func group(
    _ plane: Plane<Float>, _ curve: BezierCurve<Float>, _ grid: PlaneGrid, _ others: [[Double]],
    _ corners: [Plane<Float>.Coordinates]
  ) -> Group {
    let times = (0..<settings.pathPoints).map { Double($0) / Double(settings.pathPoints - 1) }
    let track = times.map { plane.coordinates(of: curve.point(at: $0)) }
    var point = [Float](repeating: 0, count: plane.dimension)
    let onTrack = track.map { place in
      plane.point(alpha: place.alpha, beta: place.beta, into: &point)
      return context.repeated("evaluation") { evaluation(at: point) }.train.loss
    }
    let shape: Shape = [grid.alphas.count, grid.betas.count]
    func field(_ name: String, _ values: [Double], _ units: String, _ longName: String) -> Variable {
      Variable(name, along: ["alpha", "beta"], shape: shape, values: values, units: units, longName: longName)
    }
    func along(_ dimension: String, _ name: String, _ values: [Double], _ units: String, _ longName: String) -> Variable
    {
      Variable(name, along: [dimension], values: values, units: units, longName: longName)
    }
    return Group(
      dimensions: [
        Dimension("alpha", coordinates: grid.alphas, longName: "distance from the first minimum towards the second"),
        Dimension("beta", coordinates: grid.betas, longName: "distance from that line towards the bend"),
        Dimension("t", coordinates: times, longName: "position on the Bezier curve"),
        Dimension("corner", coordinates: ["first minimum", "second minimum", "bend"]),
      ],
      variables: [
        field("train_loss", grid.values, "nat", "training loss on the plane"),
        field("train_error", others[0], "1", "training error on the plane"),
        field("test_loss", others[1], "nat", "test loss on the plane"),
        field("test_error", others[2], "1", "test error on the plane"),
        along("t", "curve_alpha", track.map(\.alpha), "1", "alpha of the curve"),
        along("t", "curve_beta", track.map(\.beta), "1", "beta of the curve"),
        along("t", "curve_distance", track.map(\.distance), "1", "distance of the curve from the plane"),
        along("t", "curve_train_loss", onTrack, "nat", "training loss on the curve's projection into the plane"),
        along("corner", "corner_alpha", corners.map(\.alpha), "1", "alpha of the three points"),
        along("corner", "corner_beta", corners.map(\.beta), "1", "beta of the three points"),
      ])
  }
}
