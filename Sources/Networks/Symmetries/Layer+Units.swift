// What each kind of layer does to the order of units. A layer without a rule of its own holds them in place.

import Differentiation

extension Layer {
  /// Its own units and those it takes stay where they are.
  public func traceUnits(_ input: Int?, _ blocks: [ParameterLayout.Block], in trace: inout UnitTrace) -> Int? {
    trace.fix(input)
    return nil
  }
}

extension Dense {
  /// Takes units along the rows of its weight and computes new ones along its columns.
  public func traceUnits(_ input: Int?, _ blocks: [ParameterLayout.Block], in trace: inout UnitTrace) -> Int? {
    trace.note(input, blocks[0], axis: 0, computes: false)
    let own = trace.makeGroup(units: outputs)
    trace.note(own, blocks[0], axis: 1, computes: true)
    if hasBias { trace.note(own, blocks[1], axis: 0, computes: true) }
    return own
  }
}

extension Convolution {
  /// Takes channels along the third axis of its weight and computes new ones along the fourth.
  public func traceUnits(_ input: Int?, _ blocks: [ParameterLayout.Block], in trace: inout UnitTrace) -> Int? {
    guard geometry.groups == 1 else {
      trace.fix(input)
      return nil
    }
    trace.note(input, blocks[0], axis: 2, computes: false)
    let own = trace.makeGroup(units: outputs)
    trace.note(own, blocks[0], axis: 3, computes: true)
    if hasBias { trace.note(own, blocks[1], axis: 0, computes: true) }
    return own
  }
}

extension Normalization {
  /// Scales and biases go with their channels; groups of channels hold them in place.
  public func traceUnits(_ input: Int?, _ blocks: [ParameterLayout.Block], in trace: inout UnitTrace) -> Int? {
    if case .group(let groups) = over, groups > 1 { trace.fix(input) }
    for block in blocks { trace.note(input, block, axis: 0, computes: false) }
    return input
  }
}

extension SwitchableNormalization {
  /// Scales and biases go with their channels; the weights of the mixture belong to none.
  public func traceUnits(_ input: Int?, _ blocks: [ParameterLayout.Block], in trace: inout UnitTrace) -> Int? {
    for block in blocks.prefix(2) { trace.note(input, block, axis: 0, computes: false) }
    return input
  }
}

extension WeightNormalized {
  /// The layer's, and the scales go with the units it computes.
  public func traceUnits(_ input: Int?, _ blocks: [ParameterLayout.Block], in trace: inout UnitTrace) -> Int? {
    let own = base.traceUnits(input, [blocks[0]] + blocks.dropFirst(2), in: &trace)
    trace.note(own, blocks[1], axis: 0, computes: true)
    return own
  }
}

extension Sequential {
  /// Each layer takes the units of the one before.
  public func traceUnits(_ input: Int?, _ blocks: [ParameterLayout.Block], in trace: inout UnitTrace) -> Int? {
    var stream = input
    var next = 0
    for (_, layer) in elements {
      let count = layer.parameters.count
      stream = layer.traceUnits(stream, Array(blocks[next..<next + count]), in: &trace)
      next += count
    }
    return stream
  }
}

extension Residual {
  /// The body's units and the shortcut's are tied, since they are added.
  public func traceUnits(_ input: Int?, _ blocks: [ParameterLayout.Block], in trace: inout UnitTrace) -> Int? {
    let count = body.parameters.count
    let branch = body.traceUnits(input, Array(blocks[..<count]), in: &trace)
    let around = shortcut.traceUnits(input, Array(blocks[count...]), in: &trace)
    return trace.unite(branch, around)
  }
}

/// A layer that treats all units alike and leaves them in their order.
public protocol UnitwiseLayer: Layer {}

extension UnitwiseLayer {
  /// Passes units on.
  public func traceUnits(_ input: Int?, _ blocks: [ParameterLayout.Block], in trace: inout UnitTrace) -> Int? { input }
}

extension Activation: UnitwiseLayer {}
extension Pooling: UnitwiseLayer {}
extension GlobalPooling: UnitwiseLayer {}
extension Flatten: UnitwiseLayer {}
extension Dropout: UnitwiseLayer {}
extension ScalarBias: UnitwiseLayer {}
extension ScalarScale: UnitwiseLayer {}
