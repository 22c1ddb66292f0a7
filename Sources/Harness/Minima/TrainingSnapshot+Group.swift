public import Storage
import Tensors
public import Training

extension TrainingSnapshot where Element: StoredElement {
  /// The snapshot as a tree for a file: one subgroup for each kind of array.
  ///
  /// Names in files hold no slashes, so that `optimizer/velocity` is stored as `optimizer.velocity`.
  var group: Group {
    Group(groups: ["tensors": group(of: tensors), "numbers": group(of: numbers), "integers": group(of: integers)])
  }

  /// The snapshot that a tree holds.
  init(_ group: Group) throws(StorageError) {
    self.init(
      tensors: try Self.arrays(in: group, "tensors"), numbers: try Self.arrays(in: group, "numbers"),
      integers: try Self.arrays(in: group, "integers"))
  }

  private func group<Value: StoredElement>(of arrays: [String: [Value]]) -> Group {
    let sorted = arrays.sorted { $0.key < $1.key }.map { (name: $0.key.replacing("/", with: "."), values: $0.value) }
    return Group(
      dimensions: sorted.map { Dimension("\($0.name)_index", length: $0.values.count) },
      variables: sorted.map { Variable($0.name, along: ["\($0.name)_index"], values: $0.values) })
  }

  private static func arrays<Value: StoredElement>(
    in group: Group, _ name: String
  ) throws(StorageError) -> [String: [Value]] {
    var arrays: [String: [Value]] = [:]
    for variable in try group.group(name).variables {
      arrays[variable.name.replacing(".", with: "/")] = try variable.elements()
    }
    return arrays
  }
}

extension Trajectory {
  /// The trajectory as a group along `step`.
  public var group: Group {
    Group(
      dimensions: [Dimension("step", coordinates: steps, longName: "updates made")],
      variables: columns.map {
        Variable($0.name, along: ["step"], values: self[$0.name] ?? [], units: $0.units, longName: $0.longName)
      })
  }
}
