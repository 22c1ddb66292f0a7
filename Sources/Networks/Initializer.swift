public import Tensors

/// How a weight matrix is drawn. Biases start at zero.
///
/// The variances are those of the papers for a matrix with `fanIn` inputs and `fanOut` outputs; the uniform forms have the
/// same variance on a symmetric interval.
public enum Initializer: String, CaseIterable, Codable, Sendable {
  /// Variance 1/fanIn (LeCun et al. 1998).
  case lecunNormal = "lecun-normal"
  /// Variance 1/fanIn.
  case lecunUniform = "lecun-uniform"
  /// Variance 2/(fanIn + fanOut) (Glorot & Bengio 2010), also known as Glorot's.
  case xavierNormal = "xavier-normal"
  /// Variance 2/(fanIn + fanOut).
  case xavierUniform = "xavier-uniform"
  /// Variance 2/fanIn, for ReLU (He et al. 2015), also known as He's.
  case kaimingNormal = "kaiming-normal"
  /// Variance 2/fanIn.
  case kaimingUniform = "kaiming-uniform"
  /// Orthonormal rows or columns, whichever are fewer, uniform among all such matrices (Saxe et al. 2014).
  case orthogonal

  /// A matrix of `fanIn` rows and `fanOut` columns, every element times `gain`.
  ///
  /// Cost: O(fanIn fanOut), for orthogonal matrices times the smaller of the two.
  public func matrix<S: Scalar>(fanIn: Int, fanOut: Int, gain: Double = 1, key: Key) -> [S] {
    var generator = key.generator()
    let count = fanIn * fanOut
    let deviation = gain * variance(fanIn: fanIn, fanOut: fanOut).squareRoot()
    switch self {
    case .lecunNormal, .xavierNormal, .kaimingNormal:
      return (0..<count).map { _ in S(deviation * generator.normal()) }
    case .lecunUniform, .xavierUniform, .kaimingUniform:
      let bound = deviation * 3.0.squareRoot()
      return (0..<count).map { _ in S(bound * (2 * generator.uniform() - 1)) }
    case .orthogonal:
      let small = min(fanIn, fanOut)
      let large = max(fanIn, fanOut)
      let rows = orthonormalRows(small, of: large, &generator)
      var matrix = [S](repeating: 0, count: count)
      for row in 0..<small {
        for column in 0..<large {
          let place = fanIn <= fanOut ? row * fanOut + column : column * fanOut + row
          matrix[place] = S(gain * rows[row][column])
        }
      }
      return matrix
    }
  }

  /// The variance of an element with gain 1; for orthogonal matrices, its mean over the distribution.
  public func variance(fanIn: Int, fanOut: Int) -> Double {
    switch self {
    case .lecunNormal, .lecunUniform: 1 / Double(fanIn)
    case .xavierNormal, .xavierUniform: 2 / Double(fanIn + fanOut)
    case .kaimingNormal, .kaimingUniform: 2 / Double(fanIn)
    case .orthogonal: 1 / Double(max(fanIn, fanOut))
    }
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
}
