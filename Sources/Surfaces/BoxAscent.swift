import Differentiation
import Tensors

/// The search for an objective's largest value in a box by projected limited-memory quasi-Newton steps.
///
/// The step of L-BFGS is made in the coordinates that aren't pressed against a side of the box, and shortened along its
/// projection onto the box until the value has risen enough (Bertsekas 1982). Where the objective is convex no pair has
/// the curvature that L-BFGS needs, and steps go along the gradient as far as the box is wide.
struct BoxAscent<O: Objective> {
  typealias Element = O.Element

  let objective: O
  let lower: [Element]
  let upper: [Element]
  let iterations: Int
  let history: Int

  /// The value at the last point, which is the highest seen; a start whose value is NaN gives NaN.
  ///
  /// Cost: a gradient for each trial of a step, one or two an iteration.
  func maximum(from start: [Element]) -> Double {
    var point = start
    clamp(&point, lower, upper)
    var gradient = point
    var value = objective.gradient(at: point, into: &gradient)
    var memory = PairMemory<Element>(capacity: history)
    let width = distance(lower, upper) / 2
    for _ in 0..<iterations {
      var free = gradient
      mask(&free, at: point, lower, upper)
      let steepness = Double(free.norm)
      guard steepness > 0, steepness.isFinite, value.isFinite else { break }
      var direction = memory.product(with: free, otherwise: Element(width / steepness))
      mask(&direction, at: point, lower, upper, gradient: gradient)
      if !(direction.dot(free) > 0) {
        memory.forget()
        direction = memory.product(with: free, otherwise: Element(width / steepness))
      }
      guard let next = step(from: point, value, gradient, along: direction) else {
        if memory.isEmpty { break }
        memory.forget()
        continue
      }
      memory.remember(step: difference(next.point, point), change: difference(gradient, next.gradient))
      (point, value, gradient) = next
    }
    return value
  }

  private typealias Place = (point: [Element], value: Double, gradient: [Element])

  /// Half steps along the projected direction until the value rises by a ten-thousandth of what the gradient promises.
  private func step(
    from point: [Element], _ value: Double, _ gradient: [Element], along direction: [Element]
  ) -> Place? {
    var length: Element = 1
    var trialGradient = gradient
    for _ in 0..<20 {
      var trial = point
      trial.add(length, times: direction)
      clamp(&trial, lower, upper)
      let promised = Double(gradient.dot(difference(trial, point)))
      guard promised > 0 else { return nil }
      let reached = objective.gradient(at: trial, into: &trialGradient)
      if reached >= value + 1e-4 * promised, reached > value { return (trial, reached, trialGradient) }
      length /= 2
    }
    return nil
  }
}

/// The last steps and changes of the negative gradient, from which L-BFGS forms its product.
private struct PairMemory<Element: Scalar> {
  let capacity: Int
  private var steps: [[Element]] = []
  private var changes: [[Element]] = []

  init(capacity: Int) { self.capacity = capacity }

  var isEmpty: Bool { steps.isEmpty }

  mutating func forget() {
    steps.removeAll()
    changes.removeAll()
  }

  /// Keeps a pair if its curvature is positive, and the newest `capacity` of all.
  mutating func remember(step: [Element], change: [Element]) {
    guard Double(step.dot(change)) > 1e-8 * Double(step.norm) * Double(change.norm) else { return }
    steps.append(step)
    changes.append(change)
    if steps.count > capacity {
      steps.removeFirst()
      changes.removeFirst()
    }
  }

  /// The inverse Hessian's estimate times a vector, by the two-loop recursion (Nocedal 1980); `scale` times the vector
  /// when there are no pairs.
  func product(with vector: [Element], otherwise scale: Element) -> [Element] {
    var result = vector
    guard let lastStep = steps.last, let lastChange = changes.last else {
      result.scale(by: scale)
      return result
    }
    var weights = [Element](repeating: 0, count: steps.count)
    for index in steps.indices.reversed() {
      weights[index] = steps[index].dot(result) / steps[index].dot(changes[index])
      result.add(-weights[index], times: changes[index])
    }
    result.scale(by: lastStep.dot(lastChange) / lastChange.dot(lastChange))
    for index in steps.indices {
      let correction = changes[index].dot(result) / steps[index].dot(changes[index])
      result.add(weights[index] - correction, times: steps[index])
    }
    return result
  }
}

private func difference<S: Scalar>(_ x: [S], _ y: [S]) -> [S] {
  var difference = x
  difference.add(-1, times: y)
  return difference
}

private func distance<S: Scalar>(_ x: [S], _ y: [S]) -> Double { Double(difference(x, y).norm) }

@specialized(where S == Float) @specialized(where S == Double)
private func clamp<S: Scalar>(_ point: inout [S], _ lower: [S], _ upper: [S]) {
  for index in point.indices { point[index] = min(upper[index], max(lower[index], point[index])) }
}

/// Sets to zero where the point is at a side of the box and the gradient (by default the vector itself) points outwards.
@specialized(where S == Float) @specialized(where S == Double)
private func mask<S: Scalar>(
  _ vector: inout [S], at point: [S], _ lower: [S], _ upper: [S], gradient: [S]? = nil
) {
  let gradient = gradient ?? vector
  for index in vector.indices
  where point[index] >= upper[index] && gradient[index] > 0 || point[index] <= lower[index] && gradient[index] < 0 {
    vector[index] = 0
  }
}
