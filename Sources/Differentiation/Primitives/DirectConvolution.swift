import COneDNN
import Tensors

/// One of the three convolutions in Float32 as oneDNN computes it: created with the kernel that it belongs to, and destroyed
/// with it.
///
/// It runs on as many threads as BLAS had when it was prepared. The library's count is that of the calling thread, so it is
/// set before every run; runs side by side don't disturb each other.
final class DirectConvolution {
  /// Which of the three tensors is computed from the two others.
  enum Kind {
    case forward, byInput, byWeights
  }

  private let handle: UnsafeMutablePointer<landscape_convolution>

  /// `nil` for Float64, for an empty batch, and where the library has nothing for these extents.
  init?<S: Scalar>(_ kind: Kind, _ extents: ConvolutionExtents, _ type: S.Type) {
    guard type == Float.self, extents.images > 0 else { return nil }
    let window = extents.window
    var numbers = landscape_convolution_extents(
      images: Int64(extents.images), groups: Int64(extents.groups), channels: Int64(extents.channels),
      height: Int64(extents.height), width: Int64(extents.width), outputs: Int64(extents.outputs),
      output_height: Int64(extents.outputHeight), output_width: Int64(extents.outputWidth),
      kernel_height: Int64(window.kernel.height), kernel_width: Int64(window.kernel.width),
      stride_height: Int64(window.stride.height), stride_width: Int64(window.stride.width),
      top: Int64(window.padding.top), bottom: Int64(window.padding.bottom), left: Int64(window.padding.left),
      right: Int64(window.padding.right))
    let name =
      switch kind {
      case .forward: landscape_convolution_forward
      case .byInput: landscape_convolution_by_input
      case .byWeights: landscape_convolution_by_weights
      }
    var status: Int32 = 0
    guard let handle = landscape_convolution_create(name, &numbers, Int32(BLASThreads.count), &status) else {
      return nil
    }
    self.handle = handle
  }

  deinit { landscape_convolution_destroy(handle) }

  /// The scratch memory that a run takes, in Floats; at least 1, so that there always is some.
  var scratchCount: Int { max(1, landscape_convolution_scratch(handle) / MemoryLayout<Float>.stride) }

  /// Computes. All memory is of Floats, whatever the caller's generic type says; the tensor that is not computed is read.
  func run(input: UnsafeRawPointer, weights: UnsafeRawPointer, output: UnsafeRawPointer, scratch: UnsafeRawPointer) {
    let floats = { (pointer: UnsafeRawPointer) in
      UnsafeMutableRawPointer(mutating: pointer).assumingMemoryBound(to: Float.self)
    }
    let status = landscape_convolution_execute(
      handle, floats(input), floats(weights), floats(output), UnsafeMutableRawPointer(mutating: scratch))
    precondition(status == 0, "oneDNN can't convolve: \(String(cString: landscape_onednn_text(status)))")
  }
}
