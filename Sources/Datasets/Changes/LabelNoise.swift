public import Tensors

extension SplitDataset {
  /// The set with a share of false training labels (symmetric noise); test labels stay true.
  ///
  /// round(share n) rows, drawn without replacement, get one of the K - 1 other classes with equal chance each. Both the true
  /// and the false label stand in `provenance.falseLabels`. Needs two classes at least, and a share from 0 to 1.
  public func withFalseLabels(share: Double, key: Key) -> SplitDataset {
    precondition(share >= 0 && share <= 1, "a share of \(share) false labels")
    precondition(train.classCount > 1, "false labels need two classes, and \(name) has \(train.classCount)")
    let falseCount = Int((share * Double(train.count)).rounded())
    var rows = key.child("rows").generator()
    var draws = key.child("labels").generator()
    var labels = train.labels
    var changed: [FalseLabel] = []
    for row in rows.permutation(train.count).prefix(falseCount).sorted() {
      let draw = draws.integer(below: train.classCount - 1)
      let label = draw < labels[row] ? draw : draw + 1
      changed.append(FalseLabel(row: row, truth: labels[row], label: label))
      labels[row] = label
    }
    var noisy = self
    noisy.train = train.with(labels: labels, classCount: train.classCount)
    noisy.provenance.falseLabels = changed
    return noisy
  }
}
