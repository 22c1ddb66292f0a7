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
  let key: Key

  /// All that is measured at the point. Each method is a stage of its own, so that a killed run repeats one at most.
  ///
  /// Cost: a few hundred Hessian-vector products, `denseLimit` times more for a small network.
  func measure() throws -> Group {
    let hessian = objective.hessian(at: point)
    var whole = try context.stage("lanczos", share: 0.45) { try lanczos(hessian) }
    for part in [
      try context.stage("power-iteration", share: 0.35) { try powerIteration(hessian) },
      try context.stage("dense", share: 0.05) { try dense(hessian) },
      try context.stage("trace", share: 0.05) { try trace(hessian) },
    ] {
      whole.dimensions += part.dimensions.filter { new in !whole.dimensions.contains { $0.name == new.name } }
      whole.variables += part.variables
    }
    if settings.densityProbes > 0 {
      whole.groups["density"] = try context.stage("density", share: 0.1) { try density(hessian) }
    }
    return whole
  }

  private func lanczos(_ hessian: any LinearOperator<Element>) throws -> Group {
    let watched = WatchedOperator(hessian, expected: 4 * (settings.largest + settings.smallest), "lanczos", in: context)
    let method = Lanczos(tolerance: settings.tolerance, maximumDimension: settings.maximumDimension)
    let ends = method.extremes(
      of: watched, largest: settings.largest, smallest: max(settings.smallest, settings.powerCount),
      key: key.child("lanczos"))
    try context.checkCancellation()
    let lowest = Array(ends.smallest.prefix(settings.smallest))
    let edge = BulkEdge(largestEigenvalues: ends.largest.map(\.value))
    var group = Group(
      dimensions: [
        Dimension("eigenvalue", coordinates: Array(1...max(1, ends.largest.count)), longName: "place from the largest")
      ],
      variables: pairs("largest", along: "eigenvalue", ends.largest, "of the largest eigenvalues, by Lanczos") + [
        Variable("krylov_dimension", value: ends.basisDimension, longName: "dimension of the Krylov space at the end"),
        Variable(
          "outliers", value: edge.map { Double($0.outlierCount) } ?? .nan,
          longName: "eigenvalues above the edge of the bulk"),
        Variable("bulk_edge", value: edge?.edge ?? .nan, longName: "edge of the bulk"),
        Variable("outlier_score", value: edge?.score ?? .nan, longName: "by how much the gap at the edge stands out"),
      ])
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

  private func powerIteration(_ hessian: any LinearOperator<Element>) throws -> Group {
    guard settings.powerCount > 0 else { return Group() }
    let watched = WatchedOperator(
      hessian, expected: settings.powerCount * settings.powerSteps / 2, "power iteration", in: context)
    let found = PowerIteration(tolerance: settings.tolerance, maximumIterations: settings.powerSteps)
      .eigenpairs(of: watched, count: settings.powerCount, key: key.child("power-iteration"))
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

  private func trace(_ hessian: any LinearOperator<Element>) throws -> Group {
    guard settings.traceProbes > 0 else { return Group() }
    let watched = WatchedOperator(hessian, expected: settings.traceProbes, "trace", in: context)
    let trace = HutchinsonTrace(of: watched, probes: settings.traceProbes, key: key.child("trace"))
    try context.checkCancellation()
    return Group(variables: traceVariables(trace))
  }

  private func density(_ hessian: any LinearOperator<Element>) throws -> Group {
    let watched = WatchedOperator(
      hessian, expected: settings.densityProbes * settings.densitySteps, "spectral density", in: context)
    let density = SpectralDensity(
      of: watched, steps: settings.densitySteps, probes: settings.densityProbes, key: key.child("density"))
    try context.checkCancellation()
    let nodes = density.quadratures.map(\.nodes)
    let all = nodes.flatMap { $0 }
    let length = (all.max() ?? 0) - (all.min() ?? 0)
    let width = length > 0 ? settings.densityWidth * length : 1
    let grid = density.grid(count: settings.densityPoints, margin: 4 * width)
    let count = nodes.map(\.count).max() ?? 0
    let shape: Shape = [nodes.count, count]
    return Group(
      dimensions: [
        Dimension("lambda", coordinates: grid, units: "1", longName: "eigenvalue"),
        Dimension("probe", length: nodes.count, longName: "random start vector"),
        Dimension("node", length: count, longName: "node of its quadrature"),
      ],
      variables: [
        Variable(
          "density", along: ["lambda"], values: grid.isEmpty ? [] : density.density(on: grid, width: width),
          longName: "share of the eigenvalues per unit of eigenvalue, by stochastic Lanczos quadrature",
          attributes: ["width": .number(width)]),
        Variable(
          "nodes", along: ["probe", "node"], shape: shape, values: padded(nodes, to: count), longName: "Ritz values"),
        Variable(
          "weights", along: ["probe", "node"], shape: shape,
          values: padded(density.quadratures.map(\.weights), to: count), longName: "weights of the quadratures"),
      ])
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

  private func pairs(
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

/// The trace with its standard error, as variables.
func traceVariables(_ trace: HutchinsonTrace) -> [Variable] {
  [
    Variable("trace", value: trace.mean, longName: "trace of the Hessian, by Hutchinson's estimator"),
    Variable("trace_standard_error", value: trace.standardError, longName: "standard error of the trace"),
  ]
}
