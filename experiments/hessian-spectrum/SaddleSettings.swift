public import Configuration

/// The search for critical points by minimizing the gradient's norm.
public struct SaddleSettings: Configurable {
  /// The points along training that it starts from, 0 for no search.
  public var points = 0
  /// The standard deviations of what is added to them, as shares of the parameters' root mean square.
  public var noise: [Double] = [0, 0.25, 0.5, 0.75, 1]
  /// Steps of L-BFGS on half the squared norm, before Newton's.
  public var descentSteps = 50
  /// Steps of damped Newton at most.
  public var newtonSteps = 400
  /// How often a search leaves a region where the norm has stopped to fall.
  public var kicks = 10
  /// The gradient's norm of a critical point.
  public var tolerance = 1e-8
  /// Eigenvalues below minus this share of the largest in size count as negative.
  public var floor = 1e-8

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting(
      "points", \.points, "Points along training that searches start from, at logarithmic distances; 0 for no search.",
      allowed: 0...1000)
    Setting(
      "noise", \.noise,
      "One search for each: the standard deviation of what is added, as a share of the parameters' root mean square.",
      allowed: 0.0...100.0)
    Setting("descent_steps", \.descentSteps, "Steps of L-BFGS on half the squared norm.", allowed: 0...1_000_000)
    Setting("newton_steps", \.newtonSteps, "Steps of damped Newton after them, at most.", allowed: 0...1_000_000)
    Setting(
      "kicks", \.kicks, "How often a search leaves a region where the norm has stopped to fall.", allowed: 0...10_000)
    Setting("tolerance", \.tolerance, "The gradient's norm of a critical point.", allowed: Above(0.0))
    Setting(
      "floor", \.floor, "Eigenvalues below minus this share of the largest in size count as negative.",
      allowed: 0.0..<1.0)
  }
}
