import Datasets
import Harness
import Networks
import Storage
import Surfaces
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Session {
  /// The path of minimum energy between two points, by AutoNEB, measured; each relaxation is a stage of its own.
  func elasticBand(from start: [Float], to end: [Float], key: String) throws -> Group {
    let chosen = settings.elasticBand
    let ends = (train.value(at: start), train.value(at: end))
    var band = ElasticBand(from: start, to: end, pivotCount: chosen.pivots)
    var pivotCounts: [Int] = []
    for cycle in 0..<chosen.cycles {
      pivotCounts.append(band.pivotCount)
      let kept = try context.stage("cycle\(cycle)", share: 0.8 / Double(chosen.cycles)) {
        var relaxed = band
        try relax(&relaxed, cycle: cycle, endValues: ends, key: key)
        if cycle < chosen.cycles - 1 {
          // In a rehearsal, whose ends were hardly trained, each piece gets its pivot as long as there is room.
          var rehearsed = 0.0
          try relaxed.insertPivots(
            tolerance: context.isRehearsal ? -1 : chosen.tolerance, pointsPerPiece: chosen.pointsPerPiece,
            maximumPivots: chosen.maximumPivots
          ) { point in
            try context.checkCancellation()
            let value = context.repeated("training loss") { train.value(at: point) }
            rehearsed += 1
            return context.isRehearsal ? rehearsed : value
          }
        }
        return Group(relaxed)
      }
      band = try ElasticBand(kept)
    }
    var group = try measure(band.chain, settings.pathPoints, "the elastic band")
    let losses: [Double] = try group.variable("train_loss").elements()
    if !losses.allSatisfy(\.isFinite) { group.remarks = ["the loss of the elastic band went out of bounds"] }
    group.dimensions.append(Dimension("cycle", length: pivotCounts.count))
    group.variables.append(
      Variable("pivots", along: ["cycle"], values: pivotCounts, units: "1", longName: "pivots in each relaxation"))
    group.dimensions.append(Dimension("bend_coordinate", length: band.pivotCount * band.dimension))
    group.variables.append(
      Variable(
        "bends", along: ["bend_coordinate"], values: band.chain.bends, longName: "the pivots, one after the other"))
    return group
  }

  private func relax(
    _ band: inout ElasticBand<Float>, cycle: Int, endValues: (Double, Double), key: String
  ) throws {
    let chosen = settings.elasticBand
    let total = Double(chosen.cycles * chosen.steps)
    var batches = sampler(
      batchSize: chosen.batchSize, key: context.key.child(key).child("batches").child(cycle))
    perturbBatches(key: context.key.child(key).child(cycle))
    var seen = -1
    try context.rounds(chosen.steps) { steps in
      try band.relax(
        steps: steps, endValues: endValues,
        learningRate: { step in
          chosen.learningRate * (1 + cos(.pi * Double(cycle * chosen.steps + step) / total)) / 2
        }, momentum: chosen.momentum
      ) { step, point, gradient in
        if step != seen {
          try context.checkCancellation()
          context.progress(Double(step) / Double(chosen.steps))
          if seen >= 0 { batches.advance() }
          train.begin(step: cycle * chosen.steps + step, epoch: batches.position.epoch)
          seen = step
        }
        return train.gradient(at: point, examples: batches.current, into: &gradient)
      }
    }
  }

  /// Paths of minimum energy between all pairs of minima, and the tree of the lowest passes.
  func tree(_ minima: [[Float]]) throws -> Group {
    let count = minima.count
    var fields = [String: [Double]]()
    for name in ["maximum", "barrier", "line_barrier"] {
      fields[name] = [Double](repeating: .nan, count: count * count)
    }
    let pairs = (0..<count).flatMap { i in (i + 1..<count).map { (i, $0) } }
    for (i, j) in pairs {
      let pair = try context.stage("pair-\(i)-\(j)", share: 1 / Double(pairs.count)) {
        var pair = try elasticBand(from: minima[i], to: minima[j], key: "tree-\(i)-\(j)")
        pair.groups["line"] = try measure(
          StraightLine(from: minima[i], to: minima[j]), settings.pathPoints, "the straight line")
        return pair
      }
      let values: [(String, Double)] = [
        ("maximum", try pair.variable("maximum").value()), ("barrier", try pair.variable("train_barrier").value()),
        ("line_barrier", try pair.variable("line/train_barrier").value()),
      ]
      for (name, value) in values {
        fields[name]?[i * count + j] = value
        fields[name]?[j * count + i] = value
      }
    }
    var tree = group(fields, SpanningTree(weights: fields["maximum"] ?? [], count: count))
    let lost = pairs.filter { i, j in fields["maximum"]?[i * count + j].isFinite == false }
    tree.remarks = lost.map { i, j in "the loss of the elastic band between end \(i) and end \(j) went out of bounds" }
    return tree
  }

  private func group(_ fields: [String: [Double]], _ tree: SpanningTree) -> Group {
    func field(_ name: String, _ values: [Double], _ longName: String) -> Variable {
      Variable(
        name, along: ["minimum", "other_minimum"], shape: [tree.count, tree.count], values: values, units: unit,
        longName: longName)
    }
    let edges = tree.edges
    return Group(
      dimensions: [
        Dimension("minimum", length: tree.count), Dimension("other_minimum", length: tree.count),
        Dimension("edge", length: edges.count),
      ],
      variables: [
        field("maximum", fields["maximum"] ?? [], "largest training loss on the elastic band between two minima"),
        field("barrier", fields["barrier"] ?? [], "barrier of the training loss on that band"),
        field("line_barrier", fields["line_barrier"] ?? [], "barrier of the training loss on the straight line"),
        field(
          "lowest_pass", tree.highestEdges.map { $0 == -.infinity ? .nan : $0 },
          "largest training loss on the way between two minima along the tree"),
        Variable("edge_first", along: ["edge"], values: edges.map(\.first), longName: "one end of an edge of the tree"),
        Variable("edge_second", along: ["edge"], values: edges.map(\.second), longName: "its other end"),
        Variable(
          "edge_maximum", along: ["edge"], values: edges.map(\.weight), units: unit,
          longName: "largest training loss on the edge"),
      ])
  }
}

extension Group {
  /// A band as a stage keeps it.
  fileprivate init(_ band: ElasticBand<Float>) {
    self.init(
      dimensions: [
        Dimension("point", length: band.points.count), Dimension("coordinate", length: band.dimension),
        Dimension("piece", length: band.shares.count),
      ],
      variables: [
        Variable(
          "points", along: ["point", "coordinate"], shape: [band.points.count, band.dimension],
          values: Array(band.points.joined())), Variable("shares", along: ["piece"], values: band.shares),
      ])
  }
}

extension ElasticBand<Float> {
  /// The band that a stage kept.
  fileprivate init(_ group: Group) throws {
    let variable = try group.variable("points")
    let values: [Float] = try variable.elements()
    let dimension = variable.shape[1]
    self.init(
      points: (0..<variable.shape[0]).map { Array(values[$0 * dimension..<($0 + 1) * dimension]) },
      shares: try group.variable("shares").elements())
  }
}
