import Datasets
import Harness
import Networks
import Storage
import Surfaces
import Tensors
import Training

extension Session {
  /// One training, of which copies part at several steps and go on with orders of the data of their own; losses and errors
  /// on the lines between their ends (Frankle et al. 2020). A copy takes along parameters, the method's memory, the
  /// learning rates to come and its place in the epoch.
  func instability(share: Double) throws -> Group {
    let own = context.key.child("instability")
    let recipe = settings.minimum
    perturbBatches(key: own)
    var parent = recipe.trainingState(
      from: recipe.initialParameters(of: network, on: data.train, key: own.child("initialization")) as [Float],
      of: network,
      sampler: recipe.sampler(for: network, exampleCount: data.train.count, key: own.child("batches")), key: own)
    let plan = recipe.plan(for: data, sampler: parent.sampler)
    let forks = settings.instability.forks
    var parts: [Group] = []
    for fork in forks {
      var reach = plan
      reach.steps = fork
      try context.train("parent-\(fork)", &parent, on: train, plan: reach, cost: cost)
      parts.append(
        try context.stage("fork-\(fork)", share: share / Double(forks.count)) {
          try copies(of: parent, plan: plan, key: own.child("orders"))
        })
    }
    return try group(parts)
  }

  /// All trainings make the same steps.
  private var cost: String { "steps of \(settings.minimum.costKey)" }

  private func copies(of parent: TrainingState<Float>, plan: TrainingPlan, key: Key) throws -> Group {
    var ends: [[Float]] = []
    var diverged = 0
    for order in 0..<settings.instability.orders {
      var copy = parent
      if let batches = parent.sampler {
        copy.sampler = BatchSampler(
          exampleCount: batches.exampleCount, batchSize: batches.batchSize, key: key.child(order),
          keepsPartialBatch: batches.keepsPartialBatch, position: batches.position)
      }
      if case .diverged = try context.train("order-\(order)", &copy, on: train, plan: plan, cost: cost) {
        diverged += 1
      }
      ends.append(copy.evaluationParameters)
    }
    var lines: [PathMeasurement] = []
    for i in ends.indices {
      for j in i + 1..<ends.count {
        lines.append(
          try PathMeasurement(
            StraightLine(from: ends[i], to: ends[j]), count: settings.pathPoints, evaluation: evaluation,
            in: context
          ) { _ in
            try context.checkCancellation()
          })
      }
    }
    return Self.group(lines, diverged: diverged)
  }

  private static let columns:
    [(name: String, isLoss: Bool, values: any KeyPath<PathMeasurement, [Double]> & Sendable)] = [
      ("train_loss", true, \.trainLoss), ("train_error", false, \.trainError), ("test_loss", true, \.testLoss),
      ("test_error", false, \.testError),
    ]

  private static func group(_ lines: [PathMeasurement], diverged: Int) -> Group {
    var group = Group(
      dimensions: [
        Dimension("pair", length: lines.count),
        Dimension("t", coordinates: lines[0].times, units: "1", longName: "position on the line"),
      ],
      variables: [
        Variable("distance", along: ["pair"], values: lines.map { $0.arcLength.last ?? 0 }),
        Variable("diverged", value: diverged),
      ])
    for (name, isLoss, values) in columns {
      let units = isLoss ? lines[0].unit : "1"
      group.variables.append(
        Variable(
          name, along: ["pair", "t"], shape: [lines.count, lines[0].times.count],
          values: lines.flatMap { $0[keyPath: values] }, units: units))
      group.variables.append(
        Variable(
          "\(name)_barrier", along: ["pair"],
          values: lines.map { line in
            PathProfile(times: line.times, values: line[keyPath: values], arcLengths: line.arcLength).barrierOverMean
          }, units: units))
    }
    return group
  }

  /// The forks' groups as one along the dimension `fork`.
  private func group(_ parts: [Group]) throws -> Group {
    let forks = settings.instability.forks
    var all = Group(
      dimensions: [
        Dimension("fork", coordinates: forks, units: "1", longName: "step at which the copies part")
      ] + parts[0].dimensions)
    func joined(_ name: String, _ longName: String) throws {
      let first = try parts[0].variable(name)
      let values: [Double] = try parts.flatMap { try $0.variable(name).elements(Double.self) }
      all.variables.append(
        Variable(
          name, along: ["fork"] + first.dimensions, shape: Shape([forks.count] + first.shape.dimensions),
          values: values,
          units: first.units, longName: longName))
    }
    for (name, _, _) in Self.columns {
      let words = name.replacing("_", with: " ").replacing("train", with: "training")
      try joined(name, "\(words) on the line between two copies")
      try joined("\(name)_barrier", "largest \(words) on the line minus the mean of its ends")
    }
    try joined("distance", "Euclidean distance of two copies at the end")
    let counts: [Int] = try parts.map { try $0.variable("diverged").value() }
    let remarks = zip(forks, counts).compactMap { fork, count in
      count == 0
        ? nil
        : "in \(count) of \(settings.instability.orders) copies that part at step \(fork) the loss went out of bounds"
    }
    all.remarks = remarks
    let barriers = try parts.map { part in
      let own: [Double] = try part.variable("test_error_barrier").elements()
      return own.reduce(0, +) / Double(own.count)
    }
    all.variables += [
      Variable("diverged", along: ["fork"], values: counts, longName: "copies whose training diverged"),
      Variable(
        "instability", along: ["fork"], values: barriers, units: "1",
        longName: "mean over pairs of the test error's barrier"),
    ]
    return all
  }
}
