public import Tensors

/// A plane in parameter space: the points origin + alpha u + beta v with u and v orthonormal.
public struct Plane<Element: Scalar>: Sendable {
  /// The point at alpha = beta = 0.
  public let origin: [Element]
  /// The direction of alpha, of unit length.
  public let u: [Element]
  /// The direction of beta, of unit length and orthogonal to u.
  public let v: [Element]

  /// The plane through three points: a at (0, 0), b on the positive alpha axis, c on the side of positive beta.
  ///
  /// Returns `nil` when they lie on one line, to within 1000 roundings of their number type, or within 16 roundings of the
  /// points themselves, so that their distances would be those of rounded numbers; or when they are not finite.
  public init?(through a: [Element], _ b: [Element], _ c: [Element]) {
    precondition(
      a.count == b.count && a.count == c.count,
      "a plane through points of \(a.count), \(b.count) and \(c.count) parameters")
    let (first, second) = (difference(b, a), difference(c, a))
    self.init(origin: a, spannedBy: first, second)
    let rounding = 16 * Element.ulpOfOne * max(a.norm, b.norm, c.norm)
    guard first.norm > rounding, abs(v.dot(second)) > rounding else { return nil }
  }

  /// The plane at a point spanned by two directions, made orthonormal by Gram and Schmidt with the first one kept.
  ///
  /// Returns `nil` when the directions are parallel, to within 1000 roundings of their number type, or not finite.
  public init?(origin: [Element], spannedBy first: [Element], _ second: [Element]) {
    precondition(
      origin.count == first.count && origin.count == second.count,
      "a plane of \(origin.count) parameters spanned by directions of \(first.count) and \(second.count)")
    let length = first.norm
    guard length > 0, length.isFinite, second.norm.isFinite else { return nil }
    let u = scaled(first, by: 1 / length)
    var v = second
    for _ in 0..<2 { v.add(-u.dot(v), times: u) }
    let height = v.norm
    guard height > 1000 * Element.ulpOfOne * second.norm else { return nil }
    v = scaled(v, by: 1 / height)
    v.add(-u.dot(v), times: u)
    self.origin = origin
    self.u = u
    self.v = v
  }

  /// The number of parameters of a point.
  public var dimension: Int { origin.count }

  /// Writes origin + alpha u + beta v over `point`.
  public func point(alpha: Double, beta: Double, into point: inout [Element]) {
    point = origin
    point.add(Element(alpha), times: u)
    point.add(Element(beta), times: v)
  }

  /// Where a point's projection on the plane lies.
  public struct Coordinates: Hashable, Sendable {
    /// Along u.
    public let alpha: Double
    /// Along v.
    public let beta: Double
    /// The point's distance from the plane.
    public let distance: Double

    /// Creates coordinates from their numbers.
    public init(alpha: Double, beta: Double, distance: Double) {
      self.alpha = alpha
      self.beta = beta
      self.distance = distance
    }
  }

  /// The coordinates of a point's orthogonal projection, and how far it is from the plane.
  public func coordinates(of point: [Element]) -> Coordinates {
    precondition(point.count == dimension, "a point of \(point.count) for a plane of \(dimension) parameters")
    var rest = difference(point, origin)
    let alpha = u.dot(rest)
    let beta = v.dot(rest)
    rest.add(-alpha, times: u)
    rest.add(-beta, times: v)
    return Coordinates(alpha: Double(alpha), beta: Double(beta), distance: Double(rest.norm))
  }
}

private func difference<S: Scalar>(_ x: [S], _ y: [S]) -> [S] {
  var difference = x
  difference.add(-1, times: y)
  return difference
}

@specialized(where S == Float) @specialized(where S == Double)
private func scaled<S: Scalar>(_ x: [S], by factor: S) -> [S] { x.map { $0 * factor } }
