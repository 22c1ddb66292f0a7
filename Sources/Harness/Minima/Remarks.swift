/// Why the end of a training counts as no minimum, as a run's remark, or `nil` when it counts as one: the gradient's norm must
/// have fallen below a tenth of that where training began, or at another point that `start` names, or to 1e-6, which is what
/// rounding leaves in Float32. A NaN has not.
public func remarkAgainstMinimum(
  _ name: String, gradientNorm: Double, atStart initial: Double, of start: String = "the start of training"
) -> String? {
  // Written so that a NaN counts as steep.
  guard !(gradientNorm < 0.1 * initial || gradientNorm < 1e-6) else { return nil }
  return "\(name) is no minimum: the gradient's norm is \(shortNumber(gradientNorm)), at \(start) "
    + shortNumber(initial)
}
