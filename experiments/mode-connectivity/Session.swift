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

  /// The unit of losses.
  var unit: String { evaluation.unit }

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
  func measure<P: Path>(
    _ path: P, _ count: Int, _ what: String, rise: Bool = false, repair: (([Float], Double) -> [Float])? = nil
  ) throws -> Group where P.Element == Float {
    let measurement = try PathMeasurement(path, count: count, evaluation: evaluation, in: context, repair: repair) {
      try context.checkCancellation()
      context.progress($0)
    }
    var group = measurement.group(what)
    if rise {
      group.variables.append(
        Variable(
          "largest_rise", value: largestRise(measurement.trainLoss), units: unit,
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
        stopping: StoppingCriteria(
          divergenceFactor: 1e3, lossScale: settings.minimum.guessingLoss(classes: data.train.classCount))))
    let trained = objective.curve.path(bends: state.parameters)
    var group = try measure(trained, settings.pathPoints, what)
    if case .diverged(let step) = outcome {
      group.attributes["diverged_at_step"] = .integer(Int64(step))
      group.remarks = [divergenceSentence(of: "the loss of \(what)", atStep: step)]
    }
    group.dimensions.append(Dimension("bend_coordinate", length: state.parameters.count))
    group.variables.append(
      Variable(
        "bends", along: ["bend_coordinate"], values: state.parameters, longName: "the free points, one after the other")
    )
    return group
  }
}
