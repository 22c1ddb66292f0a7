public import Tensors

/// What a node of a graph is: a tensor given from outside, one number everywhere, or a primitive's result.
package enum Operation {
  case input(name: String)
  case constant(Double)
  case primitive(any Primitive)
}

/// One step of a computation. Its inputs stand before it in the graph.
package struct Node {
  package let operation: Operation
  package let inputs: [Int]
  package let shape: Shape
}

/// A computation as data: nodes in an order in which they can be evaluated.
///
/// Equal nodes are shared as they are built, so common subexpressions exist once, across a function and its derivatives.
/// A graph knows shapes, not number types; a ``Plan`` runs it in Float or Double.
public final class Graph {
  package private(set) var nodes: [Node] = []
  private var indices: [Identity: Int] = [:]

  private struct Identity: Hashable {
    let operation: AnyHashable
    let inputs: [Int]
    let shape: Shape
  }

  /// Creates an empty graph.
  public init() {}

  /// A tensor that is given whenever the graph is run.
  public func input(_ name: String, shape: Shape) -> Symbol {
    nodes.append(Node(operation: .input(name: name), inputs: [], shape: shape))
    return Symbol(graph: self, index: nodes.count - 1)
  }

  /// A tensor with one value everywhere.
  public func constant(_ value: Double, shape: Shape = []) -> Symbol {
    node(.constant(value), identity: AnyHashable(value), inputs: [], shape: shape)
  }

  /// The result of a primitive. Prefer the methods of ``Symbol``, which simplify as they build.
  public func apply(_ primitive: some Primitive, to inputs: [Symbol]) -> Symbol {
    for input in inputs {
      precondition(input.graph === self, "a symbol of another graph was given to \(primitive)")
    }
    let shape = primitive.shape(of: inputs.map(\.shape))
    return node(
      .primitive(primitive), identity: AnyHashable(primitive), inputs: inputs.map(\.index), shape: shape)
  }

  private func node(_ operation: Operation, identity: AnyHashable, inputs: [Int], shape: Shape) -> Symbol {
    let key = Identity(operation: identity, inputs: inputs, shape: shape)
    if let known = indices[key] { return Symbol(graph: self, index: known) }
    nodes.append(Node(operation: operation, inputs: inputs, shape: shape))
    indices[key] = nodes.count - 1
    return Symbol(graph: self, index: nodes.count - 1)
  }
}

/// A tensor in a graph, before it has values: what functions that are differentiated compute with.
public struct Symbol: Hashable {
  /// The graph it belongs to.
  public let graph: Graph
  package let index: Int

  package init(graph: Graph, index: Int) {
    self.graph = graph
    self.index = index
  }

  /// The extents of the tensor.
  public var shape: Shape { graph.nodes[index].shape }

  package var node: Node { graph.nodes[index] }

  /// The value of a constant.
  package var constantValue: Double? {
    if case .constant(let value) = node.operation { return value }
    return nil
  }

  /// The primitive that this is the result of, if it is one of type `P`.
  package func primitive<P: Primitive>(_ type: P.Type) -> P? {
    if case .primitive(let primitive) = node.operation { return primitive as? P }
    return nil
  }

  /// The inputs of the primitive that this is the result of.
  package var inputs: [Symbol] { node.inputs.map { Symbol(graph: graph, index: $0) } }

  /// Whether both are the same node of the same graph.
  public static func == (a: Symbol, b: Symbol) -> Bool { a.graph === b.graph && a.index == b.index }

  /// Hashes the node's place.
  public func hash(into hasher: inout Hasher) { hasher.combine(index) }
}
