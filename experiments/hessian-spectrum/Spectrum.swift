internal import Curvature
internal import Differentiation
internal import Harness
internal import Networks
internal import Storage
internal import Tensors

/// The Hessian's spectrum at one point, by every method.
struct SpectrumMeasurement<Element: Scalar & StoredElement> {
  let settings: SpectrumSettings
  let context: RunContext
  let objective: NetworkObjective<Element>
  let point: [Element]
  let gradient: [Element]
  /// The dimension of the top subspace.
  let subspace: Int
  /// The parameters whose blocks are measured by themselves.
  let blocks: [ParameterGroup]
  let key: Key

  /// All that is measured at the point. Each method is a stage of its own, so that a killed run repeats one at most.
  ///
  /// Cost: a few hundred Hessian-vector products, `denseLimit` times more for a small network; about as many of each matrix
  /// beside it.
  func measure() throws -> Group {
    let hessian = hessian
    var whole = try context.stage("lanczos", share: 0.4) { try lanczos(hessian.whole) }
    whole.add(try context.stage("power-iteration", share: 0.2) { try powerIteration(hessian.whole) })
    whole.add(try context.stage("dense", share: 0.05) { try dense(hessian.whole) })
    try estimate(hessian, densityProbes: settings.densityProbes, share: 0.25, in: &whole)
    for kind in settings.beside {
      var group = try whole.group(kind.groupName)
      try estimate(
        other(kind), densityProbes: settings.besideDensityProbes, share: 0.1 / Double(settings.beside.count), in: &group
      )
      whole.groups[kind.groupName] = group
    }
    return whole
  }

  /// Trace and diagonal of a matrix, its density, its blocks.
  private func estimate(
    _ matrix: MeasuredMatrix<Element>, densityProbes: Int, share: Double, in group: inout Group
  ) throws {
    group.add(try context.stage(matrix.stage("trace"), share: 0.2 * share) { try trace(of: matrix) })
    if densityProbes > 0 {
      group.groups["density"] = try context.stage(matrix.stage("density"), share: 0.4 * share) {
        try density(of: matrix, probes: densityProbes)
      }
    }
    if !blocks.isEmpty {
      group.groups["blocks"] = try context.stage(matrix.stage("blocks"), share: 0.4 * share) {
        try measureBlocks(of: matrix)
      }
    }
  }

  private func lanczos(_ hessian: any LinearOperator<Element>) throws -> Group {
    let watched = WatchedOperator(hessian, expected: 4 * (settings.largest + settings.smallest), "lanczos", in: context)
    let ends = extremes(
      of: watched, largest: max(settings.largest, subspace), smallest: max(settings.smallest, settings.powerCount))
    try context.checkCancellation()
    let lowest = Array(ends.smallest.prefix(settings.smallest))
    let top = ends.largest.prefix(subspace).map(\.vector)
    var group = Group(
      dimensions: [
        Dimension("eigenvalue", coordinates: Array(1...max(1, ends.largest.count)), longName: "place from the largest")
      ],
      variables: pairs("largest", along: "eigenvalue", ends.largest, "of the largest eigenvalues, by Lanczos"))
    group.variables.append(
      Variable("krylov_dimension", value: ends.basisDimension, longName: "dimension of the Krylov space at the end"))
    group.variables += outliers(ends.largest.map(\.value)) + shares(of: gradient, in: top)
    for kind in settings.beside { group.groups[kind.groupName] = try comparison(with: other(kind), top: top) }
    if !lowest.isEmpty {
      group.dimensions.append(
        Dimension("lowest", coordinates: Array(1...lowest.count), longName: "place from the smallest"))
      group.variables += pairs("smallest", along: "lowest", lowest, "of the smallest eigenvalues, by Lanczos")
    }
    if settings.powerCount > 0 {
      group.dimensions.append(rank)
      group.variables.append(
        bySize("lanczos_by_size", (ends.largest + ends.smallest).map(\.value), "by Lanczos", limit: watched.dimension))
    }
    return group
  }

  private func extremes(
    of watched: WatchedOperator<Element>, largest: Int, smallest: Int
  ) -> Lanczos.Extremes<Element> {
    let key = key.child("lanczos")
    guard settings.blockSize > 1 else {
      return method.extremes(of: watched, largest: largest, smallest: smallest, key: key)
    }
    return BlockLanczos(
      blockSize: settings.blockSize, tolerance: settings.tolerance, maximumDimension: settings.maximumDimension
    ).extremes(of: watched, largest: largest, smallest: smallest, key: key)
  }

  var method: Lanczos { Lanczos(tolerance: settings.tolerance, maximumDimension: settings.maximumDimension) }

  /// The bulk's edge as the largest eigenvalues show it.
  func outliers(_ largest: [Double]) -> [Variable] {
    let edge = BulkEdge(largestEigenvalues: largest)
    return [
      Variable(
        "outliers", value: edge.map { Double($0.outlierCount) } ?? .nan,
        longName: "eigenvalues above the edge of the bulk"),
      Variable("bulk_edge", value: edge?.edge ?? .nan, longName: "edge of the bulk"),
      Variable("outlier_score", value: edge?.score ?? .nan, longName: "by how much the gap at the edge stands out"),
    ]
  }

  private func powerIteration(_ hessian: any LinearOperator<Element>) throws -> Group {
    guard settings.powerCount > 0 else { return Group() }
    let watched = WatchedOperator(
      hessian, expected: settings.powerCount * settings.powerSteps / 2, "power iteration", in: context)
    let (tolerance, steps, key) = (settings.tolerance, settings.powerSteps, key.child("power-iteration"))
    let found =
      settings.blockSize > 1
      ? BlockPowerIteration(tolerance: tolerance, maximumIterations: steps)
        .eigenpairs(of: watched, count: settings.powerCount, key: key)
      : PowerIteration(tolerance: tolerance, maximumIterations: steps)
        .eigenpairs(of: watched, count: settings.powerCount, key: key)
    try context.checkCancellation()
    var group = Group(
      dimensions: [rank],
      variables: pairs(
        "power_iteration", along: "rank", found, "of the eigenvalues largest in size, by power iteration"))
    group.variables.append(
      Variable(
        "power_iteration_steps", along: ["rank"],
        values: found.map { Double($0.iterations) } + missing(found.count), longName: "steps spent on it"))
    return group
  }

  private func dense(_ hessian: any LinearOperator<Element>) throws -> Group {
    guard hessian.dimension <= settings.denseLimit else { return Group() }
    let watched = WatchedOperator(hessian, expected: hessian.dimension, "dense spectrum", in: context)
    let spectrum = DenseSpectrum(of: watched)
    try context.checkCancellation()
    let values = spectrum?.values ?? [Double](repeating: .nan, count: hessian.dimension)
    var group = Group(
      dimensions: [Dimension("index", coordinates: Array(1...values.count), longName: "place from the smallest")],
      variables: [Variable("dense", along: ["index"], values: values, longName: "all eigenvalues, by LAPACK")])
    if settings.powerCount > 0 {
      group.dimensions.append(rank)
      group.variables.append(bySize("dense_by_size", values, "by LAPACK", limit: values.count))
    }
    return group
  }

  private var rank: Dimension {
    Dimension("rank", coordinates: Array(1...max(1, settings.powerCount)), longName: "place in descending size")
  }

  private func missing(_ count: Int) -> [Double] {
    [Double](repeating: .nan, count: max(0, settings.powerCount - count))
  }

  private func bySize(_ name: String, _ values: [Double], _ how: String, limit: Int) -> Variable {
    // In a space smaller than both ends together some pairs are at both.
    let count = min(settings.powerCount, limit)
    let distinct = values.count > limit ? Array(values.prefix(limit)) : values
    return Variable(
      name, along: ["rank"], values: largestInSize(distinct, count: count) + missing(count),
      longName: "eigenvalues largest in size, \(how)")
  }

  func pairs(
    _ name: String, along dimension: String, _ pairs: [Eigenpair<Element>], _ what: String
  ) -> [Variable] {
    let fill = dimension == "rank" ? missing(pairs.count) : []
    return [
      Variable(name, along: [dimension], values: pairs.map(\.value) + fill, longName: "values \(what)"),
      Variable(
        "\(name)_residual", along: [dimension], values: pairs.map(\.residual) + fill, longName: "residuals \(what)"),
      Variable(
        "\(name)_converged", along: [dimension],
        values: pairs.map { UInt8($0.converged ? 1 : 0) } + fill.map { _ in 0 },
        longName: "whether the residual is within the tolerance, \(what)"),
    ]
  }
}

extension Group {
  /// Takes in what another measurement at the same point has found; a dimension of the same name is the same.
  fileprivate mutating func add(_ other: Group) {
    dimensions += other.dimensions.filter { new in !dimensions.contains { $0.name == new.name } }
    variables += other.variables
  }
}
