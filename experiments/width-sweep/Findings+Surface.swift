internal import Harness
internal import Statistics

extension WidthSweepExperiment {
  static let smootherSurface = Finding(
    id: "width.smoother-surface",
    statement: "Wider networks have more convex surfaces.",
    references: [Literature.li2018],
    quantity: """
      slope on log2 width of the share of points of a filter-normalized plane through the end of training at which \
      |lambda_min / lambda_max| of the full Hessian is above 0.1 with lambda_min < 0; the mean of the seeds' slopes
      """,
    criterion: "< 0 (95 % bootstrap interval over seeds)",
    experiment: name, sweep: "surface"
  ) { evidence in
    // The mean of a run's planes.
    let shares = try evidence.runs.map { run in
      WidthPoint(
        width: try run.number("width"), seed: run.seed,
        value: run.divergence == nil ? mean(try run.numbers("slices/planes/nonconvex_share")) : .nan)
    }
    let slope = bootstrap.interval(of: doublingSlopes(shares))
    let widths = Set(shares.map(\.width)).sorted()
    let means = widths.map { width in mean(shares.filter { $0.width == width }.map(\.value)) }
    let seen = try evidence.runs.flatMap { try $0.numbers("slices/curvature_share").map { abs($0) } }.max() ?? .nan
    return Outcome(
      effect: slope.value, lower: slope.lower, upper: slope.upper, must: .below(0),
      details: zip(widths, means).map { "\(shortNumber($0)): \(shortNumber($1))" }.joined(separator: ", ")
        + "; the planes' axes show at most \(shortNumber(100 * seen)) % of the largest curvature")
  }
}
