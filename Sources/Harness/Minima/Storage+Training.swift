public import Datasets
public import Storage
public import Tensors
public import Training

/// Vectors that the probes of a training keep from one measurement to the next, such as the eigenvectors that the next
/// search starts from. They are part of the training's checkpoints, so that a resumed training records the same bits.
///
/// It belongs to one training, and is empty when that begins.
public final class ProbeMemory<Element: Scalar & StoredElement> {
  /// The vectors by name.
  public var vectors: [String: [Element]] = [:]

  /// An empty memory.
  public init() {}

  /// Goes to what a checkpoint holds.
  func restore(from checkpoint: Group) throws(StorageError) { vectors = try checkpoint.group("probes").arrays() }
}

extension Group {
  /// A trajectory along `step`, as run files hold it.
  public init(_ trajectory: Trajectory) {
    self.init(
      dimensions: [Dimension("step", coordinates: trajectory.steps, longName: "updates made")],
      variables: trajectory.columns.map { column in
        Variable(
          column.name, along: ["step"], values: trajectory[column.name] ?? [], units: column.units,
          longName: column.longName)
      })
  }

  /// A training state's snapshot: a group for each type of numbers, each array along a dimension of its own. And what
  /// the probes remember.
  init<Element: Scalar & StoredElement>(_ snapshot: TrainingSnapshot<Element>, _ memory: ProbeMemory<Element>? = nil) {
    self.init(groups: [
      "tensors": Group(arrays: snapshot.tensors), "numbers": Group(arrays: snapshot.numbers),
      "integers": Group(arrays: snapshot.integers),
    ])
    if let memory { groups["probes"] = Group(arrays: memory.vectors) }
  }

  private init<Value: StoredElement>(arrays: [String: [Value]]) {
    self.init()
    for (index, (name, values)) in arrays.sorted(by: { $0.key < $1.key }).enumerated() {
      dimensions.append(Dimension("length_\(index)", length: values.count))
      variables.append(
        Variable("array_\(index)", along: ["length_\(index)"], values: values, attributes: ["name": .string(name)]))
    }
  }

  /// The snapshot back. Throws `StorageError` when it isn't one.
  func snapshot<Element: Scalar & StoredElement>(
    of type: Element.Type
  ) throws(StorageError) -> TrainingSnapshot<Element> {
    TrainingSnapshot(
      tensors: try group("tensors").arrays(), numbers: try group("numbers").arrays(),
      integers: try group("integers").arrays())
  }

  fileprivate func arrays<Value: StoredElement>() throws(StorageError) -> [String: [Value]] {
    var arrays: [String: [Value]] = [:]
    for variable in variables {
      guard let name = variable.attributes["name"]?.text else { continue }
      arrays[name] = try variable.elements(Value.self)
    }
    return arrays
  }
}

extension Provenance {
  /// The labels that were changed on purpose, as run files hold them; `nil` where there are none.
  public var storedFalseLabels: Group? {
    if falseLabels.isEmpty { return nil }
    func variable(_ name: String, _ values: [Int], _ longName: String) -> Variable {
      Variable(name, along: ["false_label"], values: values, longName: longName)
    }
    return Group(
      dimensions: [Dimension("false_label", length: falseLabels.count)],
      variables: [
        variable("row", falseLabels.map(\.row), "row of the training part whose label was changed on purpose"),
        variable("truth", falseLabels.map(\.truth), "its label by the source"),
        variable("label", falseLabels.map(\.label), "the label that it is trained with"),
      ])
  }
}
