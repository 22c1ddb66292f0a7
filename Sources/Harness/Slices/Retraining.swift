public import Datasets
public import Networks
public import Storage
public import Tensors
public import Training

/// A training that led to a point, to be made anew for the points that it passed.
public struct Retraining<Element: Scalar & StoredElement> {
  /// Trains from the start, with a probe and its memory, to the end.
  public typealias Course = (RunContext, Probe<Element>, ProbeMemory<Element>) throws -> TrainingState<Element>

  /// The updates that it makes.
  public let steps: Range<Int>
  /// All parameters, from those that are trained.
  public let expanded: ([Element]) -> [Element]
  /// The training.
  public let course: Course

  /// A training from its parts.
  public init(steps: Range<Int>, expanded: @escaping ([Element]) -> [Element] = { $0 }, _ course: @escaping Course) {
    self.steps = steps
    self.expanded = expanded
    self.course = course
  }

  /// A training by a recipe, whose start and batches the children `initialization` and `batches` of a key give.
  public init(by recipe: Recipe, of network: Network, on data: SplitDataset, key: Key) {
    self.init(steps: 0..<recipe.steps) { context, probe, memory in
      let objective: NetworkObjective<Element> = recipe.objective(of: network, on: data.train)
      recipe.perturbBatches(of: objective, on: data, key: key)
      let start: [Element] = recipe.initialParameters(of: network, on: data.train, key: key.child("initialization"))
      let sampler = recipe.sampler(for: network, exampleCount: data.train.count, key: key.child("batches"))
      var state = recipe.trainingState(from: start, of: network, sampler: sampler, key: key)
      try context.train(
        "trajectory", &state, on: objective, plan: recipe.plan(for: data, sampler: sampler), probes: [probe],
        memory: memory)
      return state
    }
  }

  /// The points that it passes, `count` of them or a few more at even distances and where it ended; `nil` when it does not
  /// end at `end`.
  func trajectory(to end: [Element], count: Int, in context: RunContext) throws -> [(step: Int, point: [Element])]? {
    let memory = ProbeMemory<Element>()
    let column = TrajectoryColumn("parameter_norm", longName: "Euclidean norm of the parameters")
    let occasions = stride(from: steps.lowerBound, to: steps.upperBound, by: max(1, steps.count / count))
    let probe = Probe<Element>([column], at: .at(Set(occasions))) { point in
      memory.vectors["\(point.step)"] = point.parameters
      return [Double(point.parameters.norm)]
    }
    let state = try course(context, probe, memory)
    guard [state.evaluationParameters, state.parameters].contains(where: { expanded($0) == end }) else { return nil }
    return memory.vectors.compactMap { name, point in Int(name).map { ($0, expanded(point)) } }.sorted { $0.0 < $1.0 }
  }
}
