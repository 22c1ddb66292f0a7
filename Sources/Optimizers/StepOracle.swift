public import Differentiation
public import Tensors

/// What a method may ask of the objective in a step: values, gradients and curvature of the step's batch as training sees
/// it, or of the whole objective where there are no batches.
///
/// The loss and the gradient at the step's parameters have been computed beforehand; everything else is computed when it
/// is asked for. One oracle serves a whole training, so that its buffers are allocated once.
public final class StepOracle<Element: Scalar> {
  /// The whole objective.
  public let objective: any Objective<Element>
  /// The bound on what first-order steps are made of.
  public let clipping: GradientClipping
  /// The loss at the step's parameters.
  public private(set) var loss = Double.nan
  /// The gradient at the step's parameters.
  public private(set) var gradient: [Element]
  private let sum: (any FiniteSumObjective<Element>)?
  private var batch: ArraySlice<Int>?
  private var step = 0
  private var unused: [Element] = []

  /// Creates an oracle; before a step it is moved to the step's parameters.
  public init(_ objective: any Objective<Element>, clipping: GradientClipping = .none) {
    self.objective = objective
    self.clipping = clipping
    sum = objective as? any FiniteSumObjective<Element>
    gradient = [Element](repeating: 0, count: objective.dimension)
  }

  /// The number of parameters.
  public var dimension: Int { objective.dimension }

  /// Goes to a step's parameters and batch (the terms of a finite sum in a pass over them; `nil` for all of it), and
  /// computes loss and gradient there. Returns the loss.
  @discardableResult
  public func move(
    to parameters: [Element], examples: ArraySlice<Int>? = nil, step: Int = 0, epoch: Int = 0
  ) -> Double {
    precondition(examples == nil || sum != nil, "batches of an objective that is no finite sum")
    batch = examples
    self.step = step
    sum?.begin(step: step, epoch: epoch)
    loss = evaluate(at: parameters, into: &gradient)
    return loss
  }

  /// Lets go of the batch, so that whoever owns its memory may write to it without a copy.
  public func releaseBatch() { batch = nil }

  /// Bounds the gradient at the step's parameters.
  public func clipGradient() { clipping.apply(to: &gradient) }

  /// The value at another point.
  public func value(at point: [Element]) -> Double {
    guard batch != nil else { return objective.value(at: point) }
    if unused.isEmpty { unused = [Element](repeating: 0, count: dimension) }
    return evaluate(at: point, into: &unused)
  }

  /// Writes the gradient at another point over `gradient`, unclipped, and returns the value there.
  @discardableResult
  public func gradient(at point: [Element], into gradient: inout [Element]) -> Double {
    evaluate(at: point, into: &gradient)
  }

  /// Writes the gradient of the whole objective over `gradient`, and returns its value.
  @discardableResult
  public func wholeGradient(at point: [Element], into gradient: inout [Element]) -> Double {
    objective.gradient(at: point, into: &gradient)
  }

  /// The Hessian of what the gradient is that of.
  public func hessian(at point: [Element]) -> any LinearOperator<Element> {
    guard let batch, let sum else { return objective.hessian(at: point) }
    return sum.hessian(at: point, examples: batch)
  }

  /// The Gauss-Newton matrix, which the objective must have, of what the gradient is that of, or of a share of its
  /// examples: the batch's first, or those that `key` and the step draw from all. There are two at least, so that they may
  /// be normalized by their own moments.
  public func gaussNewton(at point: [Element], share: Double = 1, key: Key = Key(seed: 0)) -> any LinearOperator<
    Element
  > {
    if batch != nil || share < 1, let composed = objective as? any CompositeFiniteSumObjective<Element> {
      let all = batch?.count ?? composed.exampleCount
      let count = min(all, max(2, Int((share * Double(all)).rounded())))
      if let batch { return composed.gaussNewton(at: point, examples: batch.prefix(count)) }
      var generator = key.child(step).generator()
      return composed.gaussNewton(at: point, examples: generator.permutation(all)[..<count])
    }
    guard batch == nil, let composed = objective as? any CompositeObjective<Element> else {
      preconditionFailure("the method needs a Gauss-Newton matrix, and the objective \(type(of: objective)) has none")
    }
    return composed.gaussNewton(at: point)
  }

  /// The blocks of parameters whose curvature the objective knows as a Kronecker product, and the factors over the step's
  /// batch; the objective must have them.
  public var kroneckerFactored: any KroneckerFactoredObjective<Element> {
    guard let factored = objective as? any KroneckerFactoredObjective<Element> else {
      preconditionFailure("the method needs Kronecker factors, and the objective \(type(of: objective)) has none")
    }
    return factored
  }

  /// The factors over the step's batch, one pair for each of the objective's blocks.
  public func kroneckerFactors(at point: [Element], key: Key) -> [KroneckerFactors<Element>] {
    kroneckerFactored.kroneckerFactors(at: point, examples: batch, key: key)
  }

  private func evaluate(at point: [Element], into gradient: inout [Element]) -> Double {
    if let batch, let sum { return sum.gradient(at: point, examples: batch, into: &gradient) }
    return objective.gradient(at: point, into: &gradient)
  }
}
