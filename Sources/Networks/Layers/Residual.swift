public import Components
public import Differentiation
public import Tensors

/// y = phi(body(x) + shortcut(x)) (He et al. 2016). An empty shortcut is the identity.
public struct Residual: Layer {
  /// The branch that learns.
  public let body: Sequential
  /// The way around it; empty for x itself.
  public let shortcut: Sequential
  /// phi.
  public let activation: Activation

  /// Creates the sum.
  public init(_ body: Sequential, shortcut: Sequential = Sequential([]), activation: Activation = .identity) {
    self.body = body
    self.shortcut = shortcut
    self.activation = activation
  }

  /// `residual`.
  public static var component: Component {
    Component(
      .layer, "residual",
      "y = phi(body(x) + shortcut(x)); the shortcut is x, x with zeros for new channels, or a projection",
      settings: [
        .init(
          "shortcut", "what goes around where shapes differ", allowed: "one of padded, projection", default: "padded")
      ], references: [.he2016])
  }

  /// The body's, then those of the shortcut under `shortcut`. The body's weights know their place in the branch.
  public var parameters: [Parameter] {
    let body = body.parameters
    let count = body.count(where: \.isWeight)
    var index = 0
    let branch = body.map { parameter in
      guard parameter.isWeight else { return parameter }
      var placed = parameter
      placed.branch = Parameter.Branch(index: index, count: count)
      index += 1
      return placed
    }
    return branch + shortcut.parameters.map { $0.within("shortcut") }
  }

  /// The body's and the shortcut's.
  public var statistics: [(name: String, shape: Shape)] {
    body.statistics + shortcut.statistics.map { ("shortcut/\($0.name)", $0.shape) }
  }

  /// Whether one of both does.
  public var dropsOut: Bool { body.dropsOut || shortcut.dropsOut }

  /// The body's, which must be the shortcut's.
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    let shape = try body.outputShape(for: input)
    let around: Shape
    do throws(ShapeMismatch) { around = try shortcut.outputShape(for: input) } catch { throw error.within("shortcut") }
    guard shape == around else {
      throw ShapeMismatch("a body that gives \(shape) can't be added to a shortcut that gives \(around)")
    }
    return shape
  }

  /// The body's and the shortcut's, drawn by their places.
  public func initialValues(_ draw: (Parameter) -> [Double]) -> [[Double]] {
    let own = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0) })
    return body.initialValues { draw(own[$0.name] ?? $0) } + shortcut.initialValues { draw($0.within("shortcut")) }
  }

  /// The nonlinearity of the sum.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let count = body.parameters.count
    let branch = body(x, Array(parameters[..<count]), in: pass)
    return activation(branch + shortcut(x, Array(parameters[count...]), in: pass))
  }
}
