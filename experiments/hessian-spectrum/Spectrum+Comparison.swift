internal import Curvature
internal import Harness
internal import Networks
internal import Storage
internal import Tensors

extension SpectrumMeasurement {
  /// The largest eigenvalues of a matrix beside the Hessian, and how far its top subspaces agree with the Hessian's.
  func comparison(with matrix: MeasuredMatrix<Element>, top: [[Element]]) throws -> Group {
    let watched = WatchedOperator(
      matrix.whole, expected: 4 * settings.besideLargest, "lanczos, \(matrix.title)", in: context)
    let pairs = method.extremes(
      of: watched, largest: max(settings.besideLargest, subspace), key: matrix.key("lanczos", under: key)
    ).largest
    try context.checkCancellation()
    let own = pairs.prefix(subspace).map(\.vector)
    let overlaps = (1...subspace).map { count in
      min(own.count, top.count) < count
        ? .nan : Subspaces.overlap(Array(top.prefix(count)), Array(own.prefix(count)))
    }
    var group = Group(
      dimensions: [
        Dimension("eigenvalue", coordinates: Array(1...pairs.count), longName: "place from the largest"),
        Dimension("dimension", coordinates: Array(1...subspace), longName: "dimension of both subspaces"),
      ],
      variables: self.pairs("largest", along: "eigenvalue", pairs, "of the largest eigenvalues, by Lanczos"))
    group.variables += outliers(pairs.map(\.value)) + shares(of: gradient, in: own)
    group.variables += [
      Variable(
        "overlap", value: overlaps.last ?? .nan,
        longName: "mean squared cosine between the top subspaces and the Hessian's"
      ),
      Variable(
        "overlap_by_dimension", along: ["dimension"], values: overlaps,
        longName: "overlap of the subspaces of the first eigenvectors"),
      Variable(
        "cosines", along: ["dimension"],
        values: padded([Subspaces.cosines(top, own)], to: subspace), longName: "cosines of the principal angles"),
    ]
    return group
  }

  /// The gradient's share in a subspace, and that of a random vector.
  func shares(of gradient: [Element], in basis: [[Element]]) -> [Variable] {
    let isWhole = basis.count == subspace
    return [
      Variable(
        "gradient_share", value: isWhole ? Subspaces.share(of: gradient, in: basis) : .nan,
        longName: "share of the gradient's squared norm in the top subspace"),
      Variable(
        "random_share", value: Double(subspace) / Double(gradient.count),
        longName: "expected share of a random vector"),
      Variable("subspace", value: subspace, longName: "dimension of the top subspace"),
    ]
  }
}
