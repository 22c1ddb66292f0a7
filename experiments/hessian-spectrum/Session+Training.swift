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
    var probes = [
      losses(at: occasions, memory), spectrum(at: occasions, memory), .distance(from: start, at: occasions),
    ]
    if settings.along.powerCount > 0 { probes.append(powerIteration(at: occasions, memory)) }
    let outcome = try context.train(
      "steps", &state, on: train, plan: recipe.plan(for: data, sampler: sampler), probes: probes, memory: memory)
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

  func eigenvalueColumns(_ stem: String, _ count: Int) -> [TrajectoryColumn] {
    (0..<count).map { TrajectoryColumn("\(stem)_\($0 + 1)", longName: "\(stem) \($0 + 1)") }
  }

  /// The vectors of the measurement before that one starts from. None in a rehearsal, which times measurements a few steps
  /// apart: from vectors so near they would take fewer products than those of the run.
  func knownVectors(_ name: String, _ memory: ProbeMemory<Element>) -> [[Element]] {
    settings.along.warmStart && !context.isRehearsal ? memory.vectors(named: name) : []
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
          from: knownVectors("eigenvector", memory))
      let before = memory.vectors(named: "eigenvector")
      memory.keep((ends.largest + ends.smallest).map(\.vector), as: "eigenvector")
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
    let along = settings.along
    let series = [
      ("largest", "eigenvalue", along.largest, "largest eigenvalues of the Hessian"),
      ("largest_residual", "eigenvalue", along.largest, "residuals of the largest eigenpairs"),
      ("smallest", "lowest", along.smallest, "smallest eigenvalues of the Hessian"),
      ("power_iteration", "rank", along.powerCount, "eigenvalues largest in size, by power iteration"),
      ("power_iteration_residual", "rank", along.powerCount, "residuals of these"),
    ]
    let places = [
      "eigenvalue": "place from the largest", "lowest": "place from the smallest", "rank": "place in descending size",
    ]
    for (stem, dimension, wanted, longName) in series where wanted > 0 {
      let count = min(wanted, network.parameterCount)
      let columns = (1...count).compactMap { place in
        trajectory.variables.first { $0.name == "\(stem)_\(place)" }?.values.doubles
      }
      guard columns.count == count, let rows = columns.first?.count else { continue }
      group.variables.removeAll { variable in (1...count).contains { variable.name == "\(stem)_\($0)" } }
      if !group.dimensions.contains(where: { $0.name == dimension }) {
        group.dimensions.append(
          Dimension(dimension, coordinates: Array(1...count), longName: places[dimension] ?? dimension))
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
  /// The vectors that were kept under a name, in their order.
  func vectors(named name: String) -> [[Element]] {
    (0..<vectors.count).compactMap { vectors["\(name)_\($0)"] }
  }

  /// Keeps vectors under a name in place of those before; none where one has a NaN.
  func keep(_ kept: [[Element]], as name: String) {
    let isWhole = kept.allSatisfy { $0.allSatisfy(\.isFinite) }
    vectors = vectors.filter { !$0.key.hasPrefix("\(name)_") }
    for (place, vector) in kept.enumerated() where isWhole { vectors["\(name)_\(place)"] = vector }
  }
}
