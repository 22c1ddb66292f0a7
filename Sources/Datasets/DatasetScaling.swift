/// How a set's numbers become inputs of a model.
public enum DatasetScaling: String, Codable, CaseIterable, Sendable {
  /// As the source has them: greys 0 ... 16 for `digits`, bytes for the MNIST family.
  case raw
  /// Divided by the largest possible value (16 for `digits`, 255 for bytes), hence within [0, 1]. A set without such a
  /// bound (`mnist1d`) is divided by the largest magnitude in its training part.
  case unit
  /// (x - m) / s with the mean m and the population standard deviation s over all inputs of the training part; the test
  /// part is mapped by the same two numbers. Inputs of this kind are what the usual initializations assume.
  case standardized

  /// Scales both parts in place. `bound` is the largest possible value, if there is one. A constant set has s = 1.
  func apply(train: inout [Float], test: inout [Float], bound: Float?) {
    switch self {
    case .raw: return
    case .unit:
      let limit = bound ?? train.reduce(0) { max($0, abs($1)) }
      for index in train.indices { train[index] /= limit }
      for index in test.indices { test[index] /= limit }
    case .standardized:
      let moments = Moments(of: train)
      let deviation = moments.deviation > 0 ? moments.deviation : 1
      for index in train.indices { train[index] = Float((Double(train[index]) - moments.mean) / deviation) }
      for index in test.indices { test[index] = Float((Double(test[index]) - moments.mean) / deviation) }
    }
  }
}

/// The mean and the population standard deviation, summed in Float64 in two passes.
struct Moments {
  let mean: Double
  let deviation: Double

  init(of values: some Collection<Float>) {
    let count = Double(max(values.count, 1))
    let mean = values.reduce(0) { $0 + Double($1) } / count
    deviation = (values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count).squareRoot()
    self.mean = mean
  }
}
