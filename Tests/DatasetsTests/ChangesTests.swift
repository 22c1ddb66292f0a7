import Datasets
import Tensors
import Testing

private let key = Key(seed: 8)

@Suite("Changes of data sets")
struct ChangesTests {
  private static func images(_ count: Int, _ shape: Shape) -> [Float] {
    (0..<count * shape.count).map { Float($0 + 1) }
  }

  private func changed(
    _ augmentation: Augmentation, _ shape: Shape, _ change: Augmenter.Change
  ) -> [Float] {
    let augmenter = Augmenter(augmentation, imageShape: shape, key: key)
    let image = Self.images(1, shape)
    var result = [Float](repeating: -1, count: shape.count)
    image.withUnsafeBufferPointer { image in
      result.withUnsafeMutableBufferPointer {
        augmenter.write(image.baseAddress!, to: $0.baseAddress!, changedBy: change)
      }
    }
    return result
  }

  @Test("an image is shifted with what stands beyond its border, and flipped after that")
  func cases() {
    // 1 2 3 4
    // 5 6 7 8
    // 9 10 11 12
    let shape: Shape = [3, 4, 1]
    let shift = Augmenter.Change(rows: 1, columns: -2, isFlipped: false)
    #expect(changed(Augmentation(shift: 2), shape, shift) == [0, 0, 5, 6, 0, 0, 9, 10, 0, 0, 0, 0])
    #expect(changed(Augmentation(shift: 2, padding: .edge), shape, shift) == [5, 5, 5, 6, 9, 9, 9, 10, 9, 9, 9, 10])
    #expect(
      changed(Augmentation(shift: 2, padding: .reflect), shape, shift) == [7, 6, 5, 6, 11, 10, 9, 10, 7, 6, 5, 6])
    let other = Augmenter.Change(rows: -1, columns: 2, isFlipped: false)
    #expect(changed(Augmentation(shift: 2), shape, other) == [0, 0, 0, 0, 3, 4, 0, 0, 7, 8, 0, 0])
    #expect(changed(Augmentation(shift: 2, padding: .reflect), shape, other) == [7, 8, 7, 6, 3, 4, 3, 2, 7, 8, 7, 6])
    let flip = Augmenter.Change(rows: -1, columns: 2, isFlipped: true)
    #expect(changed(Augmentation(shift: 2), shape, flip) == [0, 0, 0, 0, 0, 0, 4, 3, 0, 0, 8, 7])
    #expect(changed(Augmentation(shift: 2, padding: .edge), shape, flip) == [4, 4, 4, 3, 4, 4, 4, 3, 8, 8, 8, 7])
  }

  @Test("colours stay together")
  func colours() {
    let flip = Augmenter.Change(rows: 0, columns: 1, isFlipped: true)
    #expect(changed(Augmentation(shift: 1), [2, 3, 2], flip) == [0, 0, 5, 6, 3, 4, 0, 0, 11, 12, 9, 10])
    let shift = Augmenter.Change(rows: 0, columns: 1, isFlipped: false)
    #expect(changed(Augmentation(shift: 1), [2, 3, 2], shift) == [3, 4, 5, 6, 0, 0, 9, 10, 11, 12, 0, 0])
  }

  @Test(
    "a batch depends on key, epoch and each image's number, not on the company",
    arguments: [Augmentation.Padding.zero, .reflect])
  func batches(padding: Augmentation.Padding) {
    let shape: Shape = [5, 4, 3]
    let augmenter = Augmenter(Augmentation(shift: 2, padding: padding, flips: true), imageShape: shape, key: key)
    let images = Self.images(9, shape).map(Double.init)
    func gathered(_ chosen: [Int], _ epoch: Int, _ augmenter: Augmenter) -> [[Double]] {
      var batch = [Double](repeating: -1, count: chosen.count * shape.count)
      images.withUnsafeBufferPointer { images in
        batch.withUnsafeMutableBufferPointer {
          augmenter.gather(chosen[...], epoch: epoch, from: images.baseAddress!, into: $0.baseAddress!)
        }
      }
      return chosen.indices.map { Array(batch[$0 * shape.count..<($0 + 1) * shape.count]) }
    }
    let some = gathered([3, 7, 1], 4, augmenter)
    let all = gathered(Array(0..<9), 4, augmenter)
    #expect(some == [all[3], all[7], all[1]])
    #expect(gathered(Array(0..<9), 5, augmenter) != all)
    let otherKey = Augmenter(augmenter.augmentation, imageShape: shape, key: Key(seed: 9))
    #expect(gathered(Array(0..<9), 4, otherKey) != all)
    let none = Augmenter(Augmentation(), imageShape: shape, key: key)
    #expect(gathered([2], 0, none)[0] == Array(images[2 * 60..<3 * 60]))
  }

  @Test("every shift comes equally often, and flips half the time")
  func law() {
    let augmenter = Augmenter(Augmentation(shift: 1, flips: true), imageShape: [3, 3, 1], key: key)
    var counts: [String: Int] = [:]
    for example in 0..<3600 {
      let change = augmenter.change(of: example, epoch: 2)
      counts["\(change.rows) \(change.columns) \(change.isFlipped)", default: 0] += 1
    }
    #expect(counts.count == 18)
    // 200 each, with a deviation of 14.
    #expect(counts.values.allSatisfy { abs($0 - 200) < 60 })
  }

  private static let set = SplitDataset(
    train: Dataset(
      name: "set", exampleShape: [1], classCount: 3, inputs: (0..<30).map { Float($0) }, labels: (0..<30).map { $0 % 3 }
    ),
    test: Dataset(name: "set", exampleShape: [1], classCount: 3, inputs: [0], labels: [0]),
    provenance: Provenance(title: "", citation: "", licence: "", checksums: [:]))

  @Test("exactly the share of labels is false, uniform over the other classes, and both labels are recorded")
  func labelNoise() {
    let noisy = Self.set.withFalseLabels(share: 0.4, key: key)
    let changed = Self.set.train.labels.indices.filter { noisy.train.labels[$0] != Self.set.train.labels[$0] }
    #expect(changed.count == 12 && noisy.provenance.falseLabels.map(\.row) == changed)
    for label in noisy.provenance.falseLabels {
      #expect(label.truth == Self.set.train.labels[label.row] && label.label == noisy.train.labels[label.row])
    }
    #expect(noisy.test == Self.set.test && noisy.train.inputs == Self.set.train.inputs)
    #expect(noisy == Self.set.withFalseLabels(share: 0.4, key: key))
    #expect(noisy != Self.set.withFalseLabels(share: 0.4, key: Key(seed: 3)))
    var pairs: [Int: Int] = [:]
    for seed in 0..<100 {
      for label in Self.set.withFalseLabels(share: 1, key: Key(seed: UInt64(seed))).provenance.falseLabels {
        pairs[3 * label.truth + label.label, default: 0] += 1
      }
    }
    // 3,000 false labels on six pairs: 500 each, with a deviation of 16.
    #expect(pairs.count == 6 && pairs.values.allSatisfy { abs($0 - 500) < 80 })
  }

  @Test("a balanced sample has as many of each class, a restriction renames classes, and targets go along")
  func subsets() {
    let targets = Tensor((0..<60).map { Float($0) }, shape: [30, 2])
    let train = Self.set.train.with(targets: targets)
    let balanced = train.balancedSample(perClass: 4, key: key)
    #expect((0..<3).map { label in balanced.labels.count { $0 == label } } == [4, 4, 4])
    #expect(balanced.inputs == balanced.inputs.sorted())
    #expect(balanced.targets?.elements == balanced.inputs.flatMap { [2 * $0, 2 * $0 + 1] })
    #expect(train.balancedSample(perClass: 99, key: key) == train)
    let restricted = train.restricted(to: [2, 0])
    #expect(restricted.classCount == 2 && restricted.count == 20)
    #expect((0..<20).allSatisfy { (Int(restricted.inputs[$0]) % 3 == 2) == (restricted.labels[$0] == 0) })
    let real = Dataset(name: "real", exampleShape: [2], inputs: (0..<60).map { Float($0) }, targets: targets)
    #expect(real.count == 30 && real.outputCount == 2)
    let sample = real.stratifiedSample(7, key: key)
    #expect(sample.count == 7 && sample.targets?.elements == sample.inputs)
    #expect(real.reconstructing.targets == Tensor(real.inputs, shape: [30, 2]))
  }

  @Test("channels may each have mean 0 and deviation 1, by the training part")
  func scaling() throws {
    let loaded = try ArrayDataset.load(Colours(), scaling: .standardizedChannels)
    #expect(loaded.train.inputs == [-1, -1, 1, 1] && loaded.test.inputs == [0, 3])
    let whole = try ArrayDataset.load(Colours(), scaling: .standardized)
    #expect(whole.train.inputs.reduce(0, +) == 0 && whole.train.inputs[0] != -1)
  }

  /// Two examples of one pixel with two colours each, and one to test.
  private struct Colours: ArraySource {
    let path = "colours"
    func array(named name: String) -> StoredArray? {
      switch name {
      case "x_train": StoredArray(shape: [2, 1, 1, 2], kind: .reals, values: [1, 10, 3, 30])
      case "x_test": StoredArray(shape: [1, 1, 1, 2], kind: .reals, values: [2, 50])
      case "y_train": StoredArray(shape: [2], kind: .integers, values: [0, 1])
      default: StoredArray(shape: [1], kind: .integers, values: [1])
      }
    }
  }
}
