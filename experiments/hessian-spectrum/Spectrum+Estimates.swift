internal import Curvature
internal import Harness
internal import Storage
internal import Tensors

extension SpectrumMeasurement {
  /// The trace by Hutchinson's estimator and by Hutch++, and the diagonal.
  func trace(of matrix: MeasuredMatrix<Element>) throws -> Group {
    let products = settings.hutchPlusPlusProducts >= 3 ? settings.hutchPlusPlusProducts : 0
    let watched = WatchedOperator(
      matrix.whole, expected: settings.traceProbes + products + settings.diagonalProbes, "trace of \(matrix.title)",
      in: context)
    var group = Group()
    if settings.traceProbes > 0 {
      let trace = HutchinsonTrace(of: watched, probes: settings.traceProbes, key: matrix.key("trace", under: key))
      group.variables += [
        Variable("trace", value: trace.mean, longName: "trace of \(matrix.title), by Hutchinson's estimator"),
        Variable("trace_standard_error", value: trace.standardError, longName: "standard error of the trace"),
      ]
    }
    if products > 0 {
      let trace = HutchPlusPlus(of: watched, products: products, key: matrix.key("hutch++", under: key))
      group.variables += [
        Variable("trace_hutch_plus_plus", value: trace.mean, longName: "trace of \(matrix.title), by Hutch++"),
        Variable(
          "trace_hutch_plus_plus_standard_error", value: trace.standardError, longName: "standard error of that trace"),
      ]
    }
    if settings.diagonalProbes > 0 {
      let diagonal = HutchinsonDiagonal(
        of: watched, probes: settings.diagonalProbes, key: matrix.key("diagonal", under: key))
      group.dimensions.append(Dimension("parameter", length: watched.dimension, longName: "place in the flat vector"))
      group.variables += [
        Variable("diagonal", along: ["parameter"], values: diagonal.mean, longName: "diagonal of \(matrix.title)"),
        Variable(
          "diagonal_standard_error", along: ["parameter"], values: diagonal.standardError,
          longName: "standard errors of the diagonal"),
      ]
    }
    try context.checkCancellation()
    return group
  }

  /// The spectral density by stochastic Lanczos quadrature: its nodes and weights, and the density on an even grid and on
  /// one that is logarithmic away from zero.
  func density(of matrix: MeasuredMatrix<Element>, probes: Int) throws -> Group {
    let watched = WatchedOperator(
      matrix.whole, expected: probes * settings.densitySteps, "spectral density of \(matrix.title)", in: context)
    let density = SpectralDensity(
      of: watched, steps: settings.densitySteps, probes: probes, key: matrix.key("density", under: key))
    try context.checkCancellation()
    let nodes = density.quadratures.map(\.nodes)
    let all = nodes.flatMap { $0 }
    let (low, high) = (all.min() ?? 0, all.max() ?? 0)
    let width = high > low ? settings.densityWidth * (high - low) : 1
    let grid = density.grid(count: settings.densityPoints, margin: 4 * width)
    let count = nodes.map(\.count).max() ?? 0
    let shape: Shape = [nodes.count, count]
    var group = Group(
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
    if let measure = density.measure, high > low { addLogarithmic(measure, low...high, to: &group) }
    return group
  }

  private func addLogarithmic(_ measure: QuadratureMeasure, _ range: ClosedRange<Double>, to group: inout Group) {
    let linearity = settings.densityLinearity * max(abs(range.lowerBound), abs(range.upperBound))
    // A few widths beyond the outermost nodes.
    let margin = 1.6
    let grid = QuadratureMeasure.logarithmicGrid(
      min(range.lowerBound * margin, -linearity)...max(range.upperBound * margin, linearity),
      count: settings.densityPoints, linearity: linearity)
    let width = settings.logarithmicWidth
    group.dimensions.append(Dimension("log_lambda", coordinates: grid, units: "1", longName: "eigenvalue"))
    group.variables.append(
      Variable(
        "log_density", along: ["log_lambda"],
        values: measure.logarithmicDensity(on: grid, width: width, linearity: linearity),
        longName: "share of the eigenvalues per decade, on a scale that is linear about zero",
        attributes: ["width": .number(width), "linearity": .number(linearity)]))
  }
}
