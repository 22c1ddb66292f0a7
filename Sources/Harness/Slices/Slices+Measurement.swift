internal import Curvature
internal import Networks
internal import Storage
internal import Surfaces
internal import Tensors

/// A quantity that is evaluated along slices.
private struct Field {
  let name: String
  let units: String
  let longName: String
}

extension Slices {
  /// Whether what is descended differs from the training loss.
  private var hasOwnObjective: Bool { center.network.statisticsCount > 0 || center.recipe.l2 > 0 }

  private var fields: [Field] {
    let all = [
      Field(name: "train_loss", units: evaluation.unit, longName: "training loss"),
      Field(name: "train_error", units: "1", longName: "training error"),
      Field(name: "test_loss", units: evaluation.unit, longName: "test loss"),
      Field(name: "test_error", units: "1", longName: "test error"),
    ]
    let own = Field(
      name: "objective", units: evaluation.unit,
      longName: "what is descended and whose curvature is taken, with the L2 term and the statistics of batches,")
    return all + (hasOwnObjective ? [own] : [])
  }

  private static var spectrumFields: [Field] {
    [
      Field(name: "lambda_max", units: "1", longName: "largest eigenvalue of the Hessian"),
      Field(name: "lambda_max_residual", units: "1", longName: "residual of the largest eigenvalue"),
      Field(name: "lambda_min", units: "1", longName: "smallest eigenvalue of the Hessian"),
      Field(name: "lambda_min_residual", units: "1", longName: "residual of the smallest eigenvalue"),
    ]
  }

  private func losses(at point: [Element]) -> [Double] {
    let losses = evaluation.numbers(at: point)
    return hasOwnObjective ? losses + [evaluation.training.value(at: point)] : losses
  }

  /// The centre, moved along directions.
  private func point(_ moves: [(distance: Double, direction: [Element])]) -> [Element] {
    var point = center.point
    for move in moves { point.add(Element(move.distance), times: move.direction) }
    return point
  }

  // MARK: Lines

  /// Along `line` and `distance`: losses and errors, and what says how much of the landscape they show.
  func lines(_ axes: Axes, _ hessian: any LinearOperator<Element>) throws -> Group {
    let (directions, distances) = (axes.directions, settings.distances)
    var grid = GridValues(cells: directions.count * distances.count, quantities: fields.count)
    try context.compute("lines", &grid) { cell in
      let (line, place) = cell.quotientAndRemainder(dividingBy: distances.count)
      return losses(at: point([(distances[place], directions[line])]))
    }
    let curvatures = directions.map { $0.dot(hessian($0)) / $0.dot($0) }.map { Double($0) }
    let shares = directions.map {
      curvatureShare(along: $0, of: hessian, largest: axes.largest?.value ?? .nan)
    }
    let repeats = rows(grid.fields[0], directions.count)
    let agreement = isRepeated ? agreement(repeats) : .nan
    let (train, test) = evaluation(at: center.point)
    var group = Group(
      dimensions: [
        Dimension("line", length: directions.count),
        Dimension(
          "distance", coordinates: distances, longName: "distance from the point, in multiples of the direction"),
      ],
      variables: zip(fields, grid.fields).map { field, values in
        Variable(
          field.name, along: ["line", "distance"], shape: [directions.count, distances.count], values: values,
          units: field.units, longName: "\(field.longName) along the lines")
      } + [
        rise("train", grid.fields[0], above: train.loss, "training"),
        rise("test", grid.fields[2], above: test.loss, "test"),
        Variable(
          "length", along: ["line"], values: directions.map { Double($0.norm) },
          longName: "Euclidean length of each line's direction"),
        Variable(
          "curvature", along: ["line"], values: curvatures,
          longName: "second derivative of what is descended along each line, by length"),
        Variable(
          "curvature_share", along: ["line"], values: shares,
          longName: "curvature along each line as a share of the largest eigenvalue"),
        Variable("lambda_max", value: axes.largest?.value ?? .nan, longName: "largest eigenvalue of the Hessian"),
        Variable("lambda_max_residual", value: axes.largest?.residual ?? .nan, longName: "its residual"),
        Variable(
          "agreement", value: agreement,
          longName: "share of the lines' variance that their mean accounts for; NaN where they are no repeats"),
      ],
      attributes: [
        "direction": .string(settings.direction.rawValue), "left_out": .strings(settings.leftOut.map(\.rawValue)),
        "normalization": .string(evaluation.normalization),
      ])
    if let trajectory = axes.trajectory { add(trajectory, to: &group) }
    group.remarks = [remarkOnLengths(of: directions), doubt(agreement: agreement, count: directions.count)]
      .compactMap { $0 }
    return group
  }

  /// Directions by filter, layer, weight or vector are as long as what they are scaled to.
  private func remarkOnLengths(of directions: [[Element]]) -> String? {
    let still = directions.count { $0.norm == 0 }
    return still == 0
      ? nil : "\(still) of \(directions.count) directions are zero, as are the weights they are scaled to"
  }

  /// Pictures along other random directions are repeats of one another; eigenvectors and components differ on purpose.
  private var isRepeated: Bool { settings.direction.isRandom }

  private func rows(_ values: [Double], _ count: Int) -> [[Double]] {
    let length = values.count / max(1, count)
    return (0..<count).map { Array(values[$0 * length..<($0 + 1) * length]) }
  }

  private func rise(_ name: String, _ values: [Double], above level: Double, _ part: String) -> Variable {
    let ends = rows(values, values.count / settings.points).flatMap { [$0[0], $0[settings.points - 1]] }
    return Variable(
      "\(name)_rise", value: ends.reduce(0) { $0 + ($1 - level) } / Double(max(1, ends.count)), units: evaluation.unit,
      longName: "mean rise of the \(part) loss at the lines' ends")
  }

  private func add(_ trajectory: Axes.Trajectory, to group: inout Group) {
    let lines = trajectory.shares.count
    group.dimensions.append(Dimension("step", coordinates: trajectory.steps, longName: "updates made"))
    group.variables += [
      Variable(
        "trajectory", along: ["step", "line"], shape: [trajectory.steps.count, lines],
        values: trajectory.coordinates.flatMap { $0 },
        longName: "where training was along each line, in multiples of its direction"),
      Variable(
        "trajectory_share", along: ["line"], values: trajectory.shares,
        longName: "share of the trajectory's squared distances from the point that lies along each line"),
    ]
  }

  // MARK: Planes

  /// Along `plane`, `alpha` and `beta`, each plane spanned by two lines of its own.
  func planes(_ directions: [[Element]]) throws -> Group {
    let count = min(settings.planes, directions.count / 2)
    let side = settings.planePoints
    let axis = evenlySpaced(-settings.reach...settings.reach, count: side)
    let fields = fields + (settings.hasPlaneEigenvalues ? Self.spectrumFields : [])
    var grid = GridValues(cells: count * side * side, quantities: fields.count)
    try context.compute("planes", &grid) { cell in
      let (plane, place) = cell.quotientAndRemainder(dividingBy: side * side)
      let point = point([
        (axis[place / side], directions[2 * plane]), (axis[place % side], directions[2 * plane + 1]),
      ])
      let ends =
        try settings.hasPlaneEigenvalues
        ? spectrumEnds(at: point, key: key.child("plane-eigenvalues").child(cell)) : []
      return losses(at: point) + ends
    }
    let agreement = isRepeated ? agreement(rows(grid.fields[0], count)) : .nan
    let cosines = (0..<count).map { plane in
      let (u, v) = (directions[2 * plane], directions[2 * plane + 1])
      return Double(u.dot(v) / (u.norm * v.norm))
    }
    var group = Group(
      dimensions: [
        Dimension("plane", length: count),
        Dimension("alpha", coordinates: axis, longName: "multiple of the plane's first direction, line 2 plane"),
        Dimension("beta", coordinates: axis, longName: "multiple of the plane's second direction, line 2 plane + 1"),
      ],
      variables: zip(fields, grid.fields).map { field, values in
        Variable(
          field.name, along: ["plane", "alpha", "beta"], shape: [count, side, side], values: values,
          units: field.units, longName: "\(field.longName) on the planes")
      } + [
        Variable("cosine", along: ["plane"], values: cosines, longName: "cosine between each plane's directions"),
        Variable(
          "agreement", value: agreement,
          longName: "share of the planes' variance that their mean accounts for; NaN where they are no repeats"),
      ])
    if settings.hasPlaneEigenvalues { group.variables.append(nonconvexity(grid, fields, count)) }
    group.remarks = [doubt(agreement: agreement, count: count)].compactMap { $0 }
    return group
  }

  private func nonconvexity(_ grid: GridValues, _ fields: [Field], _ count: Int) -> Variable {
    func rowsOf(_ name: String) -> [[Double]] {
      fields.firstIndex { $0.name == name }.map { rows(grid.fields[$0], count) } ?? []
    }
    return Variable(
      "nonconvex_share", along: ["plane"],
      values: zip(rowsOf("lambda_min"), rowsOf("lambda_max")).map { nonconvexShare(smallest: $0, largest: $1) },
      longName: "share of each plane's points with a negative smallest eigenvalue above a tenth of the largest in size")
  }
}
