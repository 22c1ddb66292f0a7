import Differentiation
import Tensors

extension NetworkDesign {
  /// He et al.'s network for small images: a stem, three stages of n blocks with w, 2w, 4w channels, of which the second and
  /// third start with a stride of 2, the mean over the image, a dense layer. Depth 6n + 2 counts the layers with weights,
  /// projections apart.
  func resNet(for input: Shape, outputs: Int) -> Sequential {
    let blocks = (ownDepth - 2) / 6
    var channels = ownWidth
    var parts: [(name: String, layer: any Layer)] = [("stem", stem(input[2]))]
    for stage in 0..<3 {
      let own = ownWidth << stage
      var elements: [(name: String, layer: any Layer)] = []
      for block in 0..<blocks {
        let stride: PlaneExtents = stage > 0 && block == 0 ? 2 : 1
        elements.append(("block\(block + 1)", self.block(channels, own, stride: stride)))
        channels = own
      }
      parts.append(("stage\(stage + 1)", Sequential(named: elements)))
    }
    let bias: [any Layer] = normalization == .fixup ? [ScalarBias()] : []
    let head = [GlobalPooling()] + bias + denseLayers([channels, outputs], seesInputs: false)
    return Sequential(named: parts + [("head", Sequential(head))])
  }

  private func stem(_ inputs: Int) -> Sequential {
    guard normalization == .fixup else { return Sequential(convolutionUnit(inputs, ownWidth)) }
    return Sequential([convolution(inputs, ownWidth, stride: 1), ScalarBias(), activation])
  }

  private func convolution(_ inputs: Int, _ outputs: Int, stride: PlaneExtents) -> any Layer {
    let hasBias = normalization != .fixup && normalization(of: outputs) == nil
    return reparametrized(Convolution(inputs: inputs, outputs: outputs, stride: stride, hasBias: hasBias))
  }

  /// Two convolutions with the shortcut added before the last nonlinearity.
  private func block(_ inputs: Int, _ outputs: Int, stride: PlaneExtents) -> any Layer {
    let first = convolution(inputs, outputs, stride: stride)
    let second = convolution(outputs, outputs, stride: 1)
    let body: Sequential
    if normalization == .fixup {
      body = Sequential([
        ScalarBias(), first, ScalarBias(), activation, ScalarBias(), second, ScalarScale(), ScalarBias(),
      ])
    } else {
      let between = [normalization(of: outputs)].compactMap { $0 }
      body = Sequential([first] + between + [activation, second] + between)
    }
    guard hasSkips else { return Sequential(body.elements.map(\.layer) + [activation]) }
    return Residual(body, shortcut: shortcut(inputs, outputs, stride: stride), activation: activation)
  }

  private func shortcut(_ inputs: Int, _ outputs: Int, stride: PlaneExtents) -> Sequential {
    if inputs == outputs && stride == 1 { return Sequential([]) }
    switch shortcut {
    case .padded: return Sequential([PaddedShortcut(inputs: inputs, outputs: outputs, stride: stride)])
    case .projection:
      let normalization = normalization(of: outputs)
      let projection = Convolution(
        inputs: inputs, outputs: outputs, window: 1, stride: stride, padding: 0, hasBias: normalization == nil)
      return Sequential([reparametrized(projection)] + [normalization].compactMap { $0 })
    }
  }
}
