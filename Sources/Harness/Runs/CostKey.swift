public import Configuration
public import Networks

extension Configurable {
  /// The same for settings with which work takes the same time: all but those that change numbers only, such as learning
  /// rates and seeds.
  public var costKey: String { values.costKey }
}

extension Recipe {
  /// The same for recipes whose objective, and what is measured of it, take the same time at a point.
  public func evaluationCost(of network: Network) -> String {
    let batches = network.statisticsCount > 0 ? "\(batchSize ?? 0)" : "any"
    return "\(self.network.costKey) \(data.costKey) loss=\(loss) l2=\(l2 > 0) batches=\(batches)"
  }
}

extension [KeyedValue] {
  /// All settings but those that change numbers and not the work.
  var costKey: String { joined { !$0 } }
  /// Those.
  var freeKey: String { joined { $0 } }

  private func joined(_ isWanted: (_ isFree: Bool) -> Bool) -> String {
    let free: Set<Substring> = ["learning_rate", "weight_decay", "momentum", "label_noise", "seed"]
    return filter { isWanted(free.contains($0.key.split(separator: ".").last ?? "")) }
      .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }
}
