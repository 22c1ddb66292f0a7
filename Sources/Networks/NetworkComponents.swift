public import Components

/// What can be picked here, for lists and for the tests that go through all of it.
public enum NetworkComponents {
  /// The layers.
  public static let layers: [Component] = [
    Dense.component, Flatten.component, Activation.component, Sequential.component, Residual.component,
    Recurrent.component,
  ]
  /// The laws of first weights.
  public static let initializers: [Component] = Initializer.allCases.map(\.component)
  /// The architectures.
  public static let architectures: [Component] = Architecture.allCases.map(\.component)
  /// The losses.
  public static let losses: [Component] = Loss.allCases.map(\.component)
  /// All of them.
  public static let all = layers + architectures + initializers + losses
}
