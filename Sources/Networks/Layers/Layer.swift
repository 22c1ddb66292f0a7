public import Components
public import Differentiation
public import Tensors

/// A map from a batch to a batch with parameters that stand outside it.
///
/// Adding one: conform a value type, say which parameters it has and what it computes, name it in
/// ``NetworkComponents/layers`` and give the tests' catalogue a sample.
public protocol Layer: Sendable {
  /// What it is, for lists.
  static var component: Component { get }
  /// What block names start with; the component's name if nothing else is said.
  var kind: String { get }
  /// Its parameters, in order.
  var parameters: [Parameter] { get }
  /// What it normalizes by when it does not use the batch's own moments: names and shapes, in order.
  var statistics: [(name: String, shape: Shape)] { get }
  /// Whether it drops out units where a pass has random words.
  var dropsOut: Bool { get }
  /// The shape of one example's result. Throws when the input does not fit.
  func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape
  /// First values of the parameters, in order. `draw` gives those of a parameter by the initializer.
  func initialValues(_ draw: (Parameter) -> [Double]) -> [[Double]]
  /// Tells a trace which axes of its blocks count the units behind the last axis of its input (the group `input`; `nil`:
  /// their order can't change) and those of its result, and returns the group of the latter. A layer that says nothing
  /// holds both in place.
  func traceUnits(_ input: Int?, _ blocks: [ParameterLayout.Block], in trace: inout UnitTrace) -> Int?
  /// The result for a batch `x` whose first axis counts examples, with `parameters` in the shapes stated above.
  func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol
}

extension Layer {
  /// The component's name.
  public var kind: String { Self.component.name }
  /// None.
  public var parameters: [Parameter] { [] }
  /// None.
  public var statistics: [(name: String, shape: Shape)] { [] }
  /// It does not.
  public var dropsOut: Bool { false }
  /// What the initializer draws.
  public func initialValues(_ draw: (Parameter) -> [Double]) -> [[Double]] { parameters.map(draw) }
}
