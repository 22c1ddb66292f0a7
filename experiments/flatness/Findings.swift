import Configuration
import Harness
import Statistics
import Tensors

extension FlatnessExperiment {
  /// Intervals are bootstrapped under a fixed key, so that a verdict is the same whenever it is computed.
  private static let bootstrap = Bootstrap(key: Key(seed: 0).child("flatness"))

  /// The measures whose correlation with the gap is reported.
  static let measures = [
    "lambda_max", "trace", "box_sharpness", "subspace_sharpness", "sam_sharpness", "ascent_sharpness",
    "asam_sharpness", "adaptive_sharpness", "noise_sharpness", "relative_noise_sharpness", "relative_flatness",
  ]

  static let reparametrization = Finding(
    id: "flat.reparametrization",
    statement:
      "Rescaling a ReLU net leaves the function alone and changes lambda_max at will; scale-invariant measures stay.",
    references: [Literature.dinh2017, Literature.kwon2021],
    quantity: """
      difference of the outputs, lambda_max after by before, adaptive sharpness after by before; the effect is the \
      smallest ratio of lambda_max
      """,
    criterion: "0 to rounding in Float64 (1e-12 of the largest output), > 100, within 5 %, in every run",
    experiment: name, sweep: "reparametrization", minimumSeeds: 1
  ) { evidence in
    let difference = largest(try evidence.numbers("rescaling/function_difference"))
    func ratios(_ measure: String) throws -> [Double] {
      try evidence.runs.map {
        try $0.number("rescaling/rescaled/\(measure)") / $0.number("rescaling/original/\(measure)")
      }
    }
    let growth = try ratios("lambda_max")
    let smallest = -largest(growth.map { -$0 })
    let change = largest(try ratios("adaptive_sharpness").map { abs($0 - 1) })
    let flatness = largest(try ratios("relative_flatness").map { abs($0 - 1) })
    let numbers = [difference, smallest, change]
    let verdict: Verdict =
      numbers.contains(where: \.isNaN)
      ? .inconclusive : difference <= 1e-12 && smallest > 100 && change <= 0.05 ? .reproduced : .notReproduced
    return Outcome(
      verdict, effect: smallest,
      details: "outputs differ by \(shortNumber(difference)), adaptive sharpness by \(shortNumber(100 * change)) %, "
        + "relative flatness by \(shortNumber(100 * flatness)) %")
  }

  static let smallBatch = Finding(
    id: "flat.small-batch", statement: "Small batches find flatter minima that generalize better.",
    references: [Literature.keskar2017],
    quantity: "lambda_max, trace, Keskar's sharpness and test error, large less small batch, paired by seed",
    criterion: "> 0 for each (95 % bootstrap intervals of the mean differences)",
    experiment: name, sweep: "batches"
  ) { evidence in
    let groups = evidence.grouped(by: "minimum.batch_size").sorted { size($0.value) < size($1.value) }
    return try compare(
      groups.last?.runs ?? [], "large", groups.first?.runs ?? [], "small",
      ["lambda_max", "trace", "box_sharpness", "test_error"], must: .above(0))
  }

  static let sam = Finding(
    id: "flat.sam", statement: "SAM finds flatter minima.", references: [Literature.foret2021],
    quantity: "lambda_max, trace, Keskar's sharpness and test error, SAM less SGD, paired by seed",
    criterion: "< 0 for each (95 % bootstrap intervals of the mean differences)",
    experiment: name, sweep: "sharpness-aware"
  ) { evidence in
    try compare(
      runs(evidence, "minimum.optimizer.method", "sam"), "SAM", runs(evidence, "minimum.optimizer.method", "momentum"),
      "SGD", ["lambda_max", "trace", "box_sharpness", "test_error"], must: .below(0))
  }

  static let swa = Finding(
    id: "flat.swa",
    statement: "The average of SGD's iterates lies in a flatter, wider place and generalizes better.",
    references: [Literature.izmailov2018],
    quantity:
      "rise of the training loss at the ends of random rays of fixed length, and test error, SWA less SGD, paired",
    criterion: "< 0 for both (95 % bootstrap intervals of the mean differences)",
    experiment: name, sweep: "averaging"
  ) { evidence in
    try compare(
      runs(evidence, "minimum.optimizer.averaging", "swa"), "SWA",
      runs(evidence, "minimum.optimizer.averaging", "none"), "SGD", ["slices/train_rise", "test_error"],
      must: .below(0))
  }

  static let entropySGD = Finding(
    id: "flat.entropy-sgd", statement: "Entropy-SGD finds flatter minima than SGD.",
    references: [Literature.chaudhari2017],
    quantity: "lambda_max and trace, Entropy-SGD less SGD, paired by seed",
    criterion: "< 0 for both (95 % bootstrap intervals of the mean differences)",
    experiment: name, sweep: "entropy"
  ) { evidence in
    try compare(
      runs(evidence, "minimum.optimizer.method", "entropy-sgd"), "Entropy-SGD",
      runs(evidence, "minimum.optimizer.method", "momentum"), "SGD", ["lambda_max", "trace"], must: .below(0))
  }

  static let predicts = Finding(
    id: "flat.predicts",
    statement: "Over a grid of hyperparameters, sharpness ranks the generalization gap.",
    references: [Literature.jiang2020],
    quantity: """
      Kendall's tau of each measure with test less training error over the grid, the mean over seeds; the effect is the \
      lowest of all measures
      """,
    criterion: "> 0 for every measure (95 % bootstrap intervals over seeds)",
    experiment: name, sweep: "grid"
  ) { evidence in
    let runs = evidence.runs.filter { $0.divergence == nil }
    let parts = try measures.map { measure in
      let points = try runs.map { (seed: $0.seed, measure: try $0.number(measure), gap: try $0.number("error_gap")) }
      let tau = bootstrap.interval(of: correlationsBySeed(points))
      return Outcome(tau, must: .above(0), details: "\(measure) \(shortNumber(tau))")
    }
    var outcome = Outcome(all: parts, showing: .smallest)
    outcome.details += try remarks(evidence.runs)
    return outcome
  }

  /// Compares two methods by several quantities, paired by seed; the effect is that of the quantity whose verdict is the
  /// verdict, the first one if they agree.
  private static func compare(
    _ first: [CollectedRun], _ firstName: String, _ second: [CollectedRun], _ secondName: String,
    _ quantities: [String], must condition: Condition
  ) throws -> Outcome {
    let parts = try quantities.map { quantity in
      let pairs = Pairing(
        try first.map { ($0.seed, try $0.number(quantity)) }, try second.map { ($0.seed, try $0.number(quantity)) })
      let difference = bootstrap.interval(ofPairedDifferences: pairs.first, pairs.second)
      return Outcome(
        difference, must: condition,
        details: "\(quantity) \(firstName) \(shortNumber(mean(pairs.first))), "
          + "\(secondName) \(shortNumber(mean(pairs.second))), difference \(shortNumber(difference))")
    }
    var outcome = Outcome(all: parts)
    outcome.details += try remarks(first + second)
    return outcome
  }

  /// How many runs ended where there is no minimum.
  private static func remarks(_ runs: [CollectedRun]) throws -> String {
    let others = try runs.count { try $0.number("is_minimum") == 0 }
    return others == 0 ? "" : "; \(others) of \(runs.count) ends are no minima"
  }

  private static func runs(_ evidence: Evidence, _ key: String, _ value: String) -> [CollectedRun] {
    evidence.runs.filter { $0[key] == .text(value) }
  }

  /// A batch size as a number; the whole training set is the largest.
  private static func size(_ value: ConfigurationValue) -> Int {
    if case .integer(let size) = value { size } else { .max }
  }
}
