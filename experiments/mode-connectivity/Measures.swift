import Datasets
import Harness
import Networks
import Storage
import Surfaces
import Tensors

extension Session {
  /// Measures one thing and puts it into the result.
  func add(_ measured: Measured, _ minima: [Minimum<Float>], to result: inout RunResult) throws {
    let place = measured.place
    let share = 0.8 / Double(settings.measure.count)
    if measured == .instability {
      result.measurements.groups[place] = try instability(share: share)
      return
    }
    let (first, second) = (minima[0], minima[1])
    switch measured {
    case .initialization:
      result.measurements.groups[place] = try context.stage(place, share: share) { try starts([first, second]) }
    case .line:
      result.measurements.groups[place] = try context.stage(place, share: share) {
        try measure(
          StraightLine(from: first.parameters, to: second.parameters), settings.pathPoints, "the straight line")
      }
    case .bezier:
      let curve = BezierCurve(
        from: first.parameters, to: second.parameters, bendCount: settings.curve.bezierDegree - 1)
      try add(
        try context.stage(place, share: share) { try trained(curve, "the Bezier curve", key: place) }, place,
        bends: settings.curve.bezierDegree - 1, to: &result)
    case .chain:
      let chain = PolygonalChain(
        from: first.parameters, to: second.parameters, bendCount: settings.curve.chainBends)
      try add(
        try context.stage(place, share: share) { try trained(chain, "the polygonal chain", key: place) }, place,
        bends: settings.curve.chainBends, to: &result)
    case .plane:
      // The bends come from the stages of the paths, which went before.
      let paths = try trainedPaths(of: result, from: first.parameters, to: second.parameters)
      result.measurements.groups[place] = try context.stage(place, share: share) {
        try plane(minima.map(\.parameters), paths)
      }
    case .elasticBand:
      let band = try context.stage("elastic-band", share: share) {
        try elasticBand(from: first.parameters, to: second.parameters, key: "elastic-band")
      }
      try add(band, place, bends: try band.dimension("bend_coordinate").length / network.parameterCount, to: &result)
    case .matching:
      result.measurements.groups[place] = try context.stage(place, share: share) {
        try matching(first.parameters, second.parameters)
      }
    case .tree:
      result.measurements.groups[place] = try context.stage(place, share: share) {
        try tree(minima.map(\.parameters))
      }
    case .instability: preconditionFailure("instability has no minima")
    }
  }

  private func starts(_ minima: [Minimum<Float>]) throws -> Group {
    var group = Group()
    for (name, minimum) in zip(["first", "second"], minima) {
      guard let start = minimum.initialParameters else {
        // What is left out of the defaults is no news.
        if settings.measure != ModeConnectivitySettings().measure {
          group.remarks = ["ends from files have no start, so that there is no line from it"]
        }
        continue
      }
      group.groups[name] = try measure(
        StraightLine(from: start, to: minimum.parameters), settings.initializationPoints,
        "the line from the \(name) initialization to its minimum", rise: true)
    }
    return group
  }

  /// Puts a trained path's measurement in place, and its bends among the checkpoints, by block.
  private func add(_ path: Group, _ place: String, bends count: Int, to result: inout RunResult) throws {
    let coordinates: [Float] = try path.variable("bends").elements()
    let dimension = network.parameterCount
    for bend in 0..<count {
      result.checkpoints?.groups[count == 1 ? "\(place)_bend" : "\(place)_bend\(bend + 1)"] = Group(
        parameters: Array(coordinates[bend * dimension..<(bend + 1) * dimension]), in: network.layout.storedBlocks)
    }
    var measurement = path
    measurement.variables.removeAll { $0.name == "bends" }
    measurement.dimensions.removeAll { $0.name == "bend_coordinate" }
    result.measurements.groups[place] = measurement
  }

  /// What the minima are: their files, their distance, how steep the loss still is there; and whether one is none.
  func describeEnds(_ minima: [Minimum<Float>], in result: inout RunResult) throws {
    let kept = try context.stage("ends", cost: "ends \(minima.count) \(settings.minimum.evaluationCost(of: network))") {
      slopes(minima)
    }
    result.measurements.groups["ends"] = kept
    result.measurements.variables.append(
      Variable(
        "distance", value: minima[0].parameters.distance(to: minima[1].parameters), units: "1",
        longName: "Euclidean distance between the two minima"))
    result.measurements.attributes["first_minimum"] = .string(minima[0].id)
    result.measurements.attributes["second_minimum"] = .string(minima[1].id)
    result.measurements.attributes["normalization"] = .string(evaluation.normalization)
    result.measurements.groups["false_labels"] = data.provenance.storedFalseLabels
    if minima.count > 2 {
      result.measurements.attributes["minima"] = .string(minima.map(\.id).joined(separator: ", "))
    }
    result.divergence =
      minima.indices.compactMap { index in minima[index].divergence.map { "end \(index): \($0)" } }.first
    let blocks = network.layout.storedBlocks
    result.checkpoints = Group(groups: [
      "first": Group(parameters: minima[0].parameters, in: blocks),
      "second": Group(parameters: minima[1].parameters, in: blocks),
    ])
    for (index, minimum) in minima.enumerated().dropFirst(2) {
      result.checkpoints?.groups["end\(index)"] = Group(parameters: minimum.parameters, in: blocks)
    }
  }

  private func slopes(_ minima: [Minimum<Float>]) -> Group {
    var gradient = [Float](repeating: 0, count: network.parameterCount)
    func slope(_ point: [Float]) -> (loss: Double, norm: Double) {
      let loss = train.gradient(at: point, into: &gradient)
      return (loss, Double(gradient.norm))
    }
    let starts = minima.map { SlopeAtStart(of: $0, on: train, key: context.key.child("ends")) }
    let ends = minima.map { slope($0.parameters) }
    let dead = minima.map { train.deadUnits(at: $0.parameters) }
    let reasons = minima.indices.map { index in
      minima[index].divergence
        ?? reasonAgainstMinimum(gradientNorm: ends[index].norm, atStart: starts[index].norm, of: starts[index].place)
    }
    var group = Group(
      dimensions: [Dimension("end", length: minima.count)],
      variables: [
        Variable(
          "objective", along: ["end"], values: ends.map(\.loss), units: unit,
          longName: "training loss at a minimum, with its penalty"),
        Variable(
          "gradient_norm", along: ["end"], values: ends.map(\.norm), longName: "norm of its gradient there"),
        Variable(
          "initial_gradient_norm", along: ["end"], values: starts.map(\.norm),
          longName: "norm of its gradient where training began, at a random point for an end from a file"),
        Variable(
          "is_minimum", along: ["end"], values: reasons.map { UInt8($0 == nil ? 1 : 0) },
          longName: "whether an end counts as a minimum"),
        Variable(
          "dead_units", along: ["end"], values: dead.map { $0.map { Double($0.dead) } ?? .nan },
          longName: "hidden ReLU units that no training example activates"),
      ])
    group.remarks = minima.indices.compactMap { index in
      // The first that diverged is what the run says of itself.
      minima[index].divergence == nil
        ? reasons[index].map { "end \(index) is no minimum: \($0)" }
        : index == minima.firstIndex { $0.divergence != nil } ? nil : "end \(index): \(minima[index].divergence ?? "")"
    }
    let sound = minima.indices.map { minima[$0].divergence == nil ? dead[$0] : nil }
    if let remark = remark(onDeadUnits: sound) { group.remarks.append(remark) }
    return group
  }

  /// One sentence on all ends of which a layer has lost more than a tenth of its units.
  private func remark(onDeadUnits ends: [DeadUnits?]) -> String? {
    let narrowed = ends.indices.filter { ends[$0]?.narrowed.isEmpty == false }
    guard let first = narrowed.first else { return nil }
    if narrowed.count == 1, let remark = ends[first]?.remark { return "of end \(first), \(remark)" }
    let share = narrowed.reduce(0) { max($0, ends[$1]?.largestShare ?? 0) }
    let names = narrowed.map(String.init).joined(separator: ", ")
    return "at the ends \(names), up to \(Int((100 * share).rounded())) % of a layer's ReLU units are dead"
  }
}
