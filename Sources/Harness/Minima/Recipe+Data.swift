public import Configuration
public import Datasets
internal import Tensors

/// What the outputs of a network are to become.
public enum LearningTarget: String, CaseIterable, Sendable {
  /// The set's classes, or its own real numbers.
  case given
  /// The inputs themselves, as autoencoders learn them.
  case inputs
}

/// A data set, how much of it is used, and what is done to it.
public struct DataSettings: Configurable {
  /// The set's name.
  public var name = "digits"
  /// The user's own file, for the name `file`.
  public var file: String?
  /// What its SHA-256 must be.
  public var sha256: String?
  /// How numbers become inputs.
  public var scaling = DatasetScaling.standardized
  /// The classes that are kept; all if empty.
  public var classes: [Int] = []
  /// Training examples, the same share of each class; `nil` for all.
  public var trainCount: Int?
  /// Training examples of each class; `nil` for all.
  public var perClass: Int?
  /// Test examples, the same share of each class; `nil` for all.
  public var testCount: Int?
  /// The share of false training labels.
  public var labelNoise = 0.0
  /// What outputs are to become.
  public var target = LearningTarget.given
  /// How training images are changed.
  public var augmentation = AugmentationSettings()
  /// The seed of what is random about the data.
  public var seed = 0
  /// The parameters of a law.
  public var synthetic = SyntheticSettings()

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("name", \.name, "The set; landscape data lists what is there.", allowed: DatasetCatalogue.names)
    Setting(
      "file", \.file,
      "For the name file: an HDF5 or NPZ file, or a folder of NPY files, with x_train, y_train, x_test and y_test.")
    Setting(
      "sha256", \.sha256,
      "What the SHA-256 of that file must be; null for that of the file as it is when runs "
        + "are planned, so that other content makes other runs.")
    Setting("scaling", \.scaling, "How the set's numbers become inputs.")
    Setting(
      "classes", \.classes, "The classes that are kept, renamed 0, 1, ... in this order; [] for all.",
      allowed: 0...65_535)
    Setting(
      "train_count", \.trainCount,
      "Training examples, every class in its share; null for all. Seeds of runs don't change which.",
      allowed: 1...1_000_000_000)
    Setting(
      "per_class", \.perClass, "Training examples of each class at most; null for all.", allowed: 1...1_000_000_000)
    Setting(
      "test_count", \.testCount, "Test examples, every class in its share; null for all.", allowed: 1...1_000_000_000)
    Setting(
      "label_noise", \.labelNoise,
      "The share of training labels that are replaced by one of the other classes, each with equal chance.",
      allowed: 0.0...1.0)
    Setting("target", \.target, "What is learned: what the set gives, or its inputs, as autoencoders do.")
    Setting(
      "seed", \.seed, "The seed of what is random about the data: subsets, false labels, synthetic sets.", allowed: 0...
    )
    Section(
      "augmentation", \.augmentation,
      "How the images of training batches are changed, anew in each epoch; evaluation sees them as they are.")
    Section("synthetic", \.synthetic, "The parameters of a synthetic set.")
  }

  /// The digest of the user's own file, if it can be read; if not, reading it is what fails.
  public mutating func pin(_ digests: inout [String: String]) {
    guard name == ArrayDataset.name, sha256 == nil, let file else { return }
    if let known = digests[file] {
      sha256 = known
    } else if let found = ArrayDataset.digest(path: file) {
      digests[file] = found
      sha256 = found
    }
  }

  /// What doesn't go together.
  public var conflict: String? {
    if name == ArrayDataset.name, file == nil { return "name is file, but no file is named" }
    if name != ArrayDataset.name, file != nil || sha256 != nil {
      return "file and sha256 go with name: file, not \(name)"
    }
    if let sha256, sha256.count != 64 || !sha256.allSatisfy({ $0.isASCII && $0.isHexDigit }) {
      return "sha256 is \(sha256), but a SHA-256 has 64 hexadecimal digits"
    }
    let isSynthetic = DatasetCatalogue.syntheticNames.contains(name)
    if !isSynthetic, synthetic != SyntheticSettings() {
      return "synthetic goes with \(DatasetCatalogue.syntheticNames.joined(separator: ", ")), not with \(name)"
    }
    if Set(classes).count != classes.count { return "classes names one twice" }
    if perClass != nil, trainCount != nil { return "train_count and per_class exclude each other" }
    let entry = DatasetCatalogue().entries.first { $0.name == name }
    return synthetic.conflict(for: name) ?? outline.flatMap { augmentationConflict($0.exampleShape) }
      ?? conflict("train_count", trainCount, isSynthetic ? synthetic.trainCount : entry?.trainCount, "training")
      ?? conflict("test_count", testCount, isSynthetic ? synthetic.testCount : entry?.testCount, "test")
      ?? entry?.classCount.flatMap { count in
        classes.first { $0 >= count }.map { "classes names \($0), but \(name) has the classes 0 to \(count - 1)" }
      }
  }

  private func conflict(_ key: String, _ wanted: Int?, _ there: Int?, _ part: String) -> String? {
    guard let wanted, let there, wanted > there else { return nil }
    return "\(key) is \(wanted), but \(name) has only \(there) \(part) examples"
  }

  /// Reads or draws the set and does to it what the settings say. Throws `DatasetError` when it isn't there or isn't what
  /// it should be, `ConfigurationError` when the settings ask for what it hasn't.
  public func load() throws -> SplitDataset {
    guard let memory = RehearsalMemory.current else { return try loaded() }
    return try memory.data(of: values.map { "\($0.key)=\($0.value)" }.joined(separator: " "), loaded)
  }

  private func loaded() throws -> SplitDataset {
    let key = Key(seed: UInt64(seed))
    var data = try whole(key)
    if !classes.isEmpty {
      try require(data.train.classCount > (classes.max() ?? 0), "has no class \(classes.max() ?? 0) for data.classes")
      data = SplitDataset(
        train: data.train.restricted(to: classes), test: data.test.restricted(to: classes), provenance: data.provenance)
      try require(data.train.count > 0 && data.test.count > 0, "has no examples of the classes \(classes)")
    }
    try require(trainCount, "train_count", ofThose: data.train, "training")
    try require(testCount, "test_count", ofThose: data.test, "test")
    if let trainCount, trainCount < data.train.count {
      data.train = data.train.stratifiedSample(trainCount, key: key.child("train_count"))
    }
    if let perClass { data.train = data.train.balancedSample(perClass: perClass, key: key.child("per_class")) }
    if let testCount, testCount < data.test.count {
      data.test = data.test.stratifiedSample(testCount, key: key.child("test_count"))
    }
    if labelNoise > 0 {
      try require(data.train.classCount > 1, "has no two classes, which data.label_noise needs")
      data = data.withFalseLabels(share: labelNoise, key: key.child("label_noise"))
    }
    if let conflict = augmentationConflict(data.train.exampleShape) {
      throw ConfigurationError(origin: nil, problem: .conflict(conflict))
    }
    return target == .inputs ? data.reconstructing : data
  }

  private func augmentationConflict(_ shape: Shape) -> String? {
    if augmentation.value.isIdentity { return nil }
    if target == .inputs { return "augmentation changes inputs, and target is inputs, which stay as they are" }
    guard shape.rank == 2 || shape.rank == 3 else {
      return "augmentation changes images, and the examples of \(name) have the shape \(shape)"
    }
    let limit = min(shape[0], shape[1]) - 1
    return augmentation.value.shift <= limit
      ? nil : "augmentation.shift is \(augmentation.value.shift), but images of shape \(shape) allow \(limit) at most"
  }

  /// The shape of an example, the number of outputs and that of training examples at most, as far as they are known before
  /// the data are read.
  var outline: (exampleShape: Shape, outputs: Int, trainCount: Int)? {
    let entry = DatasetCatalogue().entries.first { $0.name == name }
    guard let shape = synthetic.exampleShape(of: name) ?? entry?.exampleShape,
      let given = synthetic.outputCount(of: name) ?? entry?.classCount
    else { return nil }
    let classCount = classes.isEmpty ? given : classes.count
    let count = trainCount ?? perClass.map { $0 * classCount } ?? entry?.trainCount ?? synthetic.trainCount
    return (shape, target == .inputs ? shape.count : classCount, count)
  }

  /// The number of training examples at most, as far as it is known before the data are read.
  public var knownTrainCount: Int? { outline?.trainCount }

  private func whole(_ key: Key) throws -> SplitDataset {
    if let drawn = synthetic.split(name, key: key.child("synthetic")) { return drawn }
    guard name == ArrayDataset.name else { return try DatasetCatalogue().load(name, scaling: scaling) }
    return try ArrayDataset.load(path: file ?? "", sha256: sha256, scaling: scaling) { HDF5Arrays(path: $0) }
  }

  private func require(
    _ wanted: Int?, _ key: String, ofThose part: Dataset, _ kind: String
  ) throws(ConfigurationError) {
    guard let wanted else { return }
    try require(wanted <= part.count, "has only \(part.count) such \(kind) examples, and data.\(key) is \(wanted)")
  }

  private func require(_ condition: Bool, _ problem: String) throws(ConfigurationError) {
    if !condition { throw ConfigurationError(origin: nil, problem: .conflict("the data set \(name) \(problem)")) }
  }
}
