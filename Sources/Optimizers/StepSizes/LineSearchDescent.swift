public import Tensors

/// Gradient descent with a line search in every step; the learning rate is the first length that is tried.
///
/// Cost: one value and gradient for each trial.
public struct LineSearchDescent<Element: Scalar>: DescentMethod {
  /// The search.
  public let search: LineSearch
  private var ray: SearchRay<Element>
  private var direction: Scratch<Element>

  /// Creates the method for `dimension` parameters.
  public init(dimension: Int, search: LineSearch = .armijo()) {
    self.search = search
    ray = SearchRay(dimension: dimension)
    direction = Scratch(dimension: dimension)
  }

  /// "line-search".
  public var name: String { "line-search" }
  /// The number of parameters.
  public var dimension: Int { direction.vector.count }

  /// One step along -g.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    assign(oracle.gradient, times: -1, to: &direction.vector)
    let length = ray.length(search, from: parameters, along: direction.vector, first: learningRate, on: oracle)
    parameters.add(Element(length), times: direction.vector)
  }
}
