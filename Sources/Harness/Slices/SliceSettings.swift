public import Configuration
internal import Surfaces

/// The directions of slices.
public enum SliceDirection: String, CaseIterable, Sendable {
  /// Random, of length 1.
  case unit
  /// Random, of the point's length.
  case whole
  /// Random, of the point's length in every unit (Li et al. 2018).
  case filter
  /// Random, of the point's length in every tensor.
  case layer
  /// Random signs, of the point's size in every number.
  case weight
  /// Eigenvectors of the Hessian's largest eigenvalues, of length 1.
  case eigenvector
  /// Principal components of the trajectory that led to the point, as long as the trajectory is along them.
  case principalComponent = "principal-component"

  /// The normalization behind it, if there is one.
  var normalization: DirectionNormalization? { DirectionNormalization(rawValue: rawValue) }

  /// Whether other draws give other directions, so that pictures along them are repeats of one another.
  var isRandom: Bool { self == .unit || normalization != nil }
}

/// Parameters that slices leave as they are.
public enum LeftOutParameters: String, CaseIterable, Sendable {
  /// Biases, among them the shifts of normalizations.
  case biases
  /// Scales and all else that normalizations have.
  case norms

  var kind: ParameterPart.Kind {
    switch self {
    case .biases: .bias
    case .norms: .other
    }
  }
}

/// The loss along lines and on planes through a point, as a section of any experiment's configuration.
///
/// ```swift
/// Section("slices", \.slices, "Losses and errors along lines and on planes through the minimum.")
/// ```
public struct SliceSettings: Configurable {
  /// How many lines.
  public var lines = 0
  /// Their directions.
  public var direction = SliceDirection.filter
  /// Parameters that stay as they are.
  public var leftOut: [LeftOutParameters] = []
  /// How far they reach to both sides.
  public var reach = 1.0
  /// Points of each line.
  public var points = 21
  /// Points along each side of the planes; 0 for none.
  public var planePoints = 0
  /// How many planes.
  public var planes = 1
  /// Whether the ends of the Hessian's spectrum are computed on the planes.
  public var hasPlaneEigenvalues = false
  /// Points of the trajectory whose principal components are taken.
  public var trajectoryPoints = 50
  /// The residual wanted of eigenvalues.
  public var tolerance = 1e-3
  /// The largest Krylov space.
  public var maximumDimension = 150

  /// The defaults, by which there are no slices.
  public init() {}

  /// The defaults with some lines.
  public init(lines: Int) { self.lines = lines }

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("lines", \.lines, "Lines through the point; 0 for none.", allowed: 0...1000)
    Setting(
      "direction", \.direction,
      "Their directions: random of length 1 (unit), of the point's length as a whole or in each unit (filter), tensor "
        + "(layer) or number (weight), the eigenvectors of the largest eigenvalues, or the principal components of the "
        + "trajectory that led to the point, for which training is made anew.")
    Setting(
      "leave_out", \.leftOut,
      "Parameters that stay as they are: biases (with the shifts of normalizations), norms (their scales).")
    Setting("reach", \.reach, "How far they reach to both sides, in multiples of the direction.", allowed: Above(0.0))
    Setting("points", \.points, "Points of each; an odd number has the point itself among them.", allowed: 3...100_001)
    Setting(
      "plane_points", \.planePoints, "Points along each side of a plane, which two lines span; 0 for none.",
      allowed: 0...2001)
    Setting("planes", \.planes, "Planes, each of two lines of its own.", allowed: 1...500)
    Setting(
      "plane_eigenvalues", \.hasPlaneEigenvalues,
      "Whether the Hessian's largest and smallest eigenvalue are computed at each point of the planes.")
    Setting(
      "trajectory_points", \.trajectoryPoints, "Points of the trajectory whose principal components are taken.",
      allowed: 2...10_000)
    Setting("tolerance", \.tolerance, "Residual wanted of eigenvalues, relative to them.", allowed: 0.0...0.5)
    Setting("maximum_dimension", \.maximumDimension, "Largest dimension of the Krylov space.", allowed: 2...100_000)
  }

  /// A plane without two lines, eigenvalues without a plane, a name twice.
  public var conflict: String? {
    if planePoints > 0 && lines < 2 * planes {
      return planes == 1
        ? "plane_points is \(planePoints) and lines is \(lines), but a plane needs two lines; raise lines"
        : "plane_points is \(planePoints) and lines is \(lines), but \(planes) planes need \(2 * planes) lines; raise lines"
    }
    if hasPlaneEigenvalues && planePoints == 0 {
      return "plane_eigenvalues is true, but there is no plane; set plane_points"
    }
    return Set(leftOut).count != leftOut.count ? "leave_out names something twice" : nil
  }

  /// The places of a line's points, in multiples of its direction.
  var distances: [Double] { (0..<points).map { reach * (2 * Double($0) / Double(points - 1) - 1) } }
}
