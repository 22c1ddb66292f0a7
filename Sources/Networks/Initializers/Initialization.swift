package import Tensors

/// How parameters start: a law with its constants.
public struct Initialization: Hashable, Sendable {
  /// The law of weights.
  public var law: Initializer
  /// A factor on every weight.
  public var gain: Double
  /// The standard deviation of biases; 0 for none.
  public var biasDeviation: Double
  /// Weights of a unit that are not zero, for `sparse`.
  public var nonZeros: Int
  /// Steps of the descent on norms, for `metainit`.
  public var steps: Int

  /// A law with its constants.
  public init(_ law: Initializer, gain: Double = 1, biasDeviation: Double = 0, nonZeros: Int = 15, steps: Int = 500) {
    self.law = law
    self.gain = gain
    self.biasDeviation = biasDeviation
    self.nonZeros = nonZeros
    self.steps = steps
  }

  /// The mean square of a weight's elements by the law, before what LSUV and MetaInit learn and without Fixup's zeros.
  public func variance(of weight: Parameter) -> Double {
    let (inputs, outputs) = (Double(weight.fanIn), Double(weight.fanOut))
    let units = weight.shape[weight.shape.rank - 1]
    let rows = weight.shape.count / units
    let unit: Double =
      switch law {
      case .zero: 0
      case .constant: 1
      case .lecunNormal, .lecunUniform, .meanField: 1 / inputs
      case .xavierNormal, .xavierUniform: 2 / (inputs + outputs)
      case .kaimingNormal, .kaimingUniform, .fixup, .metaInit: 2 / inputs
      case .orthogonal, .lsuv: 1 / Double(max(rows, units))
      case .deltaOrthogonal:
        Double(weight.shape[weight.shape.rank - 2]) / Double(rows * max(weight.shape[weight.shape.rank - 2], units))
      case .sparse: Double(min(nonZeros, rows)) / inputs
      }
    return gain * gain * unit
  }

  /// First values of a parameter in the standard parameterization.
  ///
  /// - Parameters:
  ///   - isOutput: whether it is the last weight of the network
  ///   - branches: the residual branches of the network
  /// Cost: O(count), for orthogonal laws times the smaller extent.
  package func values(of parameter: Parameter, isOutput: Bool, branches: Int, key: Key) -> [Double] {
    switch parameter.kind {
    case .scale(let start): return [Double](repeating: start, count: parameter.shape.count)
    case .bias:
      if biasDeviation == 0 { return [Double](repeating: 0, count: parameter.shape.count) }
      var generator = key.generator()
      return (0..<parameter.shape.count).map { _ in biasDeviation * generator.normal() }
    case .weight:
      let values = weight(parameter, key: key)
      return law == .fixup ? fixup(values, of: parameter, isOutput: isOutput, branches: branches) : values
    }
  }

  private func weight(_ parameter: Parameter, key: Key) -> [Double] {
    var generator = key.generator()
    let count = parameter.shape.count
    let units = parameter.shape[parameter.shape.rank - 1]
    let deviation = variance(of: parameter).squareRoot()
    switch law {
    case .zero: return [Double](repeating: 0, count: count)
    case .constant: return [Double](repeating: gain, count: count)
    case .lecunNormal, .xavierNormal, .kaimingNormal, .meanField, .fixup, .metaInit:
      return (0..<count).map { _ in deviation * generator.normal() }
    case .lecunUniform, .xavierUniform, .kaimingUniform:
      let bound = deviation * 3.0.squareRoot()
      return (0..<count).map { _ in bound * (2 * generator.uniform() - 1) }
    case .orthogonal, .lsuv: return orthogonal(rows: count / units, columns: units, &generator)
    case .deltaOrthogonal: return deltaOrthogonal(parameter.shape, &generator)
    case .sparse: return sparse(rows: count / units, columns: units, &generator)
    }
  }

  /// Orthonormal rows or columns, whichever are fewer, times the gain.
  private func orthogonal(rows: Int, columns: Int, _ generator: inout RandomGenerator) -> [Double] {
    let basis = orthonormalRows(min(rows, columns), of: max(rows, columns), &generator)
    var matrix = [Double](repeating: 0, count: rows * columns)
    for (number, vector) in basis.enumerated() {
      for (index, value) in vector.enumerated() {
        matrix[rows <= columns ? number * columns + index : index * columns + number] = gain * value
      }
    }
    return matrix
  }

  /// Gram-Schmidt on Gaussian rows, each pass done twice so that orthogonality holds to rounding.
  private func orthonormalRows(_ count: Int, of length: Int, _ generator: inout RandomGenerator) -> [[Double]] {
    var rows: [[Double]] = []
    for _ in 0..<count {
      var row: [Double] = generator.normals(length)
      for _ in 0..<2 {
        for earlier in rows { row.add(-row.dot(earlier), times: earlier) }
        row.scale(by: 1 / row.norm)
      }
      rows.append(row)
    }
    return rows
  }

  /// The middle of the window [height, width, inputs, units] orthogonal; a matrix is all middle.
  private func deltaOrthogonal(_ shape: Shape, _ generator: inout RandomGenerator) -> [Double] {
    let units = shape[shape.rank - 1]
    let inputs = shape[shape.rank - 2]
    let middle = orthogonal(rows: inputs, columns: units, &generator)
    guard shape.rank == 4 else { return middle }
    var weight = [Double](repeating: 0, count: shape.count)
    let place = (shape[0] / 2 * shape[1] + shape[1] / 2) * inputs * units
    weight.replaceSubrange(place..<place + middle.count, with: middle)
    return weight
  }

  /// `nonZeros` rows of each column standard normal.
  private func sparse(rows: Int, columns: Int, _ generator: inout RandomGenerator) -> [Double] {
    var matrix = [Double](repeating: 0, count: rows * columns)
    for column in 0..<columns {
      for row in generator.permutation(rows).prefix(nonZeros) {
        matrix[row * columns + column] = gain * generator.normal()
      }
    }
    return matrix
  }

  /// Zhang et al.'s rules 1 and 2: the classifier and the last weight of each branch start at 0, the others of a branch
  /// of m weights are scaled by L^(-1/(2m - 2)).
  private func fixup(_ values: [Double], of parameter: Parameter, isOutput: Bool, branches: Int) -> [Double] {
    if isOutput { return values.map { _ in 0 } }
    guard let branch = parameter.branch else { return values }
    if branch.index == branch.count - 1 { return values.map { _ in 0 } }
    let factor = power(Double(branches), -1 / Double(2 * branch.count - 2))
    return values.map { factor * $0 }
  }
}
