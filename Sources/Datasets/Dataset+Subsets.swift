public import Tensors

extension Dataset {
  /// The examples in `rows`, in that order.
  public func subset(rows: [Int]) -> Dataset {
    var chosen: [Float] = []
    chosen.reserveCapacity(rows.count * featureCount)
    for row in rows { chosen.append(contentsOf: self[row]) }
    return Dataset(
      name: name, exampleShape: exampleShape, classCount: classCount, inputs: chosen, labels: rows.map { labels[$0] })
  }

  /// The first `count` examples.
  public func prefix(_ count: Int) -> Dataset {
    precondition(count >= 0 && count <= self.count, "the first \(count) of \(self.count) examples of \(name)")
    return Dataset(
      name: name, exampleShape: exampleShape, classCount: classCount,
      inputs: Array(inputs.prefix(count * featureCount)), labels: Array(labels.prefix(count)))
  }

  /// `count` examples drawn without replacement so that each class keeps its share, in ascending order of rows.
  ///
  /// A class with n_k of n examples gives floor(count n_k / n); what is left goes to the largest remainders, the lower
  /// class first.
  public func stratifiedSample(_ count: Int, key: Key) -> Dataset {
    precondition(count >= 0 && count <= self.count, "a sample of \(count) out of \(self.count) examples of \(name)")
    var members = [[Int]](repeating: [], count: classCount)
    for (row, label) in labels.enumerated() { members[label].append(row) }
    let total = max(self.count, 1)
    var shares = members.map { count * $0.count / total }
    let byRemainder = (0..<classCount).sorted { first, second in
      let (a, b) = (count * members[first].count % total, count * members[second].count % total)
      return a == b ? first < second : a > b
    }
    for label in byRemainder.prefix(count - shares.reduce(0, +)) { shares[label] += 1 }
    let rows = (0..<classCount).flatMap { label in
      var generator = key.child("class").child(label).generator()
      return generator.permutation(members[label].count).prefix(shares[label]).map { members[label][$0] }
    }
    return subset(rows: rows.sorted())
  }
}
