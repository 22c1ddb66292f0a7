public import Configuration

/// The plane and the grid on which it is evaluated.
public struct PlaneSettings: Configurable {
  /// The names of the three points: at the origin, on the axis of alpha, and on the side of positive beta.
  public var through = ["end0", "end1", "bezier"]
  /// Points along the line between the first two.
  public var alphaCount = 41
  /// Points across it.
  public var betaCount = 31
  /// How far the grid reaches beyond the three points, as a share of their extent.
  public var margin = 0.3

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting(
      "through", \.through,
      "The three points it goes through: minima (end0, end1, ... below minima) and paths, which stand for their middle bend "
        + "(bezier, chain, elastic-band).")
    Setting("alpha_count", \.alphaCount, "Points along the line between the first two.", allowed: 2...2001)
    Setting("beta_count", \.betaCount, "Points across that line, towards the third.", allowed: 2...2001)
    Setting(
      "margin", \.margin, "How far the grid reaches beyond the three points, as a share of their extent.",
      allowed: 0.0...10.0)
  }

  /// The three points, as far as their names are some.
  var points: [PlanePoint] { through.compactMap { PlanePoint($0) } }

  /// How many minima the points need.
  var minimumCount: Int {
    points.reduce(0) { count, point in
      if case .minimum(let index) = point { max(count, index + 1) } else { count }
    }
  }

  /// What keeps a plane from being drawn beside these measures.
  func conflict(_ measured: [Measured], minima: Int, mend: String) -> String? {
    for name in through {
      switch PlanePoint(name) {
      case nil: return "plane.through names \(name), which is none of end0, end1, ..., bezier, chain, elastic-band"
      case .path(let path) where !measured.contains(path):
        return "plane.through names \(name), but measure does not; add it there or name another point"
      case .minimum(let index) where index >= minima:
        return "plane.through names \(name), but the last of \(minima) minima is end\(minima - 1); \(mend)"
      default: break
      }
    }
    return through.count == 3 && Set(through).count == 3
      ? nil : "plane.through names [\(through.joined(separator: ", "))], but a plane takes three different points"
  }
}

/// A point that a plane goes through.
enum PlanePoint: Equatable {
  /// A minimum, by its place.
  case minimum(Int)
  /// The middle bend of a path.
  case path(Measured)

  /// The point of a name, such as `end1` or `bezier`.
  init?(_ name: String) {
    if let path = Measured(rawValue: name), Measured.withBends.contains(path) {
      self = .path(path)
    } else if name.hasPrefix("end"), let index = Int(name.dropFirst(3)), name == "end\(index)", index >= 0 {
      self = .minimum(index)
    } else {
      return nil
    }
  }
}

extension Measured {
  /// The paths that are trained.
  static let withBends: [Measured] = [.bezier, .chain, .elasticBand]

  /// The name in files.
  var place: String { rawValue.replacing("-", with: "_") }
}
