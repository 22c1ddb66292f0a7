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
  /// As `standardized`, with a mean and a deviation for each channel, the last axis of images with colours; sets without
  /// channels have one.
  case standardizedChannels = "standardized-channels"

  /// Scales both parts in place. `bound` is the largest possible value, if there is one; `channels` the extent of the last
  /// axis that has its own moments in `standardizedChannels`. A constant channel has s = 1.
  func apply(train: inout [Float], test: inout [Float], bound: Float?, channels: Int = 1) {
    switch self {
    case .raw: return
    case .unit:
      let largest = train.reduce(0) { max($0, abs($1)) }
      let limit = bound ?? (largest > 0 ? largest : 1)
      for index in train.indices { train[index] /= limit }
      for index in test.indices { test[index] /= limit }
    case .standardized:
      standardize(&train, &test, channel: 0, of: 1)
    case .standardizedChannels:
      for channel in 0..<channels { standardize(&train, &test, channel: channel, of: channels) }
    }
  }
}

private func standardize(_ train: inout [Float], _ test: inout [Float], channel: Int, of channels: Int) {
  let moments = Moments(of: train, channel: channel, of: channels)
  let deviation = moments.deviation > 0 ? moments.deviation : 1
  func map(_ values: inout [Float]) {
    for index in stride(from: channel, to: values.count, by: channels) {
      values[index] = Float((Double(values[index]) - moments.mean) / deviation)
    }
  }
  map(&train)
  map(&test)
}

/// The mean and the population standard deviation, summed in Float64 in two passes.
struct Moments {
  let mean: Double
  let deviation: Double

  init(of values: [Float], channel: Int, of channels: Int) {
    let indices = stride(from: channel, to: values.count, by: channels)
    let count = Double(max(values.count / channels, 1))
    var sum = 0.0
    for index in indices { sum += Double(values[index]) }
    let mean = sum / count
    var squares = 0.0
    for index in indices { squares += (Double(values[index]) - mean) * (Double(values[index]) - mean) }
    self.mean = mean
    deviation = (squares / count).squareRoot()
  }
}
