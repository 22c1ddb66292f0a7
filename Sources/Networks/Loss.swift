public import Components
public import Differentiation
import Tensors

/// The loss of each example, from the network's outputs f [n, k] and targets t [n, k]; objectives average it.
///
/// The target of a class label is 1 for the label and 0 for the other classes. With label smoothing s it is 1 - s + s/k for
/// the label and s/k for the others (Szegedy et al. 2016). A network with one output has two classes, and the target is the
/// label, 0 or 1 (1 - s/2 and s/2).
public enum Loss: String, CaseIterable, Codable, Sendable {
  /// -sum_j t_j log softmax(f)_j.
  case crossEntropy = "cross-entropy"
  /// mean_j (f_j - t_j)^2.
  case meanSquaredError = "mean-squared-error"
  /// sum_j log(1 + exp(f_j)) - t_j f_j: the binary cross entropy of each output on its own, one against the rest.
  case logistic
  /// max_j (f_j + 1 - t_j) - sum_j t_j f_j (Crammer & Singer 2001): 0 where the label's output is ahead of all others by 1.
  /// With one output, max(0, 1 - z f), z = 2t - 1. Where several attain the maximum, the derivative is their mean.
  case hinge

  /// The losses of class labels, of shape [n].
  public func callAsFunction(_ outputs: Symbol, labels: Symbol, smoothing: Double = 0) -> Symbol {
    let width = outputs.shape[1]
    let sharp = width == 1 ? labels.reshaped(to: [labels.shape[0], 1]) : labels.oneHot(width)
    return self(outputs, targets: (1 - smoothing) * sharp + smoothing / Double(max(2, width)))
  }

  /// The losses of targets of the outputs' shape [n, k], of shape [n].
  public func callAsFunction(_ outputs: Symbol, targets: Symbol) -> Symbol {
    switch self {
    case .crossEntropy: return -(targets * outputs.logSoftmax()).sum(over: [1])
    case .meanSquaredError: return (outputs - targets).square().mean(over: [1])
    case .logistic: return (outputs.softplus() - targets * outputs).sum(over: [1])
    case .hinge:
      if outputs.shape[1] == 1 { return (1 - (2 * targets - 1) * outputs).relu().sum(over: [1]) }
      return (outputs + (1 - targets)).maximumOfRows() - (targets * outputs).sum(over: [1])
    }
  }
}

extension Loss {
  /// The unit of the loss and of every difference of losses: `nat` for cross entropies, logarithms of likelihoods that they
  /// are, and `1` for others.
  public var unit: String {
    switch self {
    case .crossEntropy, .logistic: "nat"
    case .meanSquaredError, .hinge: "1"
    }
  }

  /// Its description.
  public var component: Component {
    let smoothing = Component.Setting(
      "label_smoothing", "s, the share of the target that goes to all classes alike", allowed: "0 <= s < 1",
      default: "0")
    return switch self {
    case .crossEntropy:
      Component(
        .loss, rawValue, "-sum_j t_j log softmax(f)_j", settings: [smoothing], references: [.szegedy2016])
    case .meanSquaredError:
      Component(.loss, rawValue, "mean_j (f_j - t_j)^2", settings: [smoothing])
    case .logistic:
      Component(.loss, rawValue, "sum_j log(1 + exp(f_j)) - t_j f_j", settings: [smoothing])
    case .hinge:
      Component(
        .loss, rawValue, "max_j (f_j + 1 - t_j) - sum_j t_j f_j", settings: [smoothing], references: [.crammer2001])
    }
  }
}
