public import Tensors

extension Dataset {
  /// The examples in `rows`, in that order.
  public func subset(rows: [Int]) -> Dataset {
    var chosen: [Float] = []
    chosen.reserveCapacity(rows.count * featureCount)
    for row in rows { chosen.append(contentsOf: self[row]) }
    let chosenTargets = targets.map { targets in
      let width = targets.shape[1]
      return Tensor(
        rows.flatMap { targets.elements[$0 * width..<($0 + 1) * width] }, shape: [rows.count, width])
    }
    if classCount == 0, let chosenTargets {
      return Dataset(name: name, exampleShape: exampleShape, inputs: chosen, targets: chosenTargets)
    }
    return Dataset(
      name: name, exampleShape: exampleShape, classCount: classCount, inputs: chosen, labels: rows.map { labels[$0] },
      targets: chosenTargets)
  }

  /// The first `count` examples.
  public func prefix(_ count: Int) -> Dataset {
    precondition(count >= 0 && count <= self.count, "the first \(count) of \(self.count) examples of \(name)")
    return subset(rows: Array(0..<count))
  }

  /// `count` examples drawn without replacement so that each class keeps its share, in ascending order of rows.
  ///
  /// A class with n_k of n examples gives floor(count n_k / n); what is left goes to the largest remainders, the lower
  /// class first. Of a set without classes any `count` examples are drawn.
  public func stratifiedSample(_ count: Int, key: Key) -> Dataset {
    precondition(count >= 0 && count <= self.count, "a sample of \(count) out of \(self.count) examples of \(name)")
    let members = members
    let total = max(self.count, 1)
    var shares = members.map { count * $0.count / total }
    let byRemainder = members.indices.sorted { first, second in
      let (a, b) = (count * members[first].count % total, count * members[second].count % total)
      return a == b ? first < second : a > b
    }
    for label in byRemainder.prefix(count - shares.reduce(0, +)) { shares[label] += 1 }
    return sample(shares, of: members, key: key)
  }

  /// `perClass` examples of each class drawn without replacement, in ascending order of rows; of a class that has fewer,
  /// all.
  public func balancedSample(perClass: Int, key: Key) -> Dataset {
    precondition(perClass >= 0, "a sample of \(perClass) examples of each class")
    let members = members
    return sample(members.map { min($0.count, perClass) }, of: members, key: key)
  }

  /// The examples of these classes, labelled 0 ..< classes.count in their order.
  public func restricted(to classes: [Int]) -> Dataset {
    precondition(
      Set(classes).count == classes.count && classes.allSatisfy { $0 >= 0 && $0 < classCount },
      "the classes \(classes) are not different ones of the \(classCount) of \(name)")
    var renamed = [Int?](repeating: nil, count: classCount)
    for (new, old) in classes.enumerated() { renamed[old] = new }
    let chosen = subset(rows: labels.indices.filter { renamed[labels[$0]] != nil })
    return chosen.with(labels: chosen.labels.compactMap { renamed[$0] }, classCount: classes.count)
  }

  /// The rows of each class; a set without classes counts as one.
  private var members: [[Int]] {
    guard classCount > 0 else { return [Array(0..<count)] }
    var members = [[Int]](repeating: [], count: classCount)
    for (row, label) in labels.enumerated() { members[label].append(row) }
    return members
  }

  private func sample(_ shares: [Int], of members: [[Int]], key: Key) -> Dataset {
    let rows = members.indices.flatMap { label in
      var generator = key.child("class").child(label).generator()
      return generator.permutation(members[label].count).prefix(shares[label]).map { members[label][$0] }
    }
    return subset(rows: rows.sorted())
  }
}
