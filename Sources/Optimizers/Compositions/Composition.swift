import Tensors

/// A method made from another: its state is the other's with entries of its own.
protocol Composition: DescentMethod where Base.Element == Element {
  associatedtype Base: DescentMethod
  var base: Base { get set }
}

extension Composition {
  /// What `memory` names, and the base's entries as `base/<name>`.
  func composedState() -> OptimizerState<Element> {
    var state = memory.state(of: self)
    let inner = base.state
    for (name, vector) in inner.tensors { state.tensors["base/\(name)"] = vector }
    for (name, count) in inner.integers { state.integers["base/\(name)"] = count }
    for (name, number) in inner.numbers { state.numbers["base/\(name)"] = number }
    return state
  }

  mutating func restoreComposed(_ state: OptimizerState<Element>) throws(OptimizerStateError) {
    guard state.method == name else { throw .method(expected: name, found: state.method) }
    var own = OptimizerState<Element>(method: state.method)
    var inner = OptimizerState<Element>(method: base.name)
    func place(_ name: String) -> (inBase: Bool, name: String) {
      name.hasPrefix("base/") ? (true, String(name.dropFirst(5))) : (false, name)
    }
    for (name, vector) in state.tensors {
      let (inBase, short) = place(name)
      if inBase { inner.tensors[short] = vector } else { own.tensors[short] = vector }
    }
    for (name, count) in state.integers {
      let (inBase, short) = place(name)
      if inBase { inner.integers[short] = count } else { own.integers[short] = count }
    }
    for (name, number) in state.numbers {
      let (inBase, short) = place(name)
      if inBase { inner.numbers[short] = number } else { own.numbers[short] = number }
    }
    var restored = self
    try restored.memory.restore(own, to: &restored)
    try restored.base.restore(inner)
    self = restored
  }
}
