public import Tensors

/// Random changes of training images that keep their class: a shift, and a horizontal flip.
///
/// A random crop of the image's own size out of the image padded by p pixels on every side (He et al. 2016: p = 4) is a shift
/// by up to p pixels.
public struct Augmentation: Sendable, Hashable {
  /// What stands beyond an image's border.
  public enum Padding: String, CaseIterable, Sendable {
    /// 0 of the scaled inputs: black for `unit`, the mean for `standardized`.
    case zero
    /// The border's own pixels.
    case edge
    /// The pixels mirrored about the border's: ... 2 1 | 0 1 2 ...
    case reflect
  }

  /// The largest shift in pixels: each axis is shifted by an independent uniform integer from -shift to shift.
  public var shift: Int
  /// What comes in from outside.
  public var padding: Padding
  /// Whether an image is mirrored left to right, with chance 1/2.
  public var flips: Bool

  /// An augmentation; by default it changes nothing.
  public init(shift: Int = 0, padding: Padding = .zero, flips: Bool = false) {
    precondition(shift >= 0, "a shift by up to \(shift) pixels")
    self.shift = shift
    self.padding = padding
    self.flips = flips
  }

  /// Whether every image stays as it is.
  public var isIdentity: Bool { shift == 0 && !flips }
}

/// Copies chosen images into a batch and changes each on the way, in one pass and without allocating.
///
/// How an image is changed depends on the key, the epoch and the image's number alone: not on the batch that it is in, nor
/// on what was drawn before, so that a resumed training sees the same images.
public struct Augmenter: Sendable {
  /// What is done.
  public let augmentation: Augmentation
  /// Height, width and channels.
  public let imageShape: Shape
  private let key: Key
  private let height: Int
  private let width: Int
  private let channels: Int

  /// An augmenter for images [height, width, channels], whose axes must be longer than the largest shift.
  public init(_ augmentation: Augmentation, imageShape: Shape, key: Key) {
    precondition(imageShape.rank == 3, "examples of shape \(imageShape) are no images [height, width, channels]")
    precondition(
      augmentation.shift < min(imageShape[0], imageShape[1]),
      "a shift by up to \(augmentation.shift) pixels of images of shape \(imageShape)")
    self.augmentation = augmentation
    self.imageShape = imageShape
    self.key = key.child("augmentation")
    height = imageShape[0]
    width = imageShape[1]
    channels = imageShape[2]
  }

  /// What happens to one image: its pixel (y, x) is the original's (y + rows, x + columns), and then it may be flipped.
  package struct Change: Equatable {
    package var rows: Int
    package var columns: Int
    package var isFlipped: Bool

    package init(rows: Int, columns: Int, isFlipped: Bool) {
      self.rows = rows
      self.columns = columns
      self.isFlipped = isFlipped
    }
  }

  /// The change of an image in an epoch.
  package func change(of example: Int, epoch: Int) -> Change { change(example, key.child(epoch)) }

  private func change(_ example: Int, _ epochKey: Key) -> Change {
    var generator = epochKey.child(example).generator()
    let shift = augmentation.shift
    return Change(
      rows: shift == 0 ? 0 : generator.integer(below: 2 * shift + 1) - shift,
      columns: shift == 0 ? 0 : generator.integer(below: 2 * shift + 1) - shift,
      isFlipped: augmentation.flips && generator.sign() < 0)
  }

  /// Writes the changed images of the chosen examples one after the other; `images` holds all examples.
  @specialized(where S == Float) @specialized(where S == Double)
  public func gather<S: Scalar>(
    _ chosen: ArraySlice<Int>, epoch: Int, from images: UnsafePointer<S>, into batch: UnsafeMutablePointer<S>
  ) {
    let size = height * width * channels
    let epochKey = key.child(epoch)
    var target = batch
    for example in chosen {
      write(images + example * size, to: target, changedBy: change(example, epochKey))
      target += size
    }
  }

  /// Writes one changed image.
  @specialized(where S == Float) @specialized(where S == Double)
  package func write<S: Scalar>(
    _ source: UnsafePointer<S>, to target: UnsafeMutablePointer<S>, changedBy change: Change
  ) {
    let rowLength = width * channels
    // The columns whose originals lie inside the image.
    let inside = max(0, -change.columns)..<min(width, width - change.columns)
    for row in 0..<height {
      let to = target + row * rowLength
      guard let sourceRow = place(row + change.rows, height) else {
        to.update(repeating: 0, count: rowLength)
        continue
      }
      let from = source + sourceRow * rowLength
      if change.isFlipped {
        for column in 0..<width { copy(from, column + change.columns, to: to + (width - 1 - column) * channels) }
      } else {
        for column in 0..<inside.lowerBound { copy(from, column + change.columns, to: to + column * channels) }
        (to + inside.lowerBound * channels).update(
          from: from + (inside.lowerBound + change.columns) * channels, count: inside.count * channels)
        for column in inside.upperBound..<width { copy(from, column + change.columns, to: to + column * channels) }
      }
    }
  }

  @inline(__always)
  private func copy<S: Scalar>(_ row: UnsafePointer<S>, _ column: Int, to pixel: UnsafeMutablePointer<S>) {
    guard let column = place(column, width) else {
      for channel in 0..<channels { pixel[channel] = 0 }
      return
    }
    for channel in 0..<channels { pixel[channel] = row[column * channels + channel] }
  }

  /// Which pixel of an axis stands at an index that may lie outside; `nil` where it is zero.
  @inline(__always)
  private func place(_ index: Int, _ extent: Int) -> Int? {
    if index >= 0 && index < extent { return index }
    switch augmentation.padding {
    case .zero: return nil
    case .edge: return index < 0 ? 0 : extent - 1
    case .reflect: return index < 0 ? -index : 2 * (extent - 1) - index
    }
  }
}
