public import Tensors

/// One tensor of a layer's parameters: its place in the layer and how it counts its inputs and outputs.
public struct Parameter: Hashable, Sendable {
  /// What a parameter is for.
  public enum Kind: Hashable, Sendable {
    /// Multiplies inputs; drawn by an initializer.
    case weight
    /// Is added; starts at zero, if the initializer has no law of its own for biases.
    case bias
    /// Anything else, such as a normalization's scale; starts at a number.
    case scale(start: Double)
  }

  /// Its name, such as `weight` or, within layers of layers, `block1/convolution1/weight`.
  public var name: String
  /// Its extents. The last axis of a weight counts its units.
  public let shape: Shape
  /// What it is for.
  public let kind: Kind
  /// The inputs that each unit sums over; 1 for what is no weight.
  public let fanIn: Int
  /// The units that each input goes to; for biases and scales the number of units, 1 if there is one for all of them.
  public let fanOut: Int
  /// Where it stands in a residual branch: the number of weights before it there, and in all.
  public internal(set) var branch: Branch?

  /// A place among the weights of a residual branch.
  public struct Branch: Hashable, Sendable {
    /// Weights of the branch before this one.
    public let index: Int
    /// Weights of the branch.
    public let count: Int
  }

  /// A weight, [fanIn, units] or [height, width, inputs, units].
  public static func weight(_ name: String = "weight", shape: Shape, fanIn: Int, fanOut: Int) -> Parameter {
    Parameter(name: name, shape: shape, kind: .weight, fanIn: fanIn, fanOut: fanOut)
  }

  /// A bias for each of `units`.
  public static func bias(_ name: String = "bias", units: Int) -> Parameter {
    Parameter(name: name, shape: [units], kind: .bias, fanIn: 1, fanOut: units)
  }

  /// A scale for each of `units`.
  public static func scale(_ name: String = "scale", units: Int, start: Double = 1) -> Parameter {
    Parameter(name: name, shape: [units], kind: .scale(start: start), fanIn: 1, fanOut: units)
  }

  /// Whether it is a weight.
  public var isWeight: Bool { kind == .weight }

  func within(_ prefix: String) -> Parameter {
    var inner = self
    inner.name = "\(prefix)/\(name)"
    return inner
  }
}

/// Why a layer can't take its inputs.
public struct ShapeMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  /// The layer's place in the network, such as `stage1/block2/convolution1`; empty for a single layer.
  public internal(set) var place: String
  /// What does not fit, as a sentence without its full stop, and what would.
  public let problem: String

  /// A mismatch in a single layer.
  public init(_ problem: String) {
    place = ""
    self.problem = problem
  }

  /// The sentence with the layer's place.
  public var description: String { place.isEmpty ? problem : "\(place): \(problem)" }

  func within(_ prefix: String) -> ShapeMismatch {
    var outer = self
    outer.place = place.isEmpty ? prefix : "\(prefix)/\(place)"
    return outer
  }
}
