public import Components
public import Differentiation
public import Tensors

/// Layers one after the other. Blocks are named by their layer: `dense1/weight`, `block2/convolution1/weight`.
public struct Sequential: Layer {
  /// The layers with their names.
  public let elements: [(name: String, layer: any Layer)]

  /// Layers with names of their own, which must differ.
  public init(named elements: [(name: String, layer: any Layer)]) {
    precondition(
      Set(elements.map(\.name)).count == elements.count, "two layers share a name among \(elements.map(\.name))")
    self.elements = elements
  }

  /// Layers named by their kind and their number among those of their kind: dense1, dense2.
  public init(_ layers: [any Layer]) {
    var counts: [String: Int] = [:]
    elements = layers.map { layer in
      counts[layer.kind, default: 0] += 1
      return ("\(layer.kind)\(counts[layer.kind]!)", layer)
    }
  }

  /// `sequence`.
  public static var component: Component {
    Component(.layer, "sequence", "y = f_k(... f_2(f_1(x)))")
  }

  /// The layers'.
  public var parameters: [Parameter] {
    elements.flatMap { name, layer in layer.parameters.map { $0.within(name) } }
  }

  /// The layers'.
  public var statistics: [(name: String, shape: Shape)] {
    elements.flatMap { name, layer in layer.statistics.map { ("\(name)/\($0.name)", $0.shape) } }
  }

  /// Whether one of them does.
  public var dropsOut: Bool { elements.contains { $0.layer.dropsOut } }

  /// The last layer's.
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    var shape = input
    for (name, layer) in elements {
      do throws(ShapeMismatch) { shape = try layer.outputShape(for: shape) } catch { throw error.within(name) }
    }
    return shape
  }

  /// The layers'.
  public func initialValues(_ draw: (Parameter) -> [Double]) -> [[Double]] {
    elements.flatMap { name, layer in layer.initialValues { draw($0.within(name)) } }
  }

  /// Each layer takes what the one before gives.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    var x = x
    var next = 0
    for (_, layer) in elements {
      let count = layer.parameters.count
      x = layer(x, Array(parameters[next..<next + count]), in: pass)
      next += count
    }
    return x
  }
}
