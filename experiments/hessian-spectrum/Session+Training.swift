internal import Curvature
internal import Differentiation
internal import Harness
internal import Networks
internal import Storage
internal import Tensors
internal import Training

extension Session {
  func trained(from start: [Element]) throws -> Group {
    let recipe = settings.training
    let sampler = recipe.sampler(
      for: network, exampleCount: train.exampleCount, key: context.key.child("batches"))
    var state = recipe.trainingState(from: start, of: network, sampler: sampler, key: context.key)
    let occasions =
      settings.along.every.map { Occasions.every($0) } ?? .logarithmic(perDecade: settings.along.perDecade)
    let memory = ProbeMemory<Element>()
    let outcome = try context.train(
      "steps", &state, on: train, plan: recipe.plan(for: data, sampler: sampler),
      probes: [losses(at: occasions, memory), spectrum(at: occasions, memory), .distance(from: start, at: occasions)],
      memory: memory)
    var group = Group(
      dimensions: [Dimension("parameter", length: state.parameters.count)],
      variables: [
        Variable("parameters", along: ["parameter"], values: state.parameters),
        Variable("steps", value: state.step),
      ], groups: ["trajectory": eigenvaluesTogether(Group(state.trajectory))])
    if settings.saddles.points > 0 { addPassed(state.trajectory.steps, memory, to: &group) }
    if case .diverged(let step) = outcome {
      group.attributes["divergence"] = .string(divergenceSentence(atStep: step))
    }
    return group
  }

  /// The points that were passed, in the order of the steps.
  private func addPassed(_ steps: [Int], _ memory: ProbeMemory<Element>, to group: inout Group) {
    group.dimensions.append(Dimension("passed", coordinates: steps))
    group.variables.append(
      Variable(
        "passed_points", along: ["passed", "parameter"], shape: [steps.count, network.parameterCount],
        values: steps.flatMap { memory.vectors["passed_\($0)"] ?? [] }))
  }

  private func losses(at occasions: Occasions, _ memory: ProbeMemory<Element>) -> Probe<Element> {
    Probe(
      [TrajectoryColumn("loss", units: evaluation.unit, longName: "mean loss over the training set")]
        + evaluation.columns.dropFirst() + [
          TrajectoryColumn("objective", units: evaluation.unit, longName: objectiveName),
          TrajectoryColumn("learning_rate", longName: "learning rate"),
        ], at: occasions
    ) { point in
      if settings.saddles.points > 0 { memory.vectors["passed_\(point.step)"] = point.parameters }
      return evaluation.numbers(at: point.parameters) + [train.value(at: point.parameters), point.learningRate]
    }
  }

  private func eigenvalueColumns(_ stem: String, _ count: Int) -> [TrajectoryColumn] {
    (0..<count).map { TrajectoryColumn("\(stem)_\($0 + 1)", longName: "\(stem) \($0 + 1)") }
  }

  /// The eigenvalues along training. Each measurement has a key of its own, and starts from the eigenvectors of the one
  /// before, which are part of the checkpoints, so that a resumed training records the same bits.
  private func spectrum(at occasions: Occasions, _ memory: ProbeMemory<Element>) -> Probe<Element> {
    let along = settings.along
    let top = min(along.largest, network.parameterCount)
    let bottom = min(along.smallest, network.parameterCount)
    let span = min(subspace, top)
    var columns = eigenvalueColumns("largest", top) + eigenvalueColumns("largest_residual", top)
    columns += eigenvalueColumns("smallest", bottom)
    columns += [
      TrajectoryColumn("sharpness", longName: "largest eigenvalue of the Hessian"),
      TrajectoryColumn("stability", longName: "largest eigenvalue times learning rate"),
      TrajectoryColumn("unconverged", longName: "eigenpairs whose residual missed the tolerance"),
      TrajectoryColumn("krylov_dimension", longName: "dimension of the Krylov space at the end"),
      TrajectoryColumn(
        "gradient_share",
        longName: "share of the loss's gradient's squared norm in the span of the top \(span) eigenvectors"),
      TrajectoryColumn(
        "subspace_kept", longName: "mean squared cosine between that span and the one of the measurement before"),
    ]
    if along.traceProbes > 0 {
      columns += [
        TrajectoryColumn("trace", longName: "trace of the Hessian, by Hutchinson's estimator"),
        TrajectoryColumn("trace_standard_error", longName: "standard error of the trace"),
      ]
    }
    return Probe(columns, at: occasions) { point in
      let hessian = train.hessian(at: point.parameters)
      let key = context.key.child("along").child(point.step)
      let ends = Lanczos(tolerance: along.tolerance, maximumDimension: along.maximumDimension)
        .extremes(
          of: hessian, largest: top, smallest: bottom, key: key.child("lanczos"),
          from: along.warmStart ? memory.eigenvectors : [])
      let before = memory.eigenvectors
      memory.eigenvectors = (ends.largest + ends.smallest).map(\.vector)
      let basis = ends.largest.prefix(span).map(\.vector)
      let isWhole = basis.count == span
      let sharpness = ends.largest.first?.value ?? .nan
      var numbers = padded([ends.largest.map(\.value)], to: top) + padded([ends.largest.map(\.residual)], to: top)
      numbers += padded([ends.smallest.map(\.value)], to: bottom)
      numbers += [
        sharpness, sharpness * point.learningRate,
        Double((ends.largest + ends.smallest).count { !$0.converged }), Double(ends.basisDimension),
        isWhole ? Subspaces.share(of: train.gradient(at: point.parameters), in: basis) : .nan,
        isWhole && before.count >= span ? Subspaces.overlap(Array(before.prefix(span)), basis) : .nan,
      ]
      if along.traceProbes > 0 {
        let trace = HutchinsonTrace(of: hessian, probes: along.traceProbes, key: key.child("trace"))
        numbers += [trace.mean, trace.standardError]
      }
      return numbers
    }
  }

  /// The numbered columns as one variable along `step` and `eigenvalue` each.
  private func eigenvaluesTogether(_ trajectory: Group) -> Group {
    var group = trajectory
    let names = [
      ("largest", "eigenvalue", "largest eigenvalues of the Hessian"),
      ("largest_residual", "eigenvalue", "residuals of the largest eigenpairs"),
      ("smallest", "lowest", "smallest eigenvalues of the Hessian"),
    ]
    let counts = [settings.along.largest, settings.along.largest, settings.along.smallest]
    for ((stem, dimension, longName), count) in zip(names, counts.map { min($0, network.parameterCount) })
    where count > 0 {
      let columns = (1...count).compactMap { place in
        trajectory.variables.first { $0.name == "\(stem)_\(place)" }?.values.doubles
      }
      guard columns.count == count, let rows = columns.first?.count else { continue }
      group.variables.removeAll { variable in (1...count).contains { variable.name == "\(stem)_\($0)" } }
      if !group.dimensions.contains(where: { $0.name == dimension }) {
        group.dimensions.append(
          Dimension(
            dimension, coordinates: Array(1...count),
            longName: dimension == "lowest" ? "place from the smallest" : "place from the largest"))
      }
      group.variables.append(
        Variable(
          stem, along: ["step", dimension], shape: [rows, count],
          values: (0..<rows).flatMap { row in columns.map { $0[row] } }, longName: longName))
    }
    return group
  }
}

extension ProbeMemory {
  /// Eigenvectors in the order of their eigenvalues; none where one has a NaN.
  fileprivate var eigenvectors: [[Element]] {
    get { (0..<(vectors.count)).compactMap { vectors["eigenvector_\($0)"] } }
    set {
      let isWhole = newValue.allSatisfy { $0.allSatisfy(\.isFinite) }
      vectors = vectors.filter { !$0.key.hasPrefix("eigenvector_") }
      for (place, vector) in newValue.enumerated() where isWhole { vectors["eigenvector_\(place)"] = vector }
    }
  }
}
