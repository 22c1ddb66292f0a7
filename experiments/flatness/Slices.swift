import Curvature
import Differentiation
import Harness
import Networks
import Storage
import Surfaces
import Tensors

/// Losses and errors along lines through a minimum, with the signs whether such a picture can be believed.
struct Slices {
  let settings: SliceSettings
  let measures: MeasureSettings
  let parts: [ParameterPart]
  let evaluation: SplitEvaluation<Float>
  let point: [Float]
  let context: RunContext

  /// The lines as a group along `line` and `distance`. Cost: an evaluation of all data at each point.
  func group() throws -> Group {
    let hessian = evaluation.training.hessian(at: point)
    let ends = Lanczos(tolerance: measures.tolerance, maximumDimension: measures.maximumDimension)
      .extremes(
        of: hessian, largest: settings.direction == .eigenvector ? settings.lines : 1,
        key: context.key.child("slices").child("lanczos"))
    let directions = directions(ends.largest.map(\.vector))
    let shares = directions.map { curvatureShare(along: $0, of: hessian, largest: ends.largest.first?.value ?? .nan) }
    let distances = (0..<settings.points).map {
      settings.reach * (2 * Double($0) / Double(settings.points - 1) - 1)
    }
    var fields = [[Double]](repeating: [], count: 4)
    var slices: [LineSlice] = []
    for (index, direction) in directions.enumerated() {
      slices.append(
        try LineSlice(from: point, along: direction, at: distances) { place in
          try context.checkCancellation()
          let (train, test) = evaluation(at: place)
          for (field, value) in zip(fields.indices, [train.loss, train.error, test.loss, test.error]) {
            fields[field].append(value)
          }
          return train.loss
        })
      context.progress(Double(index + 1) / Double(directions.count + (settings.planePoints > 0 ? directions.count : 0)))
    }
    let (train, test) = evaluation(at: point)
    var group = Group(
      dimensions: [
        Dimension("line", length: directions.count),
        Dimension(
          "distance", coordinates: distances, longName: "distance from the minimum, in multiples of the direction"),
      ],
      variables: variables(fields, directions.count, distances) + [
        Variable(
          "train_rise", value: meanRise(fields[0], above: train.loss, ends: distances.count), units: "nat",
          longName: "mean rise of the training loss at the lines' ends"),
        Variable(
          "test_rise", value: meanRise(fields[2], above: test.loss, ends: distances.count), units: "nat",
          longName: "mean rise of the test loss at the lines' ends"),
        Variable(
          "curvature_share", along: ["line"], values: shares,
          longName: "curvature along each line as a share of the largest eigenvalue"),
        Variable(
          "agreement", value: agreement(slices), longName: "share of the lines' variance that their mean accounts for"),
      ], attributes: ["direction": .string(settings.direction.rawValue), "scope": .string(settings.scope.rawValue)])
    if settings.planePoints > 0, directions.count > 1 { group.groups["plane"] = try plane(directions) }
    return group
  }

  private func directions(_ eigenvectors: [[Float]]) -> [[Float]] {
    if settings.direction == .eigenvector { return eigenvectors }
    return (0..<settings.lines).map { index in
      let key = context.key.child("slices").child(index)
      var direction = randomDirection(
        at: point, in: parts, by: settings.direction.normalization ?? .whole, scope: settings.scope, key: key)
      if settings.direction == .unit, direction.norm > 0 { direction.scale(by: 1 / direction.norm) }
      return direction
    }
  }

  private func variables(_ fields: [[Double]], _ lines: Int, _ distances: [Double]) -> [Variable] {
    let names = [
      ("train_loss", "nat", "training loss"), ("train_error", "1", "training error"), ("test_loss", "nat", "test loss"),
      ("test_error", "1", "test error"),
    ]
    return zip(names, fields).map { name, values in
      Variable(
        name.0, along: ["line", "distance"], shape: [lines, distances.count], values: values, units: name.1,
        longName: "\(name.2) along the lines")
    }
  }

  private func plane(_ directions: [[Float]]) throws -> Group {
    guard let plane = Plane(origin: point, spannedBy: directions[0], directions[1]) else {
      return Group(attributes: ["note": "the first two lines are parallel, so that there is no plane"])
    }
    let alpha = settings.reach * Double(directions[0].norm)
    let beta = settings.reach * Double(directions[1].norm)
    var grid = PlaneGrid(
      alphas: -alpha...alpha, count: settings.planePoints, betas: -beta...beta, count: settings.planePoints)
    try grid.compute(on: plane) { place in
      try context.checkCancellation()
      return evaluation(at: place).train.loss
    }
    return Group(
      dimensions: [
        Dimension("alpha", coordinates: grid.alphas, longName: "distance along the first line"),
        Dimension("beta", coordinates: grid.betas, longName: "distance across it, towards the second"),
      ],
      variables: [
        Variable(
          "train_loss", along: ["alpha", "beta"], shape: [grid.alphas.count, grid.betas.count], values: grid.values,
          units: "nat", longName: "training loss on the plane")
      ])
  }
}
