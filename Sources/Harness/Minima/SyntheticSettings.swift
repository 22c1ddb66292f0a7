public import Configuration
public import Datasets
internal import Tensors

/// The parameters of the sets that are drawn from a law; each law uses some of them.
public struct SyntheticSettings: Configurable {
  /// Training examples.
  public var trainCount = 2000
  /// Test examples.
  public var testCount = 1000
  /// Inputs of an example.
  public var dimension = 20
  /// Classes, or outputs of the teacher.
  public var classes = 2
  /// What is asked for.
  public var target = SyntheticTarget.classes
  /// The deviation of the noise.
  public var noise = 0.0
  /// The distance of two means.
  public var separation = 3.0
  /// Hidden units of the teacher.
  public var teacherWidth = 10
  /// Inputs that matter.
  public var relevant = 5
  /// How often a spiral goes round.
  public var turns = 1.5

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("train_count", \.trainCount, "Training examples that are drawn.", allowed: 1...10_000_000)
    Setting("test_count", \.testCount, "Test examples that are drawn.", allowed: 1...10_000_000)
    Setting("dimension", \.dimension, "Inputs of an example (spirals have 2).", allowed: 1...100_000)
    Setting(
      "classes", \.classes, "Classes; of teacher-student the outputs; sparse-features has 2 classes or one output.",
      allowed: 1...10_000)
    Setting("target", \.target, "What teacher-student and sparse-features ask for.")
    Setting(
      "noise", \.noise,
      "The noise's deviation: on the outputs of teacher-student and sparse-features, on spirals' points.",
      allowed: 0.0...1e6)
    Setting(
      "separation", \.separation, "The distance of any two means of gaussian-mixture, in deviations of a cloud.",
      allowed: 0.0...1e6)
    Setting("teacher_width", \.teacherWidth, "Hidden units of teacher-student's teacher.", allowed: 1...100_000)
    Setting("relevant", \.relevant, "Inputs that sparse-features' rule looks at.", allowed: 1...100_000)
    Setting("turns", \.turns, "How often a spiral goes round the centre.", allowed: 0.0...100.0)
  }

  /// More clouds than dimensions, more relevant inputs than there are, more numbers than memory holds.
  func conflict(for name: String) -> String? {
    if name == GaussianMixture.name, classes > dimension {
      return "gaussian-mixture needs a dimension of at least classes, and dimension is \(dimension), classes \(classes)"
    }
    if name == SparseFeatures.name, relevant > dimension {
      return "relevant is \(relevant), but there are only \(dimension) inputs (dimension)"
    }
    if (trainCount + testCount) * dimension > 1 << 32 {
      return "\(trainCount) + \(testCount) examples of \(dimension) inputs would take more than 16 GiB"
    }
    return nil
  }

  /// The shape of an example of a law, or `nil` when no law has that name.
  func exampleShape(of name: String) -> Shape? {
    guard DatasetCatalogue.syntheticNames.contains(name) else { return nil }
    return name == Spirals.name ? [2] : [dimension]
  }

  /// How many outputs a model of a law has, or `nil` when no law has that name.
  func outputCount(of name: String) -> Int? {
    guard DatasetCatalogue.syntheticNames.contains(name) else { return nil }
    return name == SparseFeatures.name ? (target == .real ? 1 : 2) : classes
  }

  /// Draws the set of a name, or `nil` when no law has that name.
  func split(_ name: String, key: Key) -> SplitDataset? {
    let law: any SyntheticSet
    switch name {
    case TeacherStudent.name:
      law = TeacherStudent(
        dimension: dimension, width: teacherWidth, outputs: classes, noise: noise, target: target, key: key)
    case GaussianMixture.name:
      law = GaussianMixture(classCount: classes, dimension: dimension, separation: separation, key: key)
    case Spirals.name: law = Spirals(classCount: classes, turns: turns, noise: noise)
    case SparseFeatures.name:
      law = SparseFeatures(dimension: dimension, relevant: relevant, noise: noise, target: target, key: key)
    default: return nil
    }
    return law.split(train: trainCount, test: testCount, key: key)
  }
}
