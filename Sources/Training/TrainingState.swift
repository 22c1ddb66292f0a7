public import Datasets
public import Optimizers
public import Tensors

/// All that training needs to go on from where it stands: a checkpoint as a value.
///
/// A copy trained further is what the original would have become, bit for bit.
public struct TrainingState<Element: Scalar>: Sendable {
  /// The parameters after `step` updates.
  public var parameters: [Element]
  /// The method with what it remembers.
  public var optimizer: any DescentMethod<Element>
  /// The batches of stochastic training, at the one that comes next; `nil` for full-batch training.
  public var sampler: BatchSampler?
  /// The number of updates made.
  public internal(set) var step = 0
  /// The loss at the first step, which divergence is measured by; `nil` before it.
  public internal(set) var initialLoss: Double?
  /// The first step whose loss was so high that training would have diverged if it had ended there; `nil` before any.
  public internal(set) var firstStepOutOfBounds: Int?
  /// What has been recorded so far.
  public internal(set) var trajectory = Trajectory()

  /// The state before the first step of full-batch training, or of stochastic training where there is a sampler.
  public init(parameters: [Element], optimizer: any DescentMethod<Element>, sampler: BatchSampler? = nil) {
    precondition(
      optimizer.dimension == parameters.count,
      "an optimizer of \(optimizer.dimension) parameters for \(parameters.count) parameters")
    self.parameters = parameters
    self.optimizer = optimizer
    self.sampler = sampler
  }

  /// The state before the first step, the optimizer being made by its recipe.
  public init(parameters: [Element], recipe: OptimizerRecipe, sampler: BatchSampler? = nil) {
    self.init(parameters: parameters, recipe: .optimizer(recipe), sampler: sampler)
  }

  /// The state before the first step, the method being made by its recipe.
  ///
  /// - Parameters:
  ///   - blocks: the layers' places, for methods that scale each by itself; by default all parameters are one
  ///   - learningRateFactors: what each parameter's learning rate is multiplied by; `nil` for 1 everywhere. Methods that
  ///     choose their own steps don't take them.
  ///   - key: what methods with noise of their own draw it with
  public init(
    parameters: [Element], recipe: DescentRecipe, sampler: BatchSampler? = nil, blocks: [Range<Int>]? = nil,
    learningRateFactors: [Element]? = nil, key: Key = Key(seed: 0)
  ) {
    var method = recipe.make(dimension: parameters.count, blocks: blocks, key: key, as: Element.self)
    if let learningRateFactors { method.learningRateFactors = learningRateFactors }
    self.init(parameters: parameters, optimizer: method, sampler: sampler)
  }

  /// The parameters to evaluate: what the method averages or explores about, by default `parameters`.
  public var evaluationParameters: [Element] { optimizer.evaluationParameters(parameters) }
}

/// A training state as plain named arrays, for files of any kind.
///
/// Trajectories hold NaN, so a JSON encoder must be told how to write it; property lists and HDF5 need not.
public struct TrainingSnapshot<Element: Scalar>: Codable, Sendable {
  /// `parameters`, and each of the optimizer's vectors as `optimizer/<name>`.
  public var tensors: [String: [Element]]
  /// `initial_loss` (empty before the first step), each of the optimizer's numbers as `optimizer/<name>` and each column of
  /// the trajectory as `trajectory/<name>`.
  public var numbers: [String: [Double]]
  /// `step`, `first_step_out_of_bounds` where there is one, `trajectory_steps`, `optimizer_method` (the UTF-8 of its name), `optimizer/<counter>`, and with a sampler `sampler`: its example count, batch size,
  /// whether it keeps the partial batch, its key's bits, epoch and batch.
  public var integers: [String: [Int]]

  /// Creates a snapshot from its parts.
  public init(tensors: [String: [Element]], numbers: [String: [Double]], integers: [String: [Int]]) {
    self.tensors = tensors
    self.numbers = numbers
    self.integers = integers
  }
}

/// Why a snapshot doesn't fit a state.
public enum TrainingSnapshotError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An entry is absent or has another number of elements.
  case entry(name: String, expected: Int, found: Int?)
  /// The batches it was taken among are not those of the state.
  case sampler
  /// The optimizer's part doesn't fit.
  case optimizer(OptimizerStateError)

  /// One sentence.
  public var description: String {
    switch self {
    case .entry(let name, let expected, let found?):
      "The checkpoint's entry \(name) has \(found) elements, not \(expected)."
    case .entry(let name, _, nil): "The checkpoint has no entry \(name)."
    case .sampler: "The checkpoint was taken with other batches: another data set, batch size or key."
    case .optimizer(let error): error.description
    }
  }
}

extension TrainingState {
  private static var samplerEntry: String { "sampler" }
  private static var methodEntry: String { "optimizer_method" }
  private static var outOfBoundsEntry: String { "first_step_out_of_bounds" }

  private static func fields(_ sampler: BatchSampler) -> [Int] {
    [
      sampler.exampleCount, sampler.batchSize, sampler.keepsPartialBatch ? 1 : 0,
      Int(bitPattern: UInt(sampler.key.bits)),
    ]
  }

  /// The state as plain arrays.
  public var snapshot: TrainingSnapshot<Element> {
    let remembered = optimizer.state
    var tensors = ["parameters": parameters]
    for (name, vector) in remembered.tensors { tensors["optimizer/\(name)"] = vector }
    var numbers = ["initial_loss": initialLoss.map { [$0] } ?? []]
    for (name, values) in trajectory.allValues { numbers["trajectory/\(name)"] = values }
    for (name, number) in remembered.numbers { numbers["optimizer/\(name)"] = [number] }
    var integers = ["step": [step], "trajectory_steps": trajectory.steps]
    if let firstStepOutOfBounds { integers[Self.outOfBoundsEntry] = [firstStepOutOfBounds] }
    integers[Self.methodEntry] = remembered.method.utf8.map { Int($0) }
    for (name, count) in remembered.integers { integers["optimizer/\(name)"] = [count] }
    if let sampler {
      integers[Self.samplerEntry] = Self.fields(sampler) + [sampler.position.epoch, sampler.position.batch]
    }
    return TrainingSnapshot(tensors: tensors, numbers: numbers, integers: integers)
  }

  /// Goes to where the snapshot was taken. This state is one made from the same configuration, at any step; it is left
  /// as it was when the snapshot doesn't fit.
  public mutating func restore(_ snapshot: TrainingSnapshot<Element>) throws(TrainingSnapshotError) {
    var restored = self
    restored.parameters = try Self.entry("parameters", in: snapshot.tensors, count: parameters.count)
    restored.step = try Self.entry("step", in: snapshot.integers, count: 1)[0]
    let initial = try Self.entry("initial_loss", in: snapshot.numbers, count: nil)
    guard initial.count <= 1 else { throw .entry(name: "initial_loss", expected: 1, found: initial.count) }
    restored.initialLoss = initial.first
    restored.firstStepOutOfBounds = nil
    if snapshot.integers[Self.outOfBoundsEntry] != nil {
      restored.firstStepOutOfBounds = try Self.entry(Self.outOfBoundsEntry, in: snapshot.integers, count: 1)[0]
    }
    let steps = try Self.entry("trajectory_steps", in: snapshot.integers, count: nil)
    var columns: [String: [Double]] = [:]
    for name in snapshot.numbers.keys where name.hasPrefix("trajectory/") {
      columns[String(name.dropFirst("trajectory/".count))] = try Self.entry(
        name, in: snapshot.numbers, count: steps.count)
    }
    restored.trajectory = Trajectory(steps: steps, values: columns)
    try restored.restoreOptimizer(from: snapshot)
    try restored.restoreSampler(from: snapshot)
    self = restored
  }

  private mutating func restoreOptimizer(from snapshot: TrainingSnapshot<Element>) throws(TrainingSnapshotError) {
    let prefix = "optimizer/"
    let method = try Self.entry(Self.methodEntry, in: snapshot.integers, count: nil)
    var remembered = OptimizerState<Element>(
      method: String(decoding: method.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self))
    for (name, vector) in snapshot.tensors where name.hasPrefix(prefix) {
      remembered.tensors[String(name.dropFirst(prefix.count))] = vector
    }
    for name in snapshot.integers.keys where name.hasPrefix(prefix) {
      let counter = try Self.entry(name, in: snapshot.integers, count: 1)[0]
      remembered.integers[String(name.dropFirst(prefix.count))] = counter
    }
    for name in snapshot.numbers.keys where name.hasPrefix(prefix) {
      let number = try Self.entry(name, in: snapshot.numbers, count: 1)[0]
      remembered.numbers[String(name.dropFirst(prefix.count))] = number
    }
    do { try optimizer.restore(remembered) } catch { throw .optimizer(error) }
  }

  private mutating func restoreSampler(from snapshot: TrainingSnapshot<Element>) throws(TrainingSnapshotError) {
    let name = Self.samplerEntry
    guard let sampler else {
      if snapshot.integers[name] != nil { throw .sampler }
      return
    }
    let stored = try Self.entry(name, in: snapshot.integers, count: 6)
    guard Array(stored.prefix(4)) == Self.fields(sampler), stored[4] >= 0,
      (0..<sampler.batchesPerEpoch).contains(stored[5])
    else { throw .sampler }
    self.sampler?.move(to: BatchSampler.Position(epoch: stored[4], batch: stored[5]))
  }

  /// An entry with the given number of elements, or any number for `nil`.
  private static func entry<Value>(
    _ name: String, in entries: [String: [Value]], count: Int?
  ) throws(TrainingSnapshotError) -> [Value] {
    guard let values = entries[name] else { throw .entry(name: name, expected: count ?? 0, found: nil) }
    if let count, values.count != count { throw .entry(name: name, expected: count, found: values.count) }
    return values
  }
}
