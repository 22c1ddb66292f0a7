public import Tensors

/// How a direction in parameter space is scaled to the point it starts from (Li et al. 2018).
///
/// A network of rectified linear units does not change when a unit's weights are multiplied and the next layer's are
/// divided by the same number, and neither should a picture of its loss.
public enum DirectionNormalization: String, CaseIterable, Sendable {
  /// The whole direction to the length of the point.
  case whole
  /// The numbers of each unit to the length of the point's: ||d_u|| = ||theta_u||.
  case filter
  /// Each tensor to the length of the point's.
  case layer
  /// Each number to the size of the point's, so that only signs remain: |d_i| = |theta_i|.
  case weight
}

/// Scales a direction to a point part by part and sets to zero what is left out or in no part, such as biases and the
/// parameters of normalizations (Li et al. leave both out).
///
/// What has length zero in the direction stays zero. By `filter` a bias or scale is a unit of one number.
public func normalized<S: Scalar>(
  _ direction: [S], like point: [S], in parts: [ParameterPart], by normalization: DirectionNormalization,
  leavingOut leftOut: Set<ParameterPart.Kind> = []
) -> [S] {
  precondition(
    direction.count == point.count && parts.allSatisfy { $0.range.upperBound <= point.count },
    "a direction of \(direction.count) and a point of \(point.count) parameters with parts up to "
      + "\(parts.map(\.range.upperBound).max() ?? 0)")
  let chosen = parts.filter { !leftOut.contains($0.kind) }
  var result = [S](repeating: 0, count: direction.count)
  switch normalization {
  case .whole:
    var part = result
    for range in chosen.map(\.range) {
      result.replaceSubrange(range, with: direction[range])
      part.replaceSubrange(range, with: point[range])
    }
    scaleGroup(&result, like: part, from: 0, count: result.count, stride: 1, source: result)
  case .filter:
    for part in chosen {
      for unit in 0..<part.units {
        scaleGroup(
          &result, like: point, from: part.range.lowerBound + unit, count: part.inputs, stride: part.units,
          source: direction)
      }
    }
  case .layer:
    for part in chosen {
      scaleGroup(
        &result, like: point, from: part.range.lowerBound, count: part.range.count, stride: 1, source: direction)
    }
  case .weight:
    for index in chosen.flatMap(\.range) {
      scaleGroup(&result, like: point, from: index, count: 1, stride: 1, source: direction)
    }
  }
  return result
}

/// A direction of independent standard normals, normalized to a point; see ``normalized(_:like:in:by:leavingOut:)``.
public func randomDirection<S: Scalar>(
  at point: [S], in parts: [ParameterPart], by normalization: DirectionNormalization,
  leavingOut leftOut: Set<ParameterPart.Kind> = [], key: Key
) -> [S] {
  var generator = key.generator()
  return normalized(generator.normals(point.count), like: point, in: parts, by: normalization, leavingOut: leftOut)
}

/// Writes `source` over `count` places of `result`, scaled to the length that `point` has there.
@specialized(where S == Float) @specialized(where S == Double)
private func scaleGroup<S: Scalar>(
  _ result: inout [S], like point: [S], from first: Int, count: Int, stride: Int, source: [S]
) {
  var length = 0.0
  var wanted = 0.0
  for place in 0..<count {
    let index = first + place * stride
    length += Double(source[index]) * Double(source[index])
    wanted += Double(point[index]) * Double(point[index])
  }
  let factor = length > 0 ? S((wanted / length).squareRoot()) : 0
  for place in 0..<count {
    let index = first + place * stride
    result[index] = factor * source[index]
  }
}
