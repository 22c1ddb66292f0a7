public import Tensors

/// Gradient flow, dp/dt = -g(p), the limit of gradient descent for small steps: a step of the classical Runge-Kutta method
/// over the time that the learning rate gives.
///
/// k1 = g(p), k2 = g(p - rate/2 k1), k3 = g(p - rate/2 k2), k4 = g(p - rate k3); p <- p - rate/6 (k1 + 2 k2 + 2 k3 + k4), all
/// on the same batch. The error after a fixed time falls like rate^4. On a quadratic it is stable up to
/// rate lambda_max = 2.785; where curvature grows, the rate is to be kept below that (Cohen et al. 2021 follow the flow of
/// networks so, beside gradient descent's edge of stability). Cost: four gradients a step.
public struct GradientFlow<Element: Scalar>: DescentMethod {
  /// The number of parameters.
  public let dimension: Int
  private var point: Scratch<Element>
  private var slope: Scratch<Element>
  private var end: Scratch<Element>

  /// Creates the method for `dimension` parameters.
  public init(dimension: Int) {
    self.dimension = dimension
    point = Scratch(dimension: dimension)
    slope = point
    end = point
  }

  /// "gradient-flow".
  public var name: String { "gradient-flow" }

  /// One step.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    assign(parameters, to: &end.vector)
    assign(oracle.gradient, to: &slope.vector)
    func follow(share: Double, reach: Double) {
      end.vector.add(Element(-learningRate * share), times: slope.vector)
      assign(parameters, to: &point.vector)
      point.vector.add(Element(-learningRate * reach), times: slope.vector)
      oracle.gradient(at: point.vector, into: &slope.vector)
    }
    follow(share: 1 / 6.0, reach: 1 / 2.0)
    follow(share: 1 / 3.0, reach: 1 / 2.0)
    follow(share: 1 / 3.0, reach: 1)
    end.vector.add(Element(-learningRate / 6), times: slope.vector)
    assign(end.vector, to: &parameters)
  }
}
