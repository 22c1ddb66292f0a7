internal import Harness
internal import Statistics
internal import Storage

extension HessianSpectrumExperiment {
  static let outliersAreGaussNewton = Finding(
    id: "hessian.outliers-are-ggn",
    statement: "The outliers come from the Gauss-Newton part of the Hessian.",
    references: [Literature.papyan2019],
    quantity: """
      overlap Tr(P_H P_G) / K of the eigenspaces of the K largest eigenvalues of the Hessian H and of its Gauss-Newton part \
      G after training, K the number of classes: the mean over seeds
      """,
    criterion: "> 0.9 (95 % interval of the mean)",
    experiment: name, sweep: "outliers"
  ) { evidence in
    let overlaps = try evidence.numbers("final/gauss_newton/overlap")
    let estimate = bootstrap.interval(of: overlaps)
    let starts = mean(try evidence.numbers("initial/gauss_newton/overlap"))
    return Outcome(
      estimate, must: .above(0.9),
      details: "\(overlaps.map(shortNumber).joined(separator: " ")) after training; \(shortNumber(starts)) before")
  }

  static let topSubspace = Finding(
    id: "hessian.top-subspace",
    statement:
      "The gradient lies mostly in the subspace of the Hessian's top eigenvectors, as many as there are classes.",
    references: [Literature.gurari2018],
    quantity: """
      share of the squared norm of the training loss's gradient in the span of the Hessian's top K eigenvectors, K the \
      number of classes: the median over the last third of training, the mean over seeds
      """,
    criterion: "> 0.5 (95 % interval of the mean)",
    experiment: name, sweep: "subspace"
  ) { evidence in
    let medians = try evidence.runs.map { median(try lastThird($0, "gradient_share")) }
    let estimate = bootstrap.interval(of: medians)
    let starts = mean(try evidence.numbers("initial/gradient_share"))
    let expected = mean(try evidence.numbers("initial/random_share"))
    return Outcome(
      estimate, must: .above(0.5),
      details:
        "\(medians.map(shortNumber).joined(separator: " ")) late in training, \(shortNumber(starts)) before; a random "
        + "vector has \(shortNumber(expected))")
  }

  static let saddleIndex = Finding(
    id: "hessian.saddle-index",
    statement: "At critical points the share of negative eigenvalues rises with the loss.",
    references: [Literature.dauphin2014],
    quantity: """
      rank correlation (Spearman's) of the loss and the share of negative eigenvalues over a network's distinct critical \
      points, found by minimizing the squared norm of the gradient: the mean over seeds
      """,
    criterion: "> 0.5 (95 % interval of the mean)",
    experiment: name, sweep: "saddles"
  ) { evidence in
    let correlations = try evidence.numbers("saddles/rank_correlation")
    let estimate = bootstrap.interval(of: correlations)
    let counts = try evidence.numbers("saddles/distinct")
    let critical = try evidence.runs.map { try $0.numbers("saddles/critical") }
    let share = mean(critical.flatMap { $0 })
    return Outcome(
      estimate, must: .above(0.5),
      details: "\(correlations.map(shortNumber).joined(separator: " ")) over "
        + "\(counts.map(shortNumber).joined(separator: " ")) distinct critical points; \(percent(share)) of the "
        + "searches ended at one")
  }
}
