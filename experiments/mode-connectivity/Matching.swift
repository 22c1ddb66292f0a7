import Datasets
import Harness
import Networks
import Storage
import Surfaces
import Tensors

extension Session {
  /// For each way to match units: the permuted second minimum, whether it is still the same function, and the line to it.
  func matching(_ first: [Float], _ second: [Float]) throws -> Group {
    let symmetry = network.unitSymmetry
    guard !symmetry.groups.isEmpty else {
      return Group(attributes: [
        "remarks": .strings([
          "no hidden units of this network can be matched: recurrence, grouped layers and the like hold them in place"
        ])
      ])
    }
    var groups: Named<Group> = [:]
    for method in settings.matching.methods {
      let matching = match(method, symmetry, first, second)
      let moved = symmetry.permuted(second, by: matching.permutations)
      var group = try measure(
        StraightLine(from: first, to: moved), settings.pathPoints,
        "the line to the minimum matched by \(method.rawValue)")
      append(matching, symmetry, to: &group)
      group.variables.append(
        Variable(
          "distance", value: first.distance(to: moved), units: "1",
          longName: "Euclidean distance of the first minimum and the matched one"))
      check(second, moved, in: &group, method)
      group.groups["repaired"] = try repaired(first, moved, method)
      if settings.matching.isRepaired, group.groups["repaired"] == nil {
        group.attributes["repair"] = .string(
          network.statisticsCount > 0
            ? "not needed: moments over batches are computed anew at every point"
            : "not possible: a hidden layer has no bias, or its weights are computed from others or used repeatedly")
      }
      groups[method.rawValue] = group
    }
    return Group(groups: groups)
  }

  private func match(
    _ method: MatchingMethod, _ symmetry: UnitSymmetry, _ first: [Float], _ second: [Float]
  ) -> UnitMatching {
    let key = context.key.child("matching").child(method.rawValue)
    switch method {
    case .weights: return symmetry.weightMatching(first, second, key: key)
    case .activations: return train.activationMatching(of: symmetry, first, second)
    case .straightThrough:
      perturbBatches(key: key)
      var batches = sampler(batchSize: settings.matching.batchSize, key: key.child("batches"))
      return symmetry.straightThroughMatching(
        first, second, on: train, steps: settings.matching.steps, learningRate: settings.matching.learningRate,
        key: key
      ) { step in
        if step > 0 { batches.advance() }
        return batches.current
      }
    }
  }

  private func append(_ matching: UnitMatching, _ symmetry: UnitSymmetry, to group: inout Group) {
    let units = matching.permutations.map(\.count).reduce(0, +)
    let kept = matching.permutations.reduce(0) { $0 + $1.enumerated().count { $0.offset == $0.element } }
    group.dimensions.append(Dimension("unit", length: units))
    group.variables += [
      Variable(
        "permutation", along: ["unit"], values: Array(matching.permutations.joined()),
        longName: "the second minimum's unit that is matched with each unit of the first, within its group"),
      Variable(
        "unit_group", along: ["unit"],
        values: symmetry.groups.enumerated().flatMap { [Int](repeating: $0, count: $1.units) },
        longName: "number of the unit's group"),
      Variable(
        "moved_share", value: 1 - Double(kept) / Double(units), units: "1", longName: "share of units that change place"
      ),
      Variable("sweeps", value: matching.sweeps, longName: "sweeps over the groups of units"),
    ]
    group.attributes["groups"] = .string(symmetry.groups.map { "\($0.name): \($0.units)" }.joined(separator: ", "))
  }

  /// The line to the matched minimum with the moments of hidden units repaired at every point; `nil` where parameters can't
  /// do it. Moments over batches are computed anew at every point as it is.
  private func repaired(_ first: [Float], _ moved: [Float], _ method: MatchingMethod) throws -> Group? {
    guard settings.matching.isRepaired, let repair = ActivationRepair(on: train, between: first, and: moved) else {
      return nil
    }
    return try measure(
      StraightLine(from: first, to: moved), settings.pathPoints,
      "the repaired line to the minimum matched by \(method.rawValue)", repair: repair.repaired)
  }

  /// Outputs on the training set before and after, which should differ by rounding alone.
  private func check(_ second: [Float], _ moved: [Float], in group: inout Group, _ method: MatchingMethod) {
    let before = train.outputs(at: second).elements
    let after = train.outputs(at: moved).elements
    let scale = before.reduce(0) { max($0, abs(Double($1))) }
    let difference = zip(before, after).reduce(0.0) { largest, pair in
      let own = abs(Double(pair.0) - Double(pair.1))
      return largest.isNaN || own.isNaN ? .nan : max(largest, own)
    }
    group.variables += [
      Variable(
        "output_difference", value: difference, units: "1",
        longName: "largest difference of outputs on the training set between the second minimum and the matched one"),
      Variable("output_scale", value: scale, units: "1", longName: "largest output of the second minimum there"),
    ]
    if !(difference <= 1e-4 * max(1, scale)) {
      let size = difference.isNaN ? "are not all numbers" : "differ by \(shortNumber(difference))"
      group.remarks = ["the net permuted by \(method.rawValue) is not the same function: outputs \(size)"]
    }
  }
}
