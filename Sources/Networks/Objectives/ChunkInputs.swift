import Differentiation
import Tensors

/// Where the inputs that every chunk's plan takes lie in memory. It keeps none of them alive.
struct ChunkInputs<S: Scalar> {
  let point: UnsafePointer<S>
  let features: UnsafePointer<S>
  let targets: UnsafePointer<S>
  let weight: UnsafePointer<S>
  var moments: UnsafePointer<S>?
  var words: UnsafePointer<S>?

  /// How many there are.
  var count: Int { 4 + (moments == nil ? 0 : 1) + (words == nil ? 0 : 1) }

  /// Binds them to a plan's first inputs, in the order of ``TracedChunk/inputs``.
  func bind(to workspace: Workspace<S>) {
    workspace.bind(input: 0, to: point)
    workspace.bind(input: 1, to: features)
    workspace.bind(input: 2, to: targets)
    workspace.bind(input: 3, to: weight)
    if let moments { workspace.bind(input: 4, to: moments) }
    if let words { workspace.bind(input: count - 1, to: words) }
  }
}
