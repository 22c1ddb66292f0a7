internal import Configuration
internal import Datasets
internal import Differentiation
internal import Foundation
internal import Networks
internal import Optimizers
public import Storage
public import Tensors
internal import Training

extension RunContext {
  /// The minimum that a recipe leads to with a seed (by default the run's own): trained once, kept in `minima/` in the
  /// folder of results under the digest of recipe, seed and number type, and shared by all experiments and processes.
  ///
  /// Who asks while another trains it waits. A training that was killed goes on from its newest checkpoint, whoever asks
  /// next. `share` is the part of the run's time that it takes, for progress. Training that diverged gives a minimum with
  /// `divergence` set. Throws `Interruption` when the run is asked to stop, `DatasetError`, and the errors of files: a
  /// damaged one is named and left alone.
  public func minimum<Element: Scalar & StoredElement>(
    of recipe: Recipe, seed: Int? = nil, share: Double? = nil, as type: Element.Type = Float.self
  ) throws -> TrainedMinimum<Element> {
    try within(share: share, named: "minimum") {
      let before = rehearsal?.elapsed ?? 0
      let minimum: TrainedMinimum<Element> = try keptOrTrained(recipe, seed: seed ?? self.seed)
      rehearsal?.note(
        minimum: "\(Element.typeName) \(recipe.pinned().values.costKey)",
        seconds: (rehearsal?.elapsed ?? 0) - before)
      return minimum
    }
  }

  private func keptOrTrained<Element: Scalar & StoredElement>(
    _ given: Recipe, seed: Int
  ) throws -> TrainedMinimum<Element> {
    let recipe = given.pinned()
    let digest = recipe.digest(experiment: "minimum/\(Element.typeName)", seed: seed)
    let path = results.minimum(digest: digest)
    let data = try recipe.data.load()
    let work = MinimumTraining<Element>(
      recipe: recipe, seed: seed, digest: digest, path: path, data: data, network: try recipe.network(for: data))
    var isAnnounced = false
    while true {
      try checkCancellation()
      if let known = try work.kept() {
        progressKept(1)
        return known
      }
      try FileSystem.makeFolder("\(results.path)/minima")
      let lock: RunLock
      do {
        lock = try RunLock(folder: work.partial)
      } catch {
        guard case .held(let holder) = error.kind else { throw error }
        let who = holder.isThisProcess ? "another run of this command trains" : "\(holder) trains. \(error.mend)"
        if !isAnnounced { message("waits for the minimum \(path), which \(who)") }
        isAnnounced = true
        Thread.sleep(forTimeInterval: 0.1)
        continue
      }
      defer { lock.release() }
      // Somebody may have finished it between the look and the lock.
      if let known = try work.kept() {
        try lock.removeFolder()
        return known
      }
      let trained = try work.train(in: self)
      try lock.removeFolder()
      return trained
    }
  }
}

/// One minimum on its way.
private struct MinimumTraining<Element: Scalar & StoredElement> {
  let recipe: Recipe
  let seed: Int
  let digest: String
  let path: String
  let data: SplitDataset
  let network: Network

  var id: String { String(digest.prefix(16)) }
  var partial: String { String(path.dropLast(3)) + ".partial" }
  private var key: Key { keyOfMinimum(seed: seed) }
  private var start: [Element] {
    recipe.initialParameters(of: network, on: data.train, key: key.child("initialization"))
  }

  /// The minimum, if its file is there.
  func kept() throws -> TrainedMinimum<Element>? {
    guard FileSystem.exists(path) else { return nil }
    let file: RunFile
    let steps: Int
    let parameters: [Element]
    let initial: [Element]
    do {
      file = try RunFile.read(path)
      steps = try file.measurements.variable("steps").value()
      initial = try file.checkpoints.group("0").parameters()
      parameters = try file.checkpoints.group("\(steps)").parameters()
      guard try file.configuration.variable("yaml").value(String.self) == recipe.canonicalYAML else {
        throw HarnessError.otherConfiguration(path, remade: .training)
      }
    } catch let error as StorageError {
      throw HarnessError.damagedResult(path, reason: error.detail, remade: .training)
    }
    guard file.header.runID == id, parameters.count == network.parameterCount, initial.count == parameters.count else {
      throw HarnessError.damagedResult(path, reason: "it is not the minimum \(id)", remade: .training)
    }
    return TrainedMinimum(
      recipe: recipe, seed: seed, network: network, data: data, initialParameters: initial, parameters: parameters,
      steps: steps, trajectory: file.trajectory, divergence: file.measurements.attributes["divergence"]?.text,
      id: id, path: path)
  }

  func train(in context: RunContext) throws -> TrainedMinimum<Element> {
    let wallStart = ContinuousClock.now
    let processorStart = threadProcessorSeconds()
    let initial = start
    let evaluation = SplitEvaluation<Element>(recipe, of: network, on: data)
    let objective = evaluation.training
    recipe.perturbBatches(of: objective, on: data, key: key)
    let sampler = recipe.sampler(for: network, exampleCount: data.train.count, key: key.child("batches"))
    func evaluate(_ point: [Element]) -> (train: Evaluation, test: Evaluation) {
      context.repeated("evaluation of \(Element.typeName) \(recipe.evaluationCost(of: network))") {
        evaluation(at: point)
      }
    }
    var state = recipe.trainingState(from: initial, of: network, sampler: sampler, key: key)
    let plan = recipe.plan(for: data, sampler: sampler)
    let probes = [
      Probe<Element>.progress(
        at: .every(max(1, plan.steps / 200)), prefix: sampler == nil ? "" : "batch_", unit: evaluation.unit),
      Probe.distance(from: initial, at: .every(max(1, plan.steps / 200))),
      Probe(evaluation.columns, at: .every(max(1, plan.steps / 20))) { point in
        SplitEvaluation<Element>.numbers(of: evaluate(point.evaluationParameters))
      },
    ]
    let place = TrainingPlace(folder: partial, name: "training")
    let outcome = try context.resumable(&state, at: place, plan: plan, probes: probes, every: .seconds(20)) {
      try Training.train(&$0, on: objective, plan: $1, probes: $2, hooks: $3)
    }
    var divergence: String?
    if case .diverged(let step) = outcome { divergence = divergenceSentence(atStep: step) }
    let end = state.evaluationParameters
    let result = TrainedMinimum(
      recipe: recipe, seed: seed, network: network, data: data, initialParameters: initial,
      parameters: end, steps: state.step, trajectory: Group(state.trajectory), divergence: divergence,
      id: id, path: path)
    try file(
      result, evaluation, evaluate,
      provenance: context.provenance.group(
        threads: context.threads, wallSeconds: wallStart.duration(to: .now) / .seconds(1),
        processorSeconds: threadProcessorSeconds() - processorStart)
    ).write(to: path)
    return result
  }

  private func file(
    _ minimum: TrainedMinimum<Element>, _ evaluation: SplitEvaluation<Element>,
    _ evaluate: ([Element]) -> (train: Evaluation, test: Evaluation), provenance: Group
  ) -> RunFile {
    var scalars = recipe.values.attributes
    scalars["digest"] = .string(digest)
    var measurements = Group(
      variables: [Variable("steps", value: minimum.steps, longName: "updates made")]
        + evaluation.variables(of: evaluate(minimum.parameters)) + [
          Variable(
            "objective", value: evaluation.training.value(at: minimum.parameters), units: evaluation.unit,
            longName: "what is descended: the training loss with the L2 term, by the statistics of training's batches")
        ])
    measurements.attributes["normalization"] = .string(evaluation.normalization)
    measurements.groups["false_labels"] = data.provenance.storedFalseLabels
    if let divergence = minimum.divergence { measurements.attributes["divergence"] = .string(divergence) }
    let blocks = network.layout.storedBlocks
    var checkpoints = Group(groups: ["0": Group(parameters: minimum.initialParameters, in: blocks)])
    checkpoints.groups["\(minimum.steps)"] = Group(parameters: minimum.parameters, in: blocks)
    return RunFile(
      header: RunFileHeader(
        title: "minimum \(id) (seed \(seed))", source: "landscape \(programVersion)",
        history: "\(Date.now.formatted(.iso8601)) \(CommandLine.arguments.joined(separator: " "))", references: [],
        experiment: "minima", runID: id, seed: seed, status: minimum.divergence == nil ? .complete : .diverged,
        remarks: minimum.divergence.map { [$0] } ?? []),
      configuration: RunFile.configuration(yaml: recipe.canonicalYAML, scalars: scalars), provenance: provenance,
      trajectory: minimum.trajectory, checkpoints: checkpoints, measurements: measurements)
  }
}
