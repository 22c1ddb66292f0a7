public import Tensors

/// Which examples each step sees: every epoch a new random order of them all, cut into batches.
///
/// The order of epoch e comes from `key.child("epoch").child(e)` alone, so the batches at a position don't depend on how
/// it was reached: a decoded or moved sampler goes on bit for bit. A step allocates nothing.
///
///     var sampler = BatchSampler(exampleCount: 3_823, batchSize: 32, key: key.child("batches"))
///     objective.gradient(at: point, examples: sampler.current, into: &gradient)
///     sampler.advance()
public struct BatchSampler: Sendable, Hashable {
  /// A place in the sequence of batches.
  public struct Position: Sendable, Hashable, Codable {
    /// The number of whole passes over the examples before this batch.
    public var epoch: Int
    /// The batch's number within its epoch.
    public var batch: Int

    /// Creates a position; the default is the start.
    public init(epoch: Int = 0, batch: Int = 0) {
      self.epoch = epoch
      self.batch = batch
    }
  }

  /// The number of examples to choose from.
  public let exampleCount: Int
  /// The number of examples in a batch (the last one of an epoch may have fewer).
  public let batchSize: Int
  /// Whether the epoch's last, smaller batch is used; otherwise its examples are left out of that epoch.
  public let keepsPartialBatch: Bool
  /// What the orders are drawn with.
  public let key: Key
  /// Where the sampler stands.
  public private(set) var position: Position
  private var order: [Int]

  /// Creates a sampler at `position`. A batch larger than the set needs `keepsPartialBatch`, and is then the whole set.
  public init(
    exampleCount: Int, batchSize: Int, key: Key, keepsPartialBatch: Bool = true, position: Position = Position()
  ) {
    precondition(exampleCount > 0 && batchSize > 0, "batches of \(batchSize) out of \(exampleCount) examples")
    precondition(
      keepsPartialBatch || batchSize <= exampleCount,
      "\(exampleCount) examples make no whole batch of \(batchSize); keep the partial batch")
    self.exampleCount = exampleCount
    self.batchSize = batchSize
    self.key = key
    self.keepsPartialBatch = keepsPartialBatch
    self.position = position
    order = [Int](repeating: 0, count: exampleCount)
    checkPosition()
    shuffle()
  }

  /// The number of batches in an epoch.
  public var batchesPerEpoch: Int {
    keepsPartialBatch ? (exampleCount + batchSize - 1) / batchSize : exampleCount / batchSize
  }

  /// The examples of the batch at the present position. Let go of the slice before `advance()`, or that copies.
  public var current: ArraySlice<Int> {
    let start = position.batch * batchSize
    return order[start..<min(start + batchSize, exampleCount)]
  }

  /// Goes on to the next batch.
  public mutating func advance() {
    position.batch += 1
    guard position.batch == batchesPerEpoch else { return }
    position = Position(epoch: position.epoch + 1)
    shuffle()
  }

  /// Goes to any position, forward or back.
  public mutating func move(to position: Position) {
    let needsShuffle = position.epoch != self.position.epoch
    self.position = position
    checkPosition()
    if needsShuffle { shuffle() }
  }

  private func checkPosition() {
    precondition(
      position.epoch >= 0 && position.batch >= 0 && position.batch < batchesPerEpoch,
      "epoch \(position.epoch), batch \(position.batch) is no position among \(batchesPerEpoch) batches an epoch")
  }

  /// Writes the present epoch's order over the buffer (Fisher-Yates from the identity).
  private mutating func shuffle() {
    var generator = key.child("epoch").child(position.epoch).generator()
    order.withUnsafeMutableBufferPointer { order in
      for index in order.indices { order[index] = index }
      for last in stride(from: order.count - 1, to: 0, by: -1) {
        order.swapAt(last, generator.integer(below: last + 1))
      }
    }
  }
}

extension BatchSampler: Codable {
  private enum CodingKeys: CodingKey { case exampleCount, batchSize, keepsPartialBatch, key, position }

  /// Encodes all but the order, which the position gives back.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(exampleCount, forKey: .exampleCount)
    try container.encode(batchSize, forKey: .batchSize)
    try container.encode(keepsPartialBatch, forKey: .keepsPartialBatch)
    try container.encode(key, forKey: .key)
    try container.encode(position, forKey: .position)
  }

  /// Decodes a sampler that goes on where the encoded one stood; throws `DecodingError` for an impossible position.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let exampleCount = try container.decode(Int.self, forKey: .exampleCount)
    let batchSize = try container.decode(Int.self, forKey: .batchSize)
    let keepsPartialBatch = try container.decode(Bool.self, forKey: .keepsPartialBatch)
    let position = try container.decode(Position.self, forKey: .position)
    guard exampleCount > 0, batchSize > 0, keepsPartialBatch || batchSize <= exampleCount, position.epoch >= 0,
      position.batch >= 0, position.batch < (exampleCount + batchSize - 1) / batchSize,
      keepsPartialBatch || position.batch < exampleCount / batchSize
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .position, in: container,
        debugDescription: "epoch \(position.epoch), batch \(position.batch) of \(batchSize) out of \(exampleCount) "
          + "examples is no position of a sampler")
    }
    self.init(
      exampleCount: exampleCount, batchSize: batchSize, key: try container.decode(Key.self, forKey: .key),
      keepsPartialBatch: keepsPartialBatch, position: position)
  }
}
