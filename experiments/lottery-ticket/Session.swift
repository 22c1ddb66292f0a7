internal import Datasets
internal import Foundation
internal import Harness
internal import Networks
internal import Optimizers
internal import Pruning
internal import Storage
internal import Tensors
internal import Training

/// The trainings of one run, which share network, data and start.
final class Session {
  let settings: LotteryTicketSettings
  let context: RunContext
  let network: Network
  let data: SplitDataset
  let parts: Judges.Parts
  /// The ticket that the run begins with; `nil` for the whole network.
  let parent: Parent?
  let start: [Float]
  /// What one dense training is of the run's time, about.
  private let denseShare: Double

  init(_ settings: LotteryTicketSettings, in context: RunContext) throws {
    self.settings = settings
    self.context = context
    let whole = try settings.training.data.load()
    // Which examples are held out is a matter of the data, not of the seed.
    let count = max(1, Int((settings.validationShare * Double(whole.train.count)).rounded()))
    var generator = Key(seed: UInt64(settings.training.data.seed)).child("validation").generator()
    let rows = generator.permutation(whole.train.count)
    let heldOut = whole.train.subset(rows: rows.prefix(count).sorted())
    data = SplitDataset(
      train: whole.train.subset(rows: rows.dropFirst(count).sorted()), test: whole.test, provenance: whole.provenance)
    let recipe = settings.training
    parts = Judges.Parts(
      train: recipe.examples(of: data.train), heldOut: recipe.examples(of: heldOut),
      test: recipe.examples(of: data.test))
    network = try recipe.network(for: data)
    parent = try Parent(settings.parent, of: network, settings.training)
    start =
      parent?.start
      ?? settings.training.initialParameters(
        of: network, on: data.train, key: context.key.child("initialization"))
    denseShare = 1 / settings.trainingsInDense
  }

  var recipe: Recipe { settings.training }
  private var interval: Int { max(1, recipe.steps / settings.evaluations) }

  /// The mask before the first round.
  var mask: Mask { parent?.mask ?? .full(network.parameterCount) }

  /// What round 0 trains.
  var subject: String { parent == nil ? "the dense network" : "the parent ticket" }

  /// Where round 0 begins; the whole network of a parent, as in the parent, at the start.
  var firstRestart: Restart {
    guard let parent, settings.parent.round > 0 else { return Restart(parameters: start) }
    return restart(rewound: parent.rewound, trained: parent.trained)
  }

  /// Round 0, of the whole network or of the parent's ticket, and the parameters that are rewound to.
  func first() throws -> (course: Course, rewound: [Float]) {
    guard let parent else { return try dense() }
    return (try pruned("ticket-0", parent.mask, from: firstRestart), parent.rewound)
  }

  /// The training of the whole network, and its parameters at the step that is rewound to.
  private func dense() throws -> (course: Course, rewound: [Float]) {
    var rewound = start
    let stage = try context.stage("dense", share: denseShare, cost: cost("dense from \(settings.rewinding.step)")) {
      let judges = Judges(recipe, of: network, on: parts)
      var state = freshState(from: start, of: network, judges)
      var plan = recipe.plan(for: data, sampler: state.sampler)
      var outcome = TrainingOutcome.completed
      if settings.rewinding.step > 0 {
        plan.steps = settings.rewinding.step
        outcome = try context.train("early", &state, on: judges.training, plan: plan, probes: [probe(judges)])
        rewound = state.parameters
      }
      plan.steps = recipe.steps
      if case .completed = outcome {
        outcome = try context.train("steps", &state, on: judges.training, plan: plan, probes: [probe(judges)])
      }
      var group = course(of: state, outcome, judges).group
      group.variables.append(Variable("rewound", along: ["parameter"], values: rewound))
      return group
    }
    return (try Course(stage, of: mask), try stage.variable("rewound").elements())
  }

  /// The training of what a mask leaves.
  func pruned(_ name: String, _ mask: Mask, from restart: Restart) throws -> Course {
    // Densities within a factor of 1.4 cost about the same.
    let density = Double(mask.places.count) / Double(max(1, mask.count))
    let kept = cost("weights 1.4^\((log(density) / log(1.4)).rounded(.up)) from \(restart.step)")
    var course = try Course(
      try context.stage(name, share: denseShare * sparseCost(network.weightDensity(of: mask)), cost: kept) {
        var (judges, state, plan) = training(mask, from: restart)
        let outcome = try context.train("steps", &state, on: judges.training, plan: plan, probes: [probe(judges)])
        return self.course(of: state, outcome, judges).group
      }, of: mask)
    course.isLostFromTheStart = course.divergedAt == restart.step
    if context.isRehearsal { course.parameters = mask.compressed(restart.parameters) }
    return course
  }

  /// That training, to be made anew.
  func retraining(_ mask: Mask, from restart: Restart) -> Retraining<Float> {
    Retraining(steps: restart.step..<recipe.steps, expanded: mask.expanded) { context, probe, memory in
      var (judges, state, plan) = self.training(mask, from: restart)
      try context.train(
        "trajectory", &state, on: judges.training, plan: plan, probes: [probe], memory: memory)
      return state
    }
  }

  private func training(
    _ mask: Mask, from restart: Restart
  ) -> (judges: Judges, state: TrainingState<Float>, plan: TrainingPlan) {
    let pruned = network.pruned(by: mask)
    let judges = Judges(recipe, of: pruned, on: parts)
    var state = freshState(from: mask.compressed(restart.parameters), of: pruned, judges)
    state.begin(at: restart.step)
    var plan = recipe.plan(for: data, sampler: state.sampler)
    if let rate = restart.rate { plan.schedule = .constant(rate) }
    return (judges, state, plan)
  }

  /// What the time of a training depends on, beside what it trains.
  private func cost(_ what: String) -> String {
    "\(what) \(recipe.costKey) \(settings.validationShare) \(settings.evaluations)"
  }

  private func freshState(from start: [Float], of network: Network, _ judges: Judges) -> TrainingState<Float> {
    let sampler = recipe.sampler(
      for: network, exampleCount: data.train.count, key: context.key.child("batches"))
    recipe.perturbBatches(of: judges.training, on: data, key: context.key)
    return recipe.trainingState(from: start, of: network, sampler: sampler, key: context.key)
  }

  private func probe(_ judges: Judges) -> Probe<Float> {
    Probe(
      [
        TrajectoryColumn("validation_loss", units: recipe.loss.unit, longName: "mean loss on held-out examples"),
        TrajectoryColumn("validation_error", longName: "share of held-out examples classified wrongly"),
        TrajectoryColumn("test_loss", units: recipe.loss.unit, longName: "mean loss on test examples"),
        TrajectoryColumn("test_error", longName: "share of test examples classified wrongly"),
      ], at: .every(interval)
    ) { point in
      let (validation, test) = judges.unseen(at: point.evaluationParameters)
      return [validation.loss, validation.error, test.loss, test.error]
    }
  }

  private func course(of state: TrainingState<Float>, _ outcome: TrainingOutcome, _ judges: Judges) -> Course {
    var course = Course()
    // The end of a first leg is no evaluation of its own.
    let kept = state.trajectory.steps.indices.filter {
      let step = state.trajectory.steps[$0]
      return step % interval == 0 || step == state.step
    }
    func column(_ name: String) -> [Double] {
      let values = state.trajectory[name] ?? []
      return kept.map { values[$0] }
    }
    course.steps = kept.map { state.trajectory.steps[$0] }
    course.validationLoss = column("validation_loss")
    course.validationError = column("validation_error")
    course.testLoss = column("test_loss")
    course.testError = column("test_error")
    course.parameters = state.evaluationParameters
    let seen = judges.seen(at: course.parameters)
    (course.trainLoss, course.trainError) = (seen.loss, seen.error)
    if case .diverged(let step) = outcome { course.divergedAt = step }
    return course
  }
}

/// The time of a training of sparse weights by that of the dense one, about; measured on LeNet-300-100.
private func sparseCost(_ density: Double) -> Double { density == 1 ? 1 : min(1.2, 0.12 + 1.35 * density) }

extension LotteryTicketSettings {
  /// The time of all trainings by that of a dense one, about.
  fileprivate var trainingsInDense: Double {
    func cost(_ round: Int) -> Double { sparseCost(pow(1 - pruning.rate, Double(round))) }
    let tickets = (0...pruning.rounds).reduce(0) { $0 + cost($1) }
    return tickets + Double(controls.count) * measuredRounds.reduce(0) { $0 + cost($1) }
  }

  /// The rounds after which controls are trained.
  var measuredRounds: [Int] {
    controlRounds.isEmpty ? Array(1..<pruning.rounds + 1) : Set(controlRounds).sorted()
  }
}
