public import Differentiation
import Tensors

/// The loss of each example, from the network's outputs [n, classes] and class indices [n]; objectives average it.
public enum Loss: String, CaseIterable, Codable, Sendable {
  /// -log softmax(outputs) at the label.
  case crossEntropy = "cross-entropy"
  /// The mean over outputs of (output - target)^2, the target being 1 for the label and 0 for the other classes.
  case meanSquaredError = "mean-squared-error"

  /// The losses, of shape [n].
  public func callAsFunction(_ outputs: Symbol, labels: Symbol) -> Symbol {
    let target = labels.oneHot(outputs.shape[1])
    return switch self {
    case .crossEntropy: -(target * outputs.logSoftmax()).sum(over: [1])
    case .meanSquaredError: (outputs - target).square().mean(over: [1])
    }
  }
}
