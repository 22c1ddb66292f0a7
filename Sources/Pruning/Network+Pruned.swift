public import Networks
internal import Tensors

extension Network {
  /// The network whose parameters are those that a mask keeps: the same function of them, computed with less work.
  ///
  /// Its vector is `mask.compressed(parameters)`, its blocks have the names of this network's, and weight blocks are
  /// vectors of what is left. Units and channels on which no output depends are left out of the computation, exactly:
  /// their parameters stay in the vector with zero derivatives, as in the whole network. Channels that no weight leads to
  /// any more are their bias all over, which is not convolved. This reaches through dense layers, convolutions that see all
  /// channels, nonlinearities and pooling; any other layer (a normalization, a residual block, dropout) takes and gives all
  /// its units. Only weights may be missing from the mask.
  public func pruned(by mask: Mask) -> Network {
    precondition(mask.count == parameterCount, "a mask of \(mask.count) for \(parameterCount) parameters")
    var kept = zip(parameters, layout.blocks).map { parameter, block -> [Int]? in
      if mask.keptCount(in: block.range) == block.range.count { return nil }
      precondition(parameter.isWeight, "the mask lacks some of \(block.name), which is no weight")
      return block.range.filter { mask.isKept[$0] }.map { $0 - block.offset }
    }[...]
    let live = LiveUnits(self, mask).layers
    let elements = zip(body.elements, live).map { element, live -> (name: String, layer: any Layer) in
      let (name, layer) = element
      let own = Array(kept.prefix(layer.parameters.count))
      kept = kept.dropFirst(own.count)
      if let live {
        let places = own[0] ?? Array(0..<layer.parameters[0].shape.count)
        if let dense = layer as? Dense {
          return (name, PrunedDense(dense, kept: places, inputs: live.inputs, units: live.units))
        }
        if let convolution = layer as? Convolution {
          return (name, PrunedConvolution(convolution, kept: places, live))
        }
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

  /// How many hidden units and channels no output depends on under a mask, of the dense layers and convolutions that
  /// ``pruned(by:)`` reaches through.
  public func disconnectedUnits(under mask: Mask) -> Int { LiveUnits.disconnectedCount(self, mask) }

  /// For each dense layer and convolution how many of its units or channels are computed under a mask: those on which
  /// an output depends, and one where there is none, so that no tensor is empty.
  public func computedUnits(under mask: Mask) -> [Int] {
    LiveUnits(self, mask).layers.compactMap { $0?.units.count }
  }
}
