internal import Storage
internal import Tensors

/// How the weights of a network lie in a safetensors file: the names of its tensors and the order of their axes.
///
/// Images are [height, width, channels] here and [channels, height, width] in PyTorch. Where a dense layer follows images,
/// its inputs are in the order of the former in either layout, so that PyTorch must flatten `x.permute(0, 2, 3, 1)`.
public enum WeightLayout: String, CaseIterable, Sendable {
  /// As they are in this program: `dense1/weight` [inputs, units], convolutions [height, width, inputs, units],
  /// normalizations with `scale` and `bias`.
  case landscape
  /// As PyTorch has them, a usable state dict: `dense1.weight` [units, inputs], convolutions [units, inputs, height,
  /// width], normalizations with `weight` and `bias`.
  case pytorch

  /// What a file's metadata call it.
  static let key = "layout"

  /// Arrays of this program in this layout.
  func laidOut(_ entries: [SafetensorsFile.Entry]) -> [SafetensorsFile.Entry] {
    guard self == .pytorch else { return entries }
    let names = Set(entries.map(\.name))
    return entries.map { entry in
      let axes = [2: [1, 0], 4: [3, 2, 0, 1]][entry.shape.rank]
      var name = entry.name
      if let layer = layer(of: name, ending: "/scale"), !names.contains("\(layer)/weight") { name = "\(layer)/weight" }
      return entry.permuted(axes, name: name.replacing("/", with: "."))
    }
  }

  /// Arrays in this layout as they are in this program.
  ///
  /// The tensors of PyTorch's batch normalization that are no parameters are left out: moments are computed anew wherever
  /// a network is evaluated.
  ///
  /// - Parameter isScale: whether a name is that of a scale in the network
  func read(_ entries: [SafetensorsFile.Entry], isScale: (String) -> Bool) -> [SafetensorsFile.Entry] {
    guard self == .pytorch else { return entries }
    return entries.compactMap { entry in
      let axes = [2: [1, 0], 4: [2, 3, 1, 0]][entry.shape.rank]
      var name = entry.name.replacing(".", with: "/")
      if ["/running_mean", "/running_var", "/num_batches_tracked"].contains(where: name.hasSuffix) { return nil }
      if let layer = layer(of: name, ending: "/weight"), entry.shape.rank == 1, isScale("\(layer)/scale") {
        name = "\(layer)/scale"
      }
      return entry.permuted(axes, name: name)
    }
  }

  private func layer(of name: String, ending: String) -> Substring? {
    name.hasSuffix(ending) ? name.dropLast(ending.count) : nil
  }
}

extension SafetensorsFile.Entry {
  fileprivate func permuted(_ axes: [Int]?, name: String) -> SafetensorsFile.Entry {
    guard let axes else { return SafetensorsFile.Entry(name, shape: shape, values: values) }
    return SafetensorsFile.Entry(
      name, shape: Shape(axes.map { shape[$0] }), values: values.permuted(shape, axes: axes))
  }
}
