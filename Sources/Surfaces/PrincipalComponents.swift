public import Tensors

/// The directions along which a trajectory's points vary most (Li et al. 2018, section 7).
///
/// With the rows x_i - o of X, the points less their origin, they are the eigenvectors of X'X, found from the small
/// matrix XX' in Float64. Random directions of a high-dimensional space show next to nothing of a trajectory; these show
/// as much as a plane can.
public struct PrincipalComponents<Element: Scalar>: Sendable {
  /// What points are measured from.
  public enum Origin: Sendable {
    /// The last point, as in pictures of training.
    case last
    /// The points' mean, as in statistics.
    case mean
  }

  /// The point o.
  public let origin: [Element]
  /// The directions, of unit length and orthogonal, the one of largest share first; each points to the side on which the
  /// first of the points lies.
  public let directions: [[Element]]
  /// The share of the sum of all ||x_i - o||^2 that lies along each direction.
  public let shares: [Double]
  /// The coordinates of each point, [point][direction].
  public let coordinates: [[Double]]

  /// Finds `count` directions, or as many as the points span.
  ///
  /// Cost: k^2 n / 2 products for k points of n parameters, and an eigenproblem of order k. NaN among the points leaves
  /// no direction.
  public init(of points: [[Element]], count: Int, about origin: Origin = .last) {
    precondition(
      !points.isEmpty && points.allSatisfy { $0.count == points[0].count } && count >= 0,
      "\(count) components of \(points.count) points of \(Set(points.map(\.count)).sorted()) parameters")
    let center = origin == .last ? points[points.count - 1] : meanOf(points)
    let rows = points.map { point in
      var row = point
      row.add(-1, times: center)
      return row
    }
    let order = rows.count
    var gram = [Double](repeating: 0, count: order * order)
    for i in 0..<order {
      for j in 0...i {
        gram[i * order + j] = doubleDot(rows[i], rows[j])
        gram[j * order + i] = gram[i * order + j]
      }
    }
    let total = (0..<order).map { gram[$0 * order + $0] }.reduce(0, +)
    let values = total.isFinite ? Double.symmetricEigenvalues(order: order, matrix: &gram) ?? [] : []
    // The rows are rounded in their type, the small matrix in Float64.
    let rounding = 1000 * max(Double.ulpOfOne, Double(Element.ulpOfOne) * Double(Element.ulpOfOne))
    var directions: [[Element]] = []
    var shares: [Double] = []
    var columns: [[Double]] = []
    for place in values.indices.reversed().prefix(count) {
      let value = values[place]
      guard value > rounding * total else { break }
      var vector = Array(gram[place * order..<(place + 1) * order])
      if let lead = vector.first(where: { abs($0) > 1e-9 }), lead < 0 { vector = vector.map { -$0 } }
      var direction = [Element](repeating: 0, count: center.count)
      for (row, weight) in zip(rows, vector) { direction.add(Element(weight / value.squareRoot()), times: row) }
      directions.append(direction)
      shares.append(value / total)
      columns.append(vector.map { $0 * value.squareRoot() })
    }
    self.origin = center
    self.directions = directions
    self.shares = shares
    coordinates = (0..<order).map { point in columns.map { $0[point] } }
  }
}

private func meanOf<S: Scalar>(_ points: [[S]]) -> [S] {
  var mean = [S](repeating: 0, count: points[0].count)
  for point in points { mean.add(1 / S(points.count), times: point) }
  return mean
}

@specialized(where S == Float) @specialized(where S == Double)
func doubleDot<S: Scalar>(_ x: [S], _ y: [S]) -> Double {
  var sum = 0.0
  for index in x.indices { sum += Double(x[index]) * Double(y[index]) }
  return sum
}
