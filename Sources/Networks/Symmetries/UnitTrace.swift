import Tensors

/// What layers tell of their units, from the inputs on: see ``Layer/traceUnits(_:_:in:)``.
///
/// Units are known by the number of their group, or `nil` where their order can't change, as that of inputs.
public struct UnitTrace {
  private struct Note {
    let group: Int
    let block: String
    let offset: Int
    let outer: Int
    let inner: Int
    let isOutput: Bool
  }

  private var units: [Int] = []
  private var parents: [Int] = []
  private var isFixed: [Bool] = []
  private var notes: [Note] = []

  /// New units whose order is free so far.
  public mutating func makeGroup(units count: Int) -> Int {
    units.append(count)
    parents.append(parents.count)
    isFixed.append(false)
    return parents.count - 1
  }

  /// Holds units in place.
  public mutating func fix(_ group: Int?) {
    if let group { isFixed[root(group)] = true }
  }

  /// Ties the order of two groups to each other.
  public mutating func unite(_ first: Int?, _ second: Int?) -> Int? {
    guard let first, let second else {
      fix(first)
      fix(second)
      return nil
    }
    let (a, b) = (root(first), root(second))
    precondition(units[a] == units[b], "groups of \(units[a]) and \(units[b]) units can't be one")
    parents[max(a, b)] = min(a, b)
    isFixed[min(a, b)] = isFixed[a] || isFixed[b]
    return min(a, b)
  }

  /// Notes that an axis of a block counts the units of a group, the last axis of each of several positions if it is
  /// longer; `computes` says that they are the block's results.
  public mutating func note(_ group: Int?, _ block: ParameterLayout.Block, axis: Int, computes: Bool) {
    guard let group else { return }
    let extents = block.shape.dimensions
    let count = units[root(group)]
    precondition(extents[axis].isMultiple(of: count), "\(count) units along the axis \(axis) of \(block.shape)")
    notes.append(
      Note(
        group: group, block: block.name, offset: block.offset,
        outer: extents[..<axis].reduce(1, *) * (extents[axis] / count), inner: extents[(axis + 1)...].reduce(1, *),
        isOutput: computes))
  }

  private func root(_ group: Int) -> Int {
    var group = group
    while parents[group] != group { group = parents[group] }
    return group
  }

  /// The groups whose order is free. One that a block both takes and computes is left out.
  func symmetry(of layout: ParameterLayout) -> UnitSymmetry {
    let numbers = Dictionary(uniqueKeysWithValues: layout.blocks.enumerated().map { ($1.name, $0) })
    let groups = parents.indices.compactMap { group -> UnitSymmetry.Group? in
      let own = notes.filter { root($0.group) == group }
      guard parents[group] == group, !isFixed[group], Set(own.map(\.block)).count == own.count else { return nil }
      let name = own.first { $0.isOutput }.map { $0.block.split(separator: "/").dropLast().joined(separator: "/") }
      return UnitSymmetry.Group(
        name: name ?? "units\(group)", units: units[group],
        places: own.map {
          UnitSymmetry.Place(
            block: numbers[$0.block]!, offset: $0.offset, outer: $0.outer, inner: $0.inner, isOutput: $0.isOutput)
        })
    }
    return UnitSymmetry(groups: groups, dimension: layout.count)
  }
}
