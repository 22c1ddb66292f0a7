public import Tensors

/// Examples of a random network, the teacher: x ~ N(0, I_d), f(x) = A relu(W x / sqrt d) / sqrt h with W [h, d] and A [t, h]
/// of independent standard normals; the targets are f(x) + noise z, z ~ N(0, I_t), or the place of their largest as a class
/// (Seung, Sompolinsky & Tishby 1992).
public struct TeacherStudent: SyntheticSet {
  /// "teacher-student".
  public static let name = "teacher-student"
  /// Its title and source.
  public static let provenance = Provenance(
    generated: "Examples of a random two-layer network",
    citation: """
      @article{seung1992statistical,
        author = {Seung, H. S. and Sompolinsky, H. and Tishby, N.},
        title = {Statistical mechanics of learning from examples},
        journal = {Physical Review A},
        volume = {45},
        number = {8},
        pages = {6056--6091},
        year = {1992}
      }
      """)

  /// The first layer's weights W, [h, d].
  public let hidden: Tensor<Double>
  /// The second layer's weights A, [t, h].
  public let readout: Tensor<Double>
  /// The deviation of the noise.
  public let noise: Double
  /// What is asked for.
  public let target: SyntheticTarget

  /// A teacher with `width` hidden units and `outputs` outputs, drawn from `key`.
  public init(dimension: Int, width: Int, outputs: Int, noise: Double, target: SyntheticTarget, key: Key) {
    precondition(
      dimension > 0 && width > 0 && outputs > 0,
      "a teacher of \(dimension) inputs, \(width) hidden units and \(outputs) outputs")
    precondition(noise >= 0, "noise of deviation \(noise)")
    var first = key.child("hidden").generator()
    var second = key.child("readout").generator()
    hidden = Tensor(first.normals(width * dimension), shape: [width, dimension])
    readout = Tensor(second.normals(outputs * width), shape: [outputs, width])
    self.noise = noise
    self.target = target
  }

  /// [d].
  public var exampleShape: Shape { [hidden.shape[1]] }
  /// The number of outputs, or 0 where the targets are real.
  public var classCount: Int { target == .classes ? readout.shape[0] : 0 }

  /// f(x).
  public func outputs(of input: some Collection<Float>) -> [Double] {
    let (width, dimension) = (hidden.shape[0], hidden.shape[1])
    precondition(input.count == dimension, "\(input.count) inputs for a teacher of \(dimension)")
    let units = (0..<width).map { unit in
      var sum = 0.0
      for (index, value) in input.enumerated() { sum += hidden.elements[unit * dimension + index] * Double(value) }
      return max(0, sum / Double(dimension).squareRoot())
    }
    return (0..<readout.shape[0]).map { output in
      units.indices.reduce(0) { $0 + readout.elements[output * width + $1] * units[$1] } / Double(width).squareRoot()
    }
  }

  /// Each example's inputs and its noise, drawn in turn.
  public func examples(_ count: Int, key: Key) -> Dataset {
    let (dimension, outputs) = (hidden.shape[1], readout.shape[0])
    var generator = key.generator()
    var inputs: [Float] = []
    var targets: [Float] = []
    inputs.reserveCapacity(count * dimension)
    for _ in 0..<count {
      let input: [Float] = generator.normals(dimension)
      inputs += input
      targets += self.outputs(of: input).map { Float($0 + noise * generator.normal()) }
    }
    switch target {
    case .classes:
      let labels = (0..<count).map { row in
        (0..<outputs).reduce(0) { targets[row * outputs + $1] > targets[row * outputs + $0] ? $1 : $0 }
      }
      return Dataset(
        name: Self.name, exampleShape: exampleShape, classCount: outputs, inputs: inputs, labels: labels)
    case .real:
      return Dataset(
        name: Self.name, exampleShape: exampleShape, inputs: inputs,
        targets: Tensor(targets, shape: [count, outputs]))
    }
  }
}
