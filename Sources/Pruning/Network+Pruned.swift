public import Networks

extension Network {
  /// The network whose parameters are those that a mask keeps: the same function of them, computed with less work.
  ///
  /// Its vector is `mask.compressed(parameters)`, its blocks have the names of this network's, and weight blocks are
  /// vectors of what is left. In a chain of dense layers without dropout, units on which no output depends are left out of
  /// the computation, exactly: their parameters stay in the vector with zero derivatives, as in the whole network. Only
  /// weights may be missing from the mask.
  public func pruned(by mask: Mask) -> Network {
    precondition(mask.count == parameterCount, "a mask of \(mask.count) for \(parameterCount) parameters")
    var kept = zip(parameters, layout.blocks).map { parameter, block -> [Int]? in
      if mask.keptCount(in: block.range) == block.range.count { return nil }
      precondition(parameter.isWeight, "the mask lacks some of \(block.name), which is no weight")
      return block.range.filter { mask.isKept[$0] }.map { $0 - block.offset }
    }[...]
    var liveUnits = LiveUnits(self, mask)
    let elements = body.elements.map { name, layer -> (name: String, layer: any Layer) in
      let own = Array(kept.prefix(layer.parameters.count))
      kept = kept.dropFirst(own.count)
      if let dense = layer as? Dense, let live = liveUnits.next() {
        let all = Array(0..<dense.inputs * dense.outputs)
        return (name, PrunedDense(dense, kept: own[0] ?? all, inputs: live.inputs, units: live.units))
      }
      return own.allSatisfy { $0 == nil } ? (name, layer) : (name, MaskedLayer(whole: layer, kept: own))
    }
    do {
      return try Network(
        inputShape: inputShape, Sequential(named: elements), initialization: initialization,
        parameterization: parameterization)
    } catch {
      preconditionFailure("a network fits together and doesn't when it is pruned: \(error)")
    }
  }
}

/// For each dense layer of a chain the inputs and units on which an output depends.
private struct LiveUnits {
  private var layers: [(inputs: [Int], units: [Int])] = []
  private var place = 0

  /// Goes through the layers from the last to the first. Empty where the network is not a chain of dense layers, or where
  /// dropout numbers the units.
  init(_ network: Network, _ mask: Mask) {
    let layers = network.body.elements.map(\.layer)
    guard !network.dropsOut, layers.allSatisfy({ $0 is Dense || $0 is Activation || $0 is Flatten }) else { return }
    let chain = layers.compactMap { $0 as? Dense }
    let weights = network.weightBlocks
    var units = Array(0..<(chain.last?.outputs ?? 0))
    for (index, dense) in chain.enumerated().reversed() {
      let offset = weights[index].offset
      let inputs = (0..<dense.inputs).filter { input in
        index == 0 || units.contains { mask.isKept[offset + input * dense.outputs + $0] }
      }
      // A layer that nothing depends on keeps one unit, so that no tensor is empty.
      let given = inputs.isEmpty ? [0] : inputs
      self.layers.append((given, units))
      units = given
    }
    self.layers.reverse()
  }

  /// Those of the next dense layer, or `nil`.
  mutating func next() -> (inputs: [Int], units: [Int])? {
    defer { place += 1 }
    return layers.indices.contains(place) ? layers[place] : nil
  }
}

extension Network {
  /// The units that each layer made by ``pruned(by:)`` computes.
  package var computedUnits: [Int] { body.elements.compactMap { ($0.layer as? PrunedDense)?.units.count } }
}
