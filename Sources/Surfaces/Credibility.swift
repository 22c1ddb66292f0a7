public import Tensors

// Signs whether a picture of a few dimensions can be taken for the landscape of many.

/// The curvature of a slice as a share of the largest curvature that there is: d'Hd / (d'd lambda_max).
///
/// A picture along directions whose share is near zero shows the bulk of the landscape and none of its sharp directions:
/// random ones in n dimensions have about trace / (n lambda_max). NaN for a direction of length zero. Cost: one product.
public func curvatureShare<A: LinearOperator>(
  along direction: [A.Element], of hessian: A, largest: Double
) -> Double {
  doubleDot(direction, hessian(direction)) / (doubleDot(direction, direction) * largest)
}

/// How far repeated slices, at the same places along independent directions, show the same picture: the share of their
/// variance about the grand mean that their mean picture accounts for.
///
/// 1 when all are alike, near 1/k for k pictures that have nothing in common. NaN for fewer than two, a NaN among them,
/// or pictures that are all one constant.
public func agreement(_ repeats: [[Double]]) -> Double {
  guard let first = repeats.first, repeats.count > 1 else { return .nan }
  precondition(
    repeats.allSatisfy { $0.count == first.count }, "repeats of a slice have \(repeats.map(\.count)) values")
  let number = Double(repeats.count)
  let means = first.indices.map { place in repeats.reduce(0) { $0 + $1[place] } / number }
  let grand = means.reduce(0, +) / Double(means.count)
  var within = 0.0
  var total = 0.0
  for values in repeats {
    for (value, mean) in zip(values, means) {
      within += (value - mean) * (value - mean)
      total += (value - grand) * (value - grand)
    }
  }
  return 1 - within / total
}

/// The agreement of lines that stand at the same distances.
public func agreement(_ repeats: [LineSlice]) -> Double {
  precondition(
    repeats.allSatisfy { $0.distances == repeats[0].distances }, "repeats of a slice stand at the same distances")
  return agreement(repeats.map(\.values))
}

/// The share of points at which a function is far from convex: lambda_min < 0 and |lambda_min / lambda_max| > `threshold`,
/// with the ends of the whole Hessian's spectrum (Li et al. 2018, section 6, whose pictures show that ratio).
///
/// Where lambda_max is not positive, a negative lambda_min counts. NaN where an eigenvalue is NaN, or without points.
public func nonconvexShare(smallest: [Double], largest: [Double], threshold: Double = 0.1) -> Double {
  precondition(
    smallest.count == largest.count, "\(smallest.count) smallest eigenvalues and \(largest.count) largest ones")
  guard !smallest.isEmpty, !(smallest + largest).contains(where: \.isNaN) else { return .nan }
  let count = zip(smallest, largest).count { low, high in low < 0 && -low > threshold * high }
  return Double(count) / Double(smallest.count)
}

/// How one of `count` repeats is correlated with another, by their agreement a: (a - 1/k) / (1 - 1/k), what is left of it
/// when what chance gives k pictures that have nothing in common is taken off. NaN for fewer than two.
///
/// Where each of k pictures is what all have in common plus a part of its own, of variances v and w, the agreement's
/// expectation is about (v + w/k) / (v + w), and the correlation v / (v + w).
public func correlationOfRepeats(agreement: Double, count: Int) -> Double {
  guard count > 1 else { return .nan }
  let chance = 1 / Double(count)
  return (agreement - chance) / (1 - chance)
}

/// Why `count` repeats of a picture are not to be taken for the landscape, in words: their correlation is below a half, so
/// that they show more of the directions that were drawn than of what they have in common. `nil` otherwise, and for NaN.
public func doubt(agreement: Double, count: Int) -> String? {
  let correlation = correlationOfRepeats(agreement: agreement, count: count)
  guard correlation < 0.5 else { return nil }
  return "pictures along other directions look different: they correlate by \((100 * correlation).rounded() / 100)"
}
