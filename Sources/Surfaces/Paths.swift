public import Tensors

/// The straight line p(t) = (1 - t) a + t b.
public struct StraightLine<Element: Scalar>: Path {
  /// The number of parameters of a point.
  public let dimension: Int
  /// a, b.
  public let controlPoints: [Element]

  /// Creates the line between two points.
  public init(from start: [Element], to end: [Element]) {
    precondition(start.count == end.count, "a line between points of \(start.count) and \(end.count) parameters")
    dimension = start.count
    controlPoints = start + end
  }

  /// None: it can only be set to none.
  public var bends: [Element] {
    get { [] }
    set { precondition(newValue.isEmpty, "a straight line has no bends, and \(newValue.count) numbers were given") }
  }
  /// (1 - t, t).
  public func weights(at t: Double) -> [Double] { [1 - t, t] }
  /// (-1, 1).
  public func velocityWeights(at t: Double) -> [Double] { [-1, 1] }
  /// 0 and 1.
  public var corners: [Double] { [0, 1] }
}

/// The quadratic Bezier curve p(t) = (1 - t)^2 a + 2 t (1 - t) b + t^2 c with one bend b (Garipov et al. 2018).
///
/// It does not pass through the bend: p(1/2) = (a + 2 b + c) / 4.
public struct QuadraticBezier<Element: Scalar>: Path {
  /// The number of parameters of a point.
  public let dimension: Int
  /// a, b, c.
  public private(set) var controlPoints: [Element]

  /// Creates the curve between two points, with the bend halfway unless one is given.
  public init(from start: [Element], to end: [Element], bend: [Element]? = nil) {
    let bend = bend ?? StraightLine(from: start, to: end).point(at: 0.5)
    precondition(
      start.count == end.count && bend.count == start.count,
      "a curve through points of \(start.count), \(bend.count) and \(end.count) parameters")
    dimension = start.count
    controlPoints = start + bend + end
  }

  /// The bend b.
  public var bends: [Element] {
    get { Array(controlPoints[dimension..<2 * dimension]) }
    set {
      precondition(newValue.count == dimension, "a bend of \(newValue.count) for a path of \(dimension) parameters")
      controlPoints.replaceSubrange(dimension..<2 * dimension, with: newValue)
    }
  }
  /// ((1 - t)^2, 2 t (1 - t), t^2).
  public func weights(at t: Double) -> [Double] { [(1 - t) * (1 - t), 2 * t * (1 - t), t * t] }
  /// (-2 (1 - t), 2 - 4 t, 2 t).
  public func velocityWeights(at t: Double) -> [Double] { [-2 * (1 - t), 2 - 4 * t, 2 * t] }
  /// 0 and 1.
  public var corners: [Double] { [0, 1] }
}

/// Straight pieces between the start, any number of bends and the end, each traversed in the same share of t.
public struct PolygonalChain<Element: Scalar>: Path {
  /// The number of parameters of a point.
  public let dimension: Int
  /// The start, the bends, the end.
  public private(set) var controlPoints: [Element]

  /// Creates a chain with `bendCount` bends spread evenly over the straight line.
  public init(from start: [Element], to end: [Element], bendCount: Int) {
    precondition(bendCount >= 0, "a chain with \(bendCount) bends")
    let line = StraightLine(from: start, to: end)
    let bends = (0..<bendCount).flatMap { line.point(at: Double($0 + 1) / Double(bendCount + 1)) }
    self.init(from: start, to: end, bends: bends)
  }

  /// Creates a chain from its bends, one after the other.
  public init(from start: [Element], to end: [Element], bends: [Element]) {
    precondition(
      start.count == end.count && !start.isEmpty && bends.count.isMultiple(of: start.count),
      "a chain between points of \(start.count) and \(end.count) parameters with \(bends.count) numbers for bends")
    dimension = start.count
    controlPoints = start + bends + end
  }

  /// The bends, one after the other.
  public var bends: [Element] {
    get { Array(controlPoints[dimension..<controlPoints.count - dimension]) }
    set {
      precondition(
        newValue.count == controlPoints.count - 2 * dimension,
        "\(newValue.count) numbers for \(bendCount) bends of \(dimension) parameters")
      controlPoints.replaceSubrange(dimension..<controlPoints.count - dimension, with: newValue)
    }
  }

  /// Hat functions: two neighbours share the point, by its place on their piece.
  public func weights(at t: Double) -> [Double] {
    var weights = [Double](repeating: 0, count: bendCount + 2)
    let (piece, share) = place(of: t)
    weights[piece] = 1 - share
    weights[piece + 1] = share
    return weights
  }

  /// -+ the number of pieces.
  public func velocityWeights(at t: Double) -> [Double] {
    var weights = [Double](repeating: 0, count: bendCount + 2)
    let piece = place(of: t).piece
    weights[piece] = -Double(bendCount + 1)
    weights[piece + 1] = Double(bendCount + 1)
    return weights
  }

  /// 0, 1/(bends + 1), ..., 1.
  public var corners: [Double] { (0...bendCount + 1).map { Double($0) / Double(bendCount + 1) } }

  private func place(of t: Double) -> (piece: Int, share: Double) {
    let position = t * Double(bendCount + 1)
    let piece = min(max(Int(position), 0), bendCount)
    return (piece, position - Double(piece))
  }
}
