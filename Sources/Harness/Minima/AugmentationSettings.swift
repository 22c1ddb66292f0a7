public import Configuration
public import Datasets

/// How training images are changed from epoch to epoch.
public struct AugmentationSettings: Configurable {
  /// The change.
  public var value = Augmentation()

  /// The defaults: none.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting(
      "shift", \.value.shift,
      "The largest random shift of a training image along each axis; a random crop after padding by as much is the same.",
      allowed: 0...10_000, units: "pixels")
    Setting(
      "padding", \.value.padding, "What comes in from beyond the border: 0 of the scaled inputs, its pixels, a mirror.")
    Setting("flip", \.value.flips, "Whether a training image is mirrored left to right, half of the time.")
  }
}
