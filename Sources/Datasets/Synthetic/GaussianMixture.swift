public import Tensors

/// K classes with equal chance, each a normal cloud of unit covariance about a mean of its own:
/// x = (Delta / sqrt 2) q_y + z, z ~ N(0, I), with orthonormal q_0 ... q_{K-1}, so that any two means are Delta apart.
///
/// The best classifier takes the nearest mean. `bayesError` is what it errs.
public struct GaussianMixture: SyntheticSet {
  /// "gaussian-mixture".
  public static let name = "gaussian-mixture"
  /// Its title.
  public static let provenance = Provenance(generated: "Normal clouds whose means are equally far apart")

  /// The means, [K, d].
  public let means: Tensor<Double>
  /// The distance Delta of any two means, in deviations of a cloud.
  public let separation: Double

  /// A mixture in `dimension` >= `classCount` dimensions, its means drawn from `key`.
  public init(classCount: Int, dimension: Int, separation: Double, key: Key) {
    precondition(classCount > 0 && dimension >= classCount, "\(classCount) orthogonal means in \(dimension) dimensions")
    precondition(separation >= 0, "means at a distance of \(separation)")
    self.separation = separation
    var generator = key.child("means").generator()
    var frame: [[Double]] = []
    while frame.count < classCount {
      var vector: [Double] = generator.normals(dimension)
      // Twice is enough (Parlett 1998).
      for _ in 0..<2 {
        for other in frame {
          let projection = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for index in vector.indices { vector[index] -= projection * other[index] }
        }
      }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > 1e-6 { frame.append(vector.map { $0 / length }) }
    }
    means = Tensor(
      frame.flatMap { $0.map { $0 * separation / 2.0.squareRoot() } }, shape: [classCount, dimension])
  }

  /// [d].
  public var exampleShape: Shape { [means.shape[1]] }
  /// K.
  public var classCount: Int { means.shape[0] }

  /// Each example's class and position, drawn in turn.
  public func examples(_ count: Int, key: Key) -> Dataset {
    let dimension = means.shape[1]
    var generator = key.generator()
    var inputs: [Float] = []
    var labels: [Int] = []
    inputs.reserveCapacity(count * dimension)
    for _ in 0..<count {
      let label = generator.integer(below: classCount)
      labels.append(label)
      for index in 0..<dimension { inputs.append(Float(means[label, index] + generator.normal())) }
    }
    return Dataset(
      name: Self.name, exampleShape: exampleShape, classCount: classCount, inputs: inputs, labels: labels)
  }

  /// The share of examples that the best classifier errs on: 1 - integral phi(z) Phi(z + Delta / sqrt 2)^(K-1) dz, for two
  /// classes Phi(-Delta / 2). By the trapezoidal rule, which is exact to rounding here.
  public var bayesError: Double {
    let step = 1.0 / 64
    let right = (-640...640).reduce(0.0) { sum, index in
      let z = Double(index) * step
      let others = normalDistribution(z + separation / 2.0.squareRoot())
      return sum + exponential(-z * z / 2) * (0..<(classCount - 1)).reduce(1) { product, _ in product * others }
    }
    return 1 - right * step / (2 * Double.pi).squareRoot()
  }
}
