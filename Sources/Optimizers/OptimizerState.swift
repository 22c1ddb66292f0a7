public import Tensors

/// What a method remembers from step to step.
public struct OptimizerState<Element: Scalar>: Codable, Sendable, Equatable {
  /// The method's name.
  public var method: String
  /// Vectors.
  public var tensors: [String: [Element]]
  /// Counters.
  public var integers: [String: Int]
  /// Other numbers.
  public var numbers: [String: Double]

  /// Creates a state from its parts.
  public init(
    method: String, tensors: [String: [Element]] = [:], integers: [String: Int] = [:], numbers: [String: Double] = [:]
  ) {
    self.method = method
    self.tensors = tensors
    self.integers = integers
    self.numbers = numbers
  }
}

/// Why a state doesn't fit a method.
public enum OptimizerStateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It comes from another method.
  case method(expected: String, found: String)
  /// Its entries are those of another configuration of the method.
  case entries(expected: [String], found: [String])
  /// One of its vectors belongs to another number of parameters.
  case length(name: String, expected: Int, found: Int)
  /// One of its counters is below zero.
  case negative(name: String, found: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .method(let expected, let found):
      "The optimizer's state comes from \(found), not from \(expected)."
    case .entries(let expected, let found):
      "The optimizer's state has the entries \(found), not \(expected): it comes from another configuration."
    case .length(let name, let expected, let found):
      "The optimizer's state \(name) has \(found) elements, not \(expected): it comes from another model."
    case .negative(let name, let found):
      "The optimizer's state \(name) is \(found), which is below zero."
    }
  }
}

/// The properties that make up a method's state, by name: what is kept in a checkpoint and taken from one.
public struct MethodMemory<Method: DescentMethod> {
  let vectors: [(name: String, path: WritableKeyPath<Method, [Method.Element]>)]
  let counters: [(name: String, path: WritableKeyPath<Method, Int>)]
  let numbers: [(name: String, path: WritableKeyPath<Method, Double>)]

  /// Names the properties. A vector always has the same number of elements.
  public init(
    vectors: KeyValuePairs<String, WritableKeyPath<Method, [Method.Element]>> = [:],
    counters: KeyValuePairs<String, WritableKeyPath<Method, Int>> = [:],
    numbers: KeyValuePairs<String, WritableKeyPath<Method, Double>> = [:]
  ) {
    self.vectors = vectors.map { ($0.key, $0.value) }
    self.counters = counters.map { ($0.key, $0.value) }
    self.numbers = numbers.map { ($0.key, $0.value) }
  }

  package func state(of method: Method) -> OptimizerState<Method.Element> {
    OptimizerState(
      method: method.name,
      tensors: Dictionary(uniqueKeysWithValues: vectors.map { ($0.name, method[keyPath: $0.path]) }),
      integers: Dictionary(uniqueKeysWithValues: counters.map { ($0.name, method[keyPath: $0.path]) }),
      numbers: Dictionary(uniqueKeysWithValues: numbers.map { ($0.name, method[keyPath: $0.path]) }))
  }

  package func restore(_ state: OptimizerState<Method.Element>, to method: inout Method) throws(OptimizerStateError) {
    guard state.method == method.name else { throw .method(expected: method.name, found: state.method) }
    let expected = vectors.map(\.name) + counters.map(\.name) + numbers.map(\.name)
    let found = Array(state.tensors.keys) + state.integers.keys + state.numbers.keys
    guard expected.sorted() == found.sorted() else {
      throw .entries(expected: expected.sorted(), found: found.sorted())
    }
    var restored = method
    for (name, path) in vectors {
      let count = method[keyPath: path].count
      guard let vector = state.tensors[name] else { throw .entries(expected: [name], found: found.sorted()) }
      guard vector.count == count else { throw .length(name: name, expected: count, found: vector.count) }
      restored[keyPath: path] = vector
    }
    for (name, path) in counters {
      guard let count = state.integers[name] else { throw .entries(expected: [name], found: found.sorted()) }
      guard count >= 0 else { throw .negative(name: name, found: count) }
      restored[keyPath: path] = count
    }
    for (name, path) in numbers {
      guard let number = state.numbers[name] else { throw .entries(expected: [name], found: found.sorted()) }
      restored[keyPath: path] = number
    }
    method = restored
  }
}
