/// Why the end of a training counts as no minimum, or `nil` when it counts as one: the one criterion of all experiments, and
/// the variable `is_minimum` of their files.
///
/// - The gradient's norm must have fallen below `gradientLimit` times that where training began, or at another point that
///   `start` names, or below 1e-6, which is what rounding leaves in Float32.
/// - Where the ends of the Hessian's spectrum are known, the smallest eigenvalue must be at least minus `curvatureLimit` times
///   the largest, or at least -1e-6. By a tenth, lambda_min / lambda_max counts as clearly negative in pictures of
///   nonconvexity too (Li et al. 2018): trainings that are stopped keep small negative eigenvalues.
///
/// A NaN has not fallen.
public func reasonAgainstMinimum(
  gradientNorm: Double, atStart initial: Double, of start: String = "the start of training",
  eigenvalues: (smallest: Double, largest: Double)? = nil, gradientLimit: Double = 0.1, curvatureLimit: Double = 0.1
) -> String? {
  if gradientNorm.isNaN { return "the gradient is not a number" }
  // Written so that a NaN at the start counts as steep.
  guard gradientNorm < gradientLimit * initial || gradientNorm < 1e-6 else {
    return "the gradient's norm is \(shortNumber(gradientNorm)), at \(start) \(shortNumber(initial))"
  }
  guard let (smallest, largest) = eigenvalues else { return nil }
  if smallest.isNaN || largest.isNaN { return "the Hessian's eigenvalues are not numbers" }
  if smallest < -max(curvatureLimit * largest, 1e-6) {
    return "the Hessian's smallest eigenvalue is \(shortNumber(smallest)), its largest \(shortNumber(largest))"
  }
  return nil
}

/// How a training's loss went out of bounds, as a sentence: at which step, or that it was so from the first one on, before
/// any update.
public func divergenceSentence(of loss: String = "the loss", atStep step: Int, from first: Int = 0) -> String {
  step <= first ? "\(loss) was out of bounds from the start" : "\(loss) went out of bounds at step \(step)"
}
