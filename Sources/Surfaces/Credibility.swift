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

/// Why a picture is not to be taken for the landscape, in words; empty when nothing speaks against it.
///
/// The curvature along its axes is below a hundredth of the largest on each of them, or repeats along other directions
/// leave more than a tenth of their variance to the choice of directions. NaN says nothing.
public func doubts(curvatureShares: [Double], agreement: Double) -> [String] {
  var doubts: [String] = []
  let known = curvatureShares.filter { !$0.isNaN }.map { abs($0) }
  if let most = known.max(), most < 0.01 {
    doubts.append(
      "the curvature along the axes is at most \(percent(most)) % of the largest, so that no sharp direction is seen")
  }
  if agreement < 0.9 {
    doubts.append(
      "along other directions it looks different: the mean picture accounts for \(percent(agreement)) % of the variance"
    )
  }
  return doubts
}

/// A share in percent, to two digits.
private func percent(_ share: Double) -> String {
  let value = 100 * share
  let digits = abs(value) < 1 ? 1000.0 : 10
  return "\((value * digits).rounded() / digits)"
}
