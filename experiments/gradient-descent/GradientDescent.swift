public import Harness
internal import Storage

/// Gradient descent and its accelerations on functions of which theory knows everything.
public enum GradientDescentExperiment: Experiment {
  /// What one run measures.
  public typealias Settings = GradientDescentSettings

  /// "gradient-descent".
  public static let name = "gradient-descent"

  /// What it is about.
  public static let abstract = """
    Gradient descent on analytic functions with known constants: whether each step of 1/L lowers the function by what \
    the descent lemma promises, where it begins to diverge, and how the iterations of gradient descent, heavy ball and \
    Nesterov's method grow with the condition number.
    """

  /// The papers.
  public static let references = [survey, nesterov2004, polyak1964, nesterov1983, lessard2016]

  /// `gd.descent-lemma` and `gd.condition-number`.
  public static let findings = [descentLemma, conditionNumber]

  /// The sweeps that ship with it.
  public static let profiles = Profiles(
    smoke: PackageResources.smoke_yaml, quick: PackageResources.quick_yaml, full: PackageResources.full_yaml)

  /// Descends, tries the limit, and counts iterations for each condition number.
  public static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let descent = try context.stage("descent", share: 0.15) { try measureDescent(settings.descent, in: context) }
    let limit = try context.stage("limit", share: 0.02) { try measureLimit(settings.descent, in: context) }
    let numbers = settings.conditioning.conditionNumbers
    let total = numbers.reduce(0, +)
    var parts: [Group] = []
    for (index, number) in numbers.enumerated() {
      parts.append(
        try context.stage("condition-\(index)", share: 0.83 * number / total) {
          try measureConditioning(settings.conditioning, conditionNumber: number, index: index, in: context)
        })
    }
    return RunResult(
      measurements: Group(groups: [
        "descent": descent, "limit": limit, "conditioning": try assembleConditioning(settings.conditioning, parts),
      ]))
  }
}
