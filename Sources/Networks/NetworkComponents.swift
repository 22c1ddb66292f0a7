public import Components

/// What can be picked here, for lists and for the tests that go through all of it.
public enum NetworkComponents {
  /// The layers.
  public static let layers: [Component] = [
    Dense.component, Convolution.component, Pooling.component, GlobalPooling.component, Flatten.component,
    Activation.component, Normalization.component, SwitchableNormalization.component, WeightNormalized.component,
    SpectrallyNormalized.component, Dropout.component, ScalarBias.component, ScalarScale.component, Recurrent.component,
    Residual.component, PaddedShortcut.component, Sequential.component,
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
