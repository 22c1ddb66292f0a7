public import Tensors

/// K interleaved spirals in the plane: at radius r, uniform on [0, 1], arm c lies at the angle
/// 2 pi (turns r + c / K); x = r (cos, sin) + noise z, z ~ N(0, I).
public struct Spirals: SyntheticSet {
  /// "spirals".
  public static let name = "spirals"
  /// Its title.
  public static let provenance = Provenance(generated: "Interleaved spirals")

  /// The number of arms K.
  public let classCount: Int
  /// How often an arm goes round the centre.
  public let turns: Double
  /// The deviation of the noise.
  public let noise: Double

  /// Spirals.
  public init(classCount: Int, turns: Double, noise: Double) {
    precondition(classCount > 0 && noise >= 0, "\(classCount) spirals with noise \(noise)")
    self.classCount = classCount
    self.turns = turns
    self.noise = noise
  }

  /// [2].
  public var exampleShape: Shape { [2] }

  /// Each example's class, radius and noise, drawn in turn.
  public func examples(_ count: Int, key: Key) -> Dataset {
    var generator = key.generator()
    var inputs: [Float] = []
    var labels: [Int] = []
    for _ in 0..<count {
      let label = generator.integer(below: classCount)
      let radius = generator.uniform()
      let angle = 2 * Double.pi * (turns * radius + Double(label) / Double(classCount))
      labels.append(label)
      inputs.append(Float(radius * cosine(angle) + noise * generator.normal()))
      inputs.append(Float(radius * sine(angle) + noise * generator.normal()))
    }
    return Dataset(
      name: Self.name, exampleShape: exampleShape, classCount: classCount, inputs: inputs, labels: labels)
  }
}
