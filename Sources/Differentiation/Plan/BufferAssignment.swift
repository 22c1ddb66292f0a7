import Tensors

/// Where a tensor lies: a slot (an input, an output, the kept or the scratch memory) and an offset in elements.
struct Place: Hashable {
  var slot: Int
  var offset: Int
}

/// Gives every result of a schedule its place, once, so that running allocates nothing.
///
/// Results that are views lie inside their source, parts of an assembled vector inside that vector, and an output's last
/// step writes to the caller's memory. What is left shares one scratch memory by lifetime.
struct BufferAssignment {
  /// Slots: inputs, then outputs, then the kept memory, then the scratch memory.
  let keptSlot: Int
  let scratchSlot: Int
  private(set) var keptCount = 0
  private(set) var scratchCount = 0
  /// Outputs that have to be copied to the caller: (output number, node).
  private(set) var copies: [(output: Int, node: Int)] = []
  private var places: [Place?]
  private var registers = [Int: Int]()
  private let storage: Storage

  /// The place of a node's value.
  func place(of node: Int) -> Place {
    let (root, offset) = storage.root(of: node)
    guard let place = places[root] else { preconditionFailure("node \(node) of the graph has no place in memory") }
    return Place(slot: place.slot, offset: place.offset + offset)
  }

  /// The place of a unit's registers.
  func registerPlace(of unit: Int) -> Place? { registers[unit].map { Place(slot: scratchSlot, offset: $0) } }

  init(schedule: Schedule, inputs: [Symbol], outputs: [Symbol], registerCounts: [Int], alignment: Int) {
    keptSlot = inputs.count + outputs.count
    scratchSlot = keptSlot + 1
    places = [Place?](repeating: nil, count: schedule.nodes.count)
    var storage = Storage(schedule: schedule)
    for (slot, input) in inputs.enumerated() where input.index < places.count {
      places[input.index] = Place(slot: slot, offset: 0)
    }

    // Outputs claim the buffers of their results.
    for (number, output) in outputs.enumerated() {
      let (root, offset) = storage.root(of: output.index)
      let whole = offset == 0 && schedule.nodes[root].shape.count == output.shape.count
      if whole && places[root] == nil && storage.isComputed(root) && schedule.isRepeated[root] {
        places[root] = Place(slot: inputs.count + number, offset: 0)
      } else {
        copies.append((number, output.index))
      }
    }

    // Parts of assembled vectors are computed in their places.
    for unit in schedule.units.reversed() {
      guard case .primitive(let node) = unit, let assemble = schedule.primitive(node) as? Assemble else { continue }
      for (offset, part) in zip(assemble.offsets, schedule.nodes[node].inputs) {
        let (root, shift) = storage.root(of: part)
        let whole = shift == 0 && schedule.nodes[root].shape.count == schedule.nodes[part].shape.count
        if whole && places[root] == nil && storage.isComputed(root)
          && schedule.isRepeated[root] == schedule.isRepeated[node]
        {
          storage.embed(root, in: node, at: offset)
        }
      }
    }
    self.storage = storage
    assignMemory(schedule: schedule, outputs: outputs, registerCounts: registerCounts, alignment: alignment)
  }

  private struct Lifetime {
    var first = Int.max
    var last = -1
    var readInRepeatedStage = false
  }

  private mutating func assignMemory(
    schedule: Schedule, outputs: [Symbol], registerCounts: [Int], alignment: Int
  ) {
    var lifetimes = [Int: Lifetime]()
    func touch(_ node: Int, at position: Int) {
      let root = storage.root(of: node).root
      lifetimes[root, default: Lifetime()].first = min(lifetimes[root]?.first ?? .max, position)
      lifetimes[root]!.last = max(lifetimes[root]!.last, position)
      if position >= schedule.keptUnitCount { lifetimes[root]!.readInRepeatedStage = true }
    }
    for (position, unit) in schedule.units.enumerated() {
      touch(unit.node, at: position)
      for node in schedule.sources(of: unit) { touch(node, at: position) }
    }
    for copy in copies { touch(copy.node, at: schedule.units.count) }

    var blocks: [(first: Int, last: Int, count: Int, node: Int?, unit: Int)] = []
    for (root, lifetime) in lifetimes where places[root] == nil {
      let count = schedule.nodes[root].shape.count
      if lifetime.first < schedule.keptUnitCount && lifetime.readInRepeatedStage {
        places[root] = Place(slot: keptSlot, offset: keptCount)
        keptCount += rounded(count, to: alignment)
      } else {
        blocks.append((lifetime.first, lifetime.last, count, root, -1))
      }
    }
    for (unit, count) in registerCounts.enumerated() where count > 0 { blocks.append((unit, unit, count, nil, unit)) }
    blocks.sort { ($0.first, $0.node ?? -1, $0.unit) < ($1.first, $1.node ?? -1, $1.unit) }

    // First fit: the lowest gap that is free throughout the lifetime.
    var live: [(start: Int, end: Int, last: Int)] = []
    for block in blocks {
      live.removeAll { $0.last < block.first }
      let size = rounded(max(block.count, 1), to: alignment)
      var start = 0
      for other in live.sorted(by: { $0.start < $1.start }) {
        if other.start >= start + size { break }
        start = max(start, other.end)
      }
      live.append((start, start + size, block.last))
      scratchCount = max(scratchCount, start + size)
      if let node = block.node { places[node] = Place(slot: scratchSlot, offset: start) }
      if block.node == nil { registers[block.unit] = start }
    }
  }

  private func rounded(_ count: Int, to alignment: Int) -> Int { (count + alignment - 1) / alignment * alignment }

  /// Which node's buffer holds each node's value, and where in it.
  private struct Storage {
    private var parents: [(node: Int, offset: Int)?]
    private let computed: Set<Int>

    init(schedule: Schedule) {
      parents = Array(repeating: nil, count: schedule.nodes.count)
      for index in schedule.nodes.indices {
        if let view = schedule.primitive(index) as? any ViewPrimitive {
          parents[index] = (schedule.nodes[index].inputs[0], view.offset)
        }
      }
      var computed = Set<Int>()
      for unit in schedule.units {
        if case .accumulate(let node, _, let target) = unit {
          parents[node] = (target, 0)
        } else {
          computed.insert(unit.node)
        }
      }
      self.computed = computed
    }

    /// Whether a unit writes this node's own buffer (an input's belongs to the caller).
    func isComputed(_ root: Int) -> Bool { computed.contains(root) }

    func root(of node: Int) -> (root: Int, offset: Int) {
      var node = node
      var offset = 0
      while let parent = parents[node] {
        node = parent.node
        offset += parent.offset
      }
      return (node, offset)
    }

    mutating func embed(_ root: Int, in node: Int, at offset: Int) { parents[root] = (node, offset) }
  }
}

extension Schedule {
  /// The nodes whose values a unit reads.
  func sources(of unit: Unit) -> [Int] {
    switch unit {
    case .fill: []
    case .primitive(let node): nodes[node].inputs
    case .accumulate(_, let product, let target): nodes[product].inputs + [target]
    case .chain(_, let members): ElementwiseChain.sources(members: members, schedule: self)
    }
  }
}
