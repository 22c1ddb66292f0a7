import Tensors

/// target = factor times source, in place of the elements of `target` from `offset` on.
@specialized(where S == Float) @specialized(where S == Double)
func assign<S: Scalar>(_ source: [S], times factor: S = 1, to target: inout [S], at offset: Int = 0) {
  precondition(
    offset + source.count <= target.count, "\(source.count) elements from \(offset) on in a vector of \(target.count)")
  if factor == 1 {
    for index in source.indices { target[offset + index] = source[index] }
  } else {
    for index in source.indices { target[offset + index] = factor * source[index] }
  }
}

/// The sum and the largest of the elements' magnitudes, in Float64.
@specialized(where S == Float) @specialized(where S == Double)
func magnitudes<S: Scalar>(_ vector: [S]) -> (sum: Double, largest: Double) {
  var (sum, largest) = (0.0, 0.0)
  for element in vector {
    let magnitude = abs(Double(element))
    sum += magnitude
    if magnitude > largest { largest = magnitude }
  }
  return (sum, largest)
}

/// vector <- factor times vector.
@specialized(where S == Float) @specialized(where S == Double)
func scale<S: Scalar>(_ vector: inout [S], by factor: S) {
  for index in vector.indices { vector[index] *= factor }
}
