/// How parameters are drawn to zero besides what the loss does.
public enum WeightDecay: Hashable, Codable, Sendable {
  /// Not at all.
  case none
  /// The gradient of (lambda / 2) ||p||^2 is added to the loss's gradient g <- g + lambda p before anything else: L2
  /// regularization, what PyTorch's SGD and Adam do.
  case coupled(Double)
  /// Parameters are scaled by 1 - rate lambda beside the step, which never sees the decay (Loshchilov & Hutter 2019).
  case decoupled(Double)

  /// What is added to the gradient for each unit of the parameter.
  var inGradient: Double { if case .coupled(let lambda) = self { lambda } else { 0 } }

  /// What is subtracted from a parameter, for each unit of it and of the learning rate.
  var besideStep: Double { if case .decoupled(let lambda) = self { lambda } else { 0 } }
}
