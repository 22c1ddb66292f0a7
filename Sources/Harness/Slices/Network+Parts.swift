public import Networks
public import Surfaces
internal import Tensors

extension Network {
  /// The parameter vector's tensors as directions and measures of sharpness see them.
  public var parts: [ParameterPart] {
    zip(parameters, layout.blocks).map { parameter, block in
      let kind: ParameterPart.Kind =
        switch parameter.kind {
        case .weight: .weight
        case .bias: .bias
        case .scale: .other
        }
      let rank = block.shape.rank
      return ParameterPart(block.range, units: rank > 0 ? block.shape[rank - 1] : 1, kind: kind)
    }
  }
}
