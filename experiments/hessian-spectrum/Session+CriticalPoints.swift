internal import Harness
internal import Networks
internal import Statistics
internal import Storage
internal import Tensors

extension Session {
  /// Critical points, searched for from points along training and from such points with noise.
  func criticalPoints(from training: Group) throws -> Group {
    let saddles = settings.saddles
    guard saddles.points > 0 else { return Group() }
    let steps: [Int] = try training.dimension("passed").coordinates.flatMap(Int.elements) ?? []
    let passed: [Element] = try training.variable("passed_points").elements()
    let count = network.parameterCount
    var starts: [(step: Int, noise: Double)] = []
    var found: [Group] = []
    let chosen = evenlySpread(saddles.points, over: steps.count)
    for place in chosen {
      for (copy, noise) in saddles.noise.enumerated() {
        let number = starts.count
        let total = chosen.count * saddles.noise.count
        let stage = try context.stage("search-\(number)", share: 1 / Double(total)) {
          let start = perturbed(
            Array(passed[place * count..<(place + 1) * count]), by: noise,
            key: context.key.child("saddles").child(steps[place]).child(copy))
          return try search(from: start)
        }
        found.append(stage)
        starts.append((steps[place], noise))
      }
    }
    return try gathered(found, starts)
  }

  /// A point with normal noise of a standard deviation of `share` times the root mean square of the point's elements.
  private func perturbed(_ point: [Element], by share: Double, key: Key) -> [Element] {
    var generator = key.generator()
    let deviation = share * Double(point.norm) / Double(max(1, point.count)).squareRoot()
    return point.map { $0 + Element(deviation * generator.normal()) }
  }

  private func search(from start: [Element]) throws -> Group {
    let saddles = settings.saddles
    let method = CriticalPointSearch(
      descentSteps: saddles.descentSteps, newtonSteps: saddles.newtonSteps, kicks: saddles.kicks,
      tolerance: saddles.tolerance)
    let end = try method(of: train, from: start, check: context.checkCancellation)
    return Group(
      dimensions: [Dimension("parameter", length: start.count)],
      variables: [
        Variable("loss", value: end.value), Variable("gradient_norm", value: end.gradientNorm),
        Variable("newton_steps", value: end.newtonSteps), Variable("ending", value: end.ending.rawValue),
        Variable("eigenvalues", along: ["parameter"], values: end.eigenvalues),
      ])
  }

  /// All searches side by side, with the rank correlation over the distinct critical points.
  private func gathered(_ found: [Group], _ starts: [(step: Int, noise: Double)]) throws -> Group {
    let losses: [Double] = try found.map { try $0.variable("loss").value() }
    let spectra: [[Double]] = try found.map { try $0.variable("eigenvalues").elements() }
    let endings: [String] = try found.map { try $0.variable("ending").value() }
    let indices = spectra.map { negativeShare($0, floor: settings.saddles.floor) }
    let critical = endings.indices.filter { endings[$0] == CriticalPoint<Element>.Ending.critical.rawValue }
    let distinct = distinctPoints(losses: critical.map { losses[$0] }, indices: critical.map { indices[$0] })
      .map { critical[$0] }
    // A rank correlation of a handful of points says nothing.
    let correlation =
      distinct.count < 5
      ? .nan : spearmanRho(distinct.map { losses[$0] }, distinct.map { indices[$0] })
    func all<Value: StoredElement>(
      _ name: String, _ values: [Value], _ longName: String, units: String? = nil
    ) -> Variable {
      Variable(name, along: ["search"], values: values, units: units, longName: longName)
    }
    return Group(
      dimensions: [
        Dimension("search", coordinates: Array(1...max(1, found.count)), longName: "number of the search"),
        Dimension("index_of_eigenvalue", length: network.parameterCount, longName: "place from the smallest"),
      ],
      variables: [
        all("start_step", starts.map(\.step), "step of training that the search started from"),
        all("start_noise", starts.map(\.noise), "noise added to it, as a share of the parameters' root mean square"),
        all("loss", losses, "objective where the search ended", units: evaluation.unit),
        all(
          "gradient_norm", try found.map { try $0.variable("gradient_norm").value() as Double },
          "norm of the gradient where the search ended"),
        all(
          "newton_steps", try found.map { try $0.variable("newton_steps").value() as Int }, "steps of Newton's method"),
        all("ending", endings, "how the search ended"),
        all("critical", endings.indices.map { UInt8(critical.contains($0) ? 1 : 0) }, "whether at a critical point"),
        all("counted", endings.indices.map { UInt8(distinct.contains($0) ? 1 : 0) }, "whether the first at this one"),
        all("negative_share", indices, "share of negative eigenvalues of the Hessian there"),
        Variable(
          "eigenvalues", along: ["search", "index_of_eigenvalue"], shape: [found.count, network.parameterCount],
          values: spectra.flatMap { $0 }, longName: "all eigenvalues of the Hessian there"),
        Variable("distinct", value: distinct.count, longName: "distinct critical points"),
        Variable(
          "rank_correlation", value: correlation,
          longName: "Spearman's rank correlation of loss and share of negative eigenvalues over them"),
      ])
  }
}
