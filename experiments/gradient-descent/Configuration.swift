public import Configuration

/// What one run measures: descent at step 1/L, the limit 2/L, and iterations against the condition number.
public struct GradientDescentSettings: Configurable {
  /// Descent at step 1/L on several functions, and steps around 2/L on a quadratic.
  public var descent = DescentSettings()
  /// Iterations to a given accuracy on quadratics.
  public var conditioning = ConditioningSettings()

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Section("descent", \.descent, "Descent with step 1/L on several L-smooth functions, and the limit 2/L.")
    Section("conditioning", \.conditioning, "Iterations of three methods against the condition number of a quadratic.")
  }
}

/// The descent lemma's part.
public struct DescentSettings: Configurable {
  /// Parameters of each function.
  public var dimension = 50
  /// Steps with 1/L on each function.
  public var steps = 10_000
  /// The quadratics' condition number.
  public var conditionNumber = 1000.0
  /// Steps in units of 1/L, on both sides of 2.
  public var stepFactors = [1.9, 1.99, 2.01, 2.1]
  /// Steps with each of these.
  public var limitSteps = 2000

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("dimension", \.dimension, "Parameters of each function.", allowed: 2...10_000)
    Setting("steps", \.steps, "Steps with step size 1/L on each function.", allowed: 1...100_000_000)
    Setting("condition_number", \.conditionNumber, "Condition number of the quadratics.", allowed: Above(1.0))
    Setting(
      "step_factors", \.stepFactors, "Step sizes in units of 1/L that are tried on a quadratic, on both sides of 2.",
      allowed: Above(0.0))
    Setting("limit_steps", \.limitSteps, "Steps with each of the step factors.", allowed: 1...100_000_000)
  }

  /// The claim is about both sides of 2.
  public var conflict: String? {
    guard stepFactors.contains(where: { $0 < 2 }), stepFactors.contains(where: { $0 > 2 }) else {
      return "descent.step_factors needs values on both sides of 2"
    }
    return stepFactors.contains(2) ? "at the step factor 2 itself a quadratic neither converges nor diverges" : nil
  }
}

/// The condition number's part.
public struct ConditioningSettings: Configurable {
  /// Parameters of the quadratic.
  public var dimension = 50
  /// The condition numbers.
  public var conditionNumbers = [10.0, 31.6, 100, 316, 1000, 3160, 10_000, 31_600, 100_000]
  /// The distance to the minimizer that ends an iteration, in units of the distance at the start.
  public var accuracy = 1e-6
  /// The number of iterations after which a method is given up.
  public var maximumIterations = 3_000_000
  /// Whether the quadratic's axes are rotated.
  public var isRotated = true

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("dimension", \.dimension, "Parameters of the quadratic.", allowed: 2...10_000)
    Setting(
      "condition_numbers", \.conditionNumbers, "Condition numbers of the quadratic; its spectrum is geometric.",
      allowed: Above(1.0))
    Setting(
      "accuracy", \.accuracy, "Distance to the minimizer that is to be reached, relative to the distance at the start.",
      allowed: 1e-12...0.5)
    Setting(
      "maximum_iterations", \.maximumIterations, "Iterations after which a method is given up.",
      allowed: 1...1_000_000_000)
    Setting("rotated", \.isRotated, "Whether the axes of the quadratic are rotated at random.")
  }

  /// A slope needs three points to have an interval.
  public var conflict: String? {
    Set(conditionNumbers).count < 3 ? "conditioning.condition_numbers needs at least three different values" : nil
  }
}
