public import Tensors

/// A linear rule of few inputs among many: x ~ N(0, I_d), f(x) = sum over S of s_j x_j / sqrt |S| with a random set S of
/// relevant inputs and random signs s_j; the target is f(x) + noise z, z ~ N(0, 1), or its sign as a class (1 where it is
/// positive).
///
/// f has variance 1, and the best classifier errs on arctan(noise) / pi of the examples.
public struct SparseFeatures: SyntheticSet {
  /// "sparse-features".
  public static let name = "sparse-features"
  /// Its title.
  public static let provenance = Provenance(generated: "A linear rule of few inputs among many")

  /// The number d of inputs.
  public let dimension: Int
  /// The relevant inputs S in ascending order.
  public let support: [Int]
  /// The weights s_j / sqrt |S| of the relevant inputs.
  public let weights: [Double]
  /// The deviation of the noise.
  public let noise: Double
  /// What is asked for.
  public let target: SyntheticTarget

  /// A rule of `relevant` inputs out of `dimension`, drawn from `key`.
  public init(dimension: Int, relevant: Int, noise: Double, target: SyntheticTarget, key: Key) {
    precondition(relevant > 0 && relevant <= dimension, "\(relevant) relevant inputs out of \(dimension)")
    precondition(noise >= 0, "noise of deviation \(noise)")
    self.dimension = dimension
    self.noise = noise
    self.target = target
    var generator = key.child("rule").generator()
    support = generator.permutation(dimension).prefix(relevant).sorted()
    weights = (0..<relevant).map { _ in generator.sign() / Double(relevant).squareRoot() }
  }

  /// [d].
  public var exampleShape: Shape { [dimension] }
  /// 2, or 0 where the targets are real.
  public var classCount: Int { target == .classes ? 2 : 0 }

  /// Each example's inputs and its noise, drawn in turn.
  public func examples(_ count: Int, key: Key) -> Dataset {
    var generator = key.generator()
    var inputs: [Float] = []
    var values: [Double] = []
    inputs.reserveCapacity(count * dimension)
    for row in 0..<count {
      for _ in 0..<dimension { inputs.append(Float(generator.normal())) }
      let value = zip(support, weights).reduce(0.0) { $0 + Double(inputs[row * dimension + $1.0]) * $1.1 }
      values.append(value + noise * generator.normal())
    }
    switch target {
    case .classes:
      return Dataset(
        name: Self.name, exampleShape: exampleShape, classCount: 2, inputs: inputs,
        labels: values.map { $0 > 0 ? 1 : 0 })
    case .real:
      return Dataset(
        name: Self.name, exampleShape: exampleShape, inputs: inputs,
        targets: Tensor(values.map { Float($0) }, shape: [count, 1]))
    }
  }
}
