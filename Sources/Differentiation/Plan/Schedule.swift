import Tensors

/// What is computed, in which order and in which passes: the part of a plan that knows graphs and no memory.
///
/// A unit is one pass: a primitive, a chain of elementwise primitives ending in `node`, a tensor that has to be written out
/// (a constant, a broadcast), or a matrix product added into what `target` already holds.
struct Schedule {
  enum Unit {
    case primitive(Int)
    case chain(root: Int, members: [Int])
    case fill(Int)
    case accumulate(node: Int, product: Int, target: Int)

    /// The node whose value the unit completes.
    var node: Int {
      switch self {
      case .primitive(let node), .fill(let node), .chain(let node, _), .accumulate(let node, _, _): node
      }
    }
  }

  let nodes: [Node]
  /// Units of the kept stage, then units of the repeated stage.
  private(set) var units: [Unit] = []
  /// How many of the units are computed once.
  private(set) var keptUnitCount = 0
  /// Whether a node depends on an input that changes between repetitions.
  let isRepeated: [Bool]
  private let isReachable: [Bool]
  private(set) var consumers: [[Int]]

  init(outputs: [Symbol], repeated: [Symbol]?) {
    let nodes = Array(outputs[0].graph.nodes[0...(outputs.map(\.index).max()!)])
    self.nodes = nodes
    isReachable = Schedule.reachable(nodes, from: outputs.map(\.index))
    isRepeated = Schedule.repeatedNodes(nodes, inputs: repeated?.map(\.index))
    var consumers = [[Int]](repeating: [], count: nodes.count)
    for index in nodes.indices where isReachable[index] {
      for input in Set(nodes[index].inputs) { consumers[input].append(index) }
    }
    self.consumers = consumers
    arrange(outputs: Set(outputs.map(\.index)))
  }

  private static func reachable(_ nodes: [Node], from outputs: [Int]) -> [Bool] {
    var reachable = [Bool](repeating: false, count: nodes.count)
    for output in outputs { reachable[output] = true }
    for index in nodes.indices.reversed() where reachable[index] {
      for input in nodes[index].inputs { reachable[input] = true }
    }
    return reachable
  }

  private static func repeatedNodes(_ nodes: [Node], inputs: [Int]?) -> [Bool] {
    guard let inputs else { return [Bool](repeating: true, count: nodes.count) }
    var repeated = [Bool](repeating: false, count: nodes.count)
    for index in nodes.indices {
      repeated[index] = inputs.contains(index) || nodes[index].inputs.contains { repeated[$0] }
    }
    return repeated
  }

  func primitive(_ index: Int) -> (any Primitive)? {
    if case .primitive(let primitive) = nodes[index].operation { return primitive }
    return nil
  }

  func isElementwise(_ index: Int) -> Bool { primitive(index) is any ElementwisePrimitive }

  /// Finds the passes and puts them in order.
  private mutating func arrange(outputs: Set<Int>) {
    let sums = accumulations(outputs: outputs)
    let absorbed = Set(sums.values.map(\.product))
    let chains = chains(outputs: outputs, except: sums)
    var members = [Int: [Int]]()
    for (index, roots) in chains.enumerated() { for root in roots { members[root, default: []].append(index) } }

    var kept: [Unit] = []
    var repeated: [Unit] = []
    for index in nodes.indices where isReachable[index] && !absorbed.contains(index) {
      let unit: Unit
      switch nodes[index].operation {
      case .input: continue
      case .constant:
        guard outputs.contains(index) || consumers[index].contains(where: { !isElementwise($0) }) else { continue }
        unit = .fill(index)
      case .primitive(let primitive):
        if primitive is any ViewPrimitive { continue }
        if let sum = sums[index] {
          unit = .accumulate(node: index, product: sum.product, target: sum.target)
        } else if !chains[index].isEmpty {
          guard let members = members[index] else { continue }
          unit = members.count == 1 && primitive is Sum ? .primitive(index) : .chain(root: index, members: members)
        } else if primitive is Broadcast {
          guard outputs.contains(index) || consumers[index].contains(where: { chains[$0].isEmpty }) else { continue }
          unit = .primitive(index)
        } else {
          unit = .primitive(index)
        }
      }
      if isRepeated[index] { repeated.append(unit) } else { kept.append(unit) }
    }
    units = kept + repeated
    keptUnitCount = kept.count
  }

  /// For each elementwise primitive, and each sum over one, the last nodes of the chains that compute it.
  ///
  /// What is read by several chains is written out once, unless it is computed from one tensor by a trifle: then each chain
  /// computes it again, which reads no more memory than reading it would and saves writing it.
  private func chains(outputs: Set<Int>, except sums: [Int: (product: Int, target: Int)]) -> [Set<Int>] {
    var chains = [Set<Int>](repeating: [], count: nodes.count)
    func isFused(_ index: Int) -> Bool { isElementwise(index) && sums[index] == nil }
    for index in nodes.indices.reversed() where isReachable[index] {
      if let sum = primitive(index) as? Sum {
        let input = nodes[index].inputs[0]
        if isFused(input) && StatisticsLayout(nodes[input].shape, reducing: sum.axes) != nil { chains[index] = [index] }
        continue
      }
      guard isFused(index) else { continue }
      chains[index] = [index]
      let readers = consumers[index]
      guard !outputs.contains(index), !readers.isEmpty, readers.allSatisfy({ !chains[$0].isEmpty }) else { continue }
      let all = readers.reduce(into: Set<Int>()) { $0.formUnion(chains[$1]) }
      guard all.allSatisfy({ extent(ofChain: $0) == nodes[index].shape }) else { continue }
      let isOwn = all.count == 1 && all.allSatisfy { isRepeated[$0] == isRepeated[index] }
      if isOwn || (all.count > 1 && isTrifle(index)) { chains[index] = all }
    }
    return chains
  }

  /// The shape that a chain runs over: its last node's, or that of what the last node sums.
  func extent(ofChain root: Int) -> Shape {
    primitive(root) is Sum ? nodes[nodes[root].inputs[0]].shape : nodes[root].shape
  }

  /// Whether a node costs next to nothing to compute from one tensor, what is broadcast not counted.
  private func isTrifle(_ index: Int) -> Bool {
    switch primitive(index) {
    case is Add, is Subtract, is Multiply, is Scale, is Offset, is Square, is ComplementOfSquare, is ReLU, is Step:
      break
    default: return false
    }
    let read = nodes[index].inputs.filter { input in
      if case .constant = nodes[input].operation { return false }
      return !(primitive(input) is Broadcast)
    }
    return Set(read).count == 1
  }

  /// Sums in which one term is a matrix product used nowhere else and the other a buffer used nowhere else: BLAS adds.
  private func accumulations(outputs: Set<Int>) -> [Int: (product: Int, target: Int)] {
    var found = [Int: (product: Int, target: Int)]()
    for index in nodes.indices where isReachable[index] {
      guard primitive(index) is Add, nodes[index].inputs[0] != nodes[index].inputs[1] else { continue }
      let candidates = [
        (nodes[index].inputs[1], nodes[index].inputs[0]), (nodes[index].inputs[0], nodes[index].inputs[1]),
      ]
      for (product, target) in candidates {
        let single = { (node: Int) in
          self.consumers[node].count == 1 && !outputs.contains(node) && self.isRepeated[node] == self.isRepeated[index]
        }
        let holdsBuffer = found[target] != nil || primitive(target) is MatrixProduct
        if primitive(product) is MatrixProduct && found[product] == nil && holdsBuffer && single(product)
          && single(target)
        {
          found[index] = (product, target)
          break
        }
      }
    }
    return found
  }
}
