public import Configuration
public import Datasets
internal import Tensors

/// A data set and how much of it is used.
public struct DataSettings: Configurable {
  /// The set's name.
  public var name = "digits"
  /// How numbers become inputs.
  public var scaling = DatasetScaling.standardized
  /// Training examples, the same share of each class; `nil` for all.
  public var trainCount: Int?

  /// The defaults.
  public init() {}

  /// The documented settings.
  public static let schema = Schema<Self> {
    Setting("name", \.name, "The set; landscape data lists what is there.", allowed: DatasetCatalogue.names)
    Setting("scaling", \.scaling, "How the set's numbers become inputs.")
    Setting(
      "train_count", \.trainCount,
      "Training examples, every class in its share; null for all. Seeds don't change which.",
      allowed: 1...)
  }

  /// More examples than there are.
  public var conflict: String? {
    guard let trainCount, let entry = DatasetCatalogue().entries.first(where: { $0.name == name }),
      trainCount > entry.trainCount
    else { return nil }
    return "train_count is \(trainCount), but \(name) has only \(entry.trainCount) training examples"
  }

  /// Reads the set. Throws `DatasetError` when it isn't there or isn't what it should be.
  public func load() throws -> SplitDataset {
    var data = try DatasetCatalogue().load(name, scaling: scaling)
    if let trainCount, trainCount < data.train.count {
      data.train = data.train.stratifiedSample(trainCount, key: Key(seed: 0).child("train_count"))
    }
    return data
  }
}
