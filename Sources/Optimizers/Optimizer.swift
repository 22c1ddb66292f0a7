public import Tensors

/// A method of descent: from parameters and a gradient to the next parameters, with a state of its own.
///
/// An optimizer is a value that holds all it remembers, so a copy or an encoded one goes on exactly as the original.
/// To add one: a struct in a file of its own, one fused loop over memory in `step`, and a case in `OptimizerRecipe`.
public protocol Optimizer<Element>: Codable, Sendable {
  /// The number type of the parameters.
  associatedtype Element: Scalar

  /// The number of parameters.
  var dimension: Int { get }

  /// Moves `parameters` by one step along `gradient`, both of `dimension` elements.
  ///
  /// Allocates nothing; cost: one pass over the parameters, the gradient and the state.
  mutating func step(parameters: inout [Element], gradient: [Element], learningRate: Double)

  /// What it remembers, as plain arrays and numbers by name.
  var state: OptimizerState<Element> { get }

  /// Takes over what an optimizer of the same kind and dimension remembered; throws if it isn't that.
  mutating func restore(_ state: OptimizerState<Element>) throws(OptimizerStateError)
}

/// What an optimizer remembers from step to step.
public struct OptimizerState<Element: Scalar>: Codable, Sendable, Equatable {
  /// Vectors of as many elements as there are parameters.
  public var tensors: [String: [Element]]
  /// Counters.
  public var integers: [String: Int]

  /// Creates a state from its parts.
  public init(tensors: [String: [Element]] = [:], integers: [String: Int] = [:]) {
    self.tensors = tensors
    self.integers = integers
  }

  /// Checks that the state has just these entries and that each vector has `dimension` elements.
  func check(tensors names: Set<String>, integers counters: Set<String>, dimension: Int) throws(OptimizerStateError) {
    guard Set(tensors.keys) == names, Set(integers.keys) == counters else {
      throw .entries(
        expected: (names.union(counters)).sorted(), found: (Set(tensors.keys).union(integers.keys)).sorted())
    }
    for (name, vector) in tensors where vector.count != dimension {
      throw .length(name: name, expected: dimension, found: vector.count)
    }
    for (name, count) in integers where count < 0 { throw .negative(name: name, found: count) }
  }
}

/// Why a state doesn't fit an optimizer.
public enum OptimizerStateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Its entries are those of another kind of optimizer.
  case entries(expected: [String], found: [String])
  /// One of its vectors belongs to another number of parameters.
  case length(name: String, expected: Int, found: Int)
  /// One of its counters is below zero.
  case negative(name: String, found: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .entries(let expected, let found):
      "The optimizer's state has the entries \(found), not \(expected): it comes from another optimizer."
    case .length(let name, let expected, let found):
      "The optimizer's state \(name) has \(found) elements, not \(expected): it comes from another model."
    case .negative(let name, let found):
      "The optimizer's state \(name) is \(found), which is below zero."
    }
  }
}

extension Optimizer {
  @inline(__always)
  func checkCounts(_ parameters: [Element], _ gradient: [Element]) {
    precondition(
      parameters.count == dimension && gradient.count == dimension,
      "an optimizer of \(dimension) parameters was given \(parameters.count) parameters and a gradient of \(gradient.count)"
    )
  }
}
