import Configuration
import Foundation
import Networks
public import Storage
import Tensors
import Training

/// Where a recipe led from a seed's start.
public struct TrainedMinimum: Sendable {
  /// The start.
  public let initialParameters: [Float]
  /// The parameters after the last update.
  public let parameters: [Float]
  /// What was recorded along the steps.
  public let trajectory: Group
  /// How training went out of bounds, if it did.
  public let divergence: String?
  /// What names the recipe and the seed.
  public let digest: String
  /// The recipe in canonical YAML.
  let configuration: String
}

extension RunContext {
  /// The minimum of a recipe and a seed: trained when first asked for, by whichever experiment, and kept in
  /// `minima/<digest>.h5` of the results for all others.
  ///
  /// While another run or process trains it, this one waits. A training that was killed goes on from its last
  /// checkpoint. Cost when it is there: reading a file.
  public func minimum(of recipe: Recipe, seed: Int) throws -> TrainedMinimum {
    let digest = recipe.digest(experiment: "minimum", seed: seed)
    let file = results.minimum(digest: digest)
    let partial = "\(file).partial"
    try FileSystem.makeFolder("\(results.path)/minima")
    while true {
      if FileSystem.exists(file) {
        let minimum = try TrainedMinimum(file: file, digest: digest)
        guard minimum.configuration == recipe.canonicalYAML else { throw HarnessError.otherConfiguration(file) }
        return minimum
      }
      do {
        let lock = try RunLock(folder: partial)
        defer { lock.release() }
        // It may have been finished between the look and the lock.
        if !FileSystem.exists(file) { try makeMinimum(recipe, seed: seed, digest: digest, file: file, partial) }
        try lock.removeFolder()
      } catch let error as StorageError {
        guard case .held = error.kind else { throw error }
        try checkCancellation()
        Thread.sleep(forTimeInterval: 0.1)
      }
    }
  }

  private func makeMinimum(_ recipe: Recipe, seed: Int, digest: String, file: String, _ partial: String) throws {
    let wallStart = ContinuousClock.now
    let processorStart = threadProcessorSeconds()
    let problem = try Problem<Float>(recipe)
    let start = problem.initialParameters(seed: seed)
    var state = TrainingState(
      parameters: start, recipe: recipe.optimizer.recipe, sampler: problem.sampler(recipe, seed: seed))
    let interval = max(1, recipe.steps / 50)
    let probes = [
      Probe<Float>(
        [
          TrajectoryColumn("loss", units: "nat", longName: "training loss"),
          TrajectoryColumn("train_error", longName: "training error"),
          TrajectoryColumn("test_loss", units: "nat", longName: "test loss"),
          TrajectoryColumn("test_error", longName: "test error"),
        ], at: .every(interval)
      ) { point in
        let train = problem.train.evaluate(at: point.parameters)
        let test = problem.test.evaluate(at: point.parameters)
        return [train.loss, train.error, test.loss, test.error]
      },
      Probe<Float>.distance(from: start, at: .every(interval)),
    ]
    let training = ResumableTraining(
      folder: "\(partial)/checkpoints", cancellation: cancellation, progress: { self.progress($0, "training") },
      notice: { self.message($0) })
    let outcome = try training(&state, steps: recipe.steps) { state, hooks in
      try Training.train(&state, on: problem.train, plan: recipe.plan, probes: probes, hooks: hooks)
    }
    var divergence: String?
    if case .diverged(let step) = outcome { divergence = "the training loss went out of bounds at step \(step)" }
    let provenance = RunProvenance().group(
      threads: threads, wallSeconds: wallStart.duration(to: .now) / .seconds(1),
      processorSeconds: threadProcessorSeconds() - processorStart)
    var attributes: Named<AttributeValue> = ["steps": .integer(Int64(state.step))]
    if let divergence { attributes["divergence"] = .string(divergence) }
    let content = RunFile(
      header: RunFileHeader(
        title: "minimum \(digest.prefix(16)) seed \(seed)", source: "landscape \(programVersion)", history: "",
        references: [], experiment: "minimum", runID: String(digest.prefix(16)), seed: seed,
        status: divergence == nil ? .complete : .diverged),
      configuration: RunFile.configuration(yaml: recipe.canonicalYAML, scalars: recipe.values.attributes),
      provenance: provenance, trajectory: state.trajectory.group,
      checkpoints: Group(groups: [
        "initial": Group(parameters: start, in: problem.blocks),
        "final": Group(parameters: state.parameters, in: problem.blocks),
      ]), measurements: Group(attributes: attributes))
    try content.write(to: file)
  }
}

extension TrainedMinimum {
  init(file: String, digest: String) throws(StorageError) {
    let content = try RunFile.read(file)
    initialParameters = try content.checkpoints.group("initial").parameters()
    parameters = try content.checkpoints.group("final").parameters()
    trajectory = content.trajectory
    divergence = content.measurements.attributes["divergence"]?.text
    self.digest = digest
    configuration = try content.configuration.variable("yaml").value()
  }
}
