import Datasets
import Tensors
import Testing

@Suite("Data sets")
struct DatasetTests {
  private static let small = Dataset(
    name: "small", exampleShape: [1, 2], classCount: 3, inputs: (0..<20).map { Float($0) },
    labels: [0, 1, 0, 2, 0, 1, 0, 0, 1, 0])

  @Test("features are the rows, in either precision")
  func features() {
    let doubles: Tensor<Double> = Self.small.features()
    #expect(doubles.shape == [10, 2])
    #expect(doubles[3, 1] == 7)
    #expect(Self.small.features(as: Float.self).elements == Self.small.inputs)
    #expect(Array(Self.small[9]) == [18, 19])
  }

  @Test("a subset keeps each row with its label")
  func subset() {
    let subset = Self.small.subset(rows: [3, 8, 3])
    #expect(subset.inputs == [6, 7, 16, 17, 6, 7])
    #expect(subset.labels == [2, 1, 2])
    #expect(Self.small.prefix(4) == Self.small.subset(rows: [0, 1, 2, 3]))
  }

  @Test("a stratified sample has each class's share, largest remainders first, and depends on its key alone")
  func stratified() {
    let sample = Self.small.stratifiedSample(5, key: Key(seed: 3))
    // Shares 3, 1.5, 0.5 of classes with 6, 3 and 1 members: the odd one goes to the lower class.
    #expect([0, 1, 2].map { label in sample.labels.count { $0 == label } } == [3, 2, 0])
    #expect(sample == Self.small.stratifiedSample(5, key: Key(seed: 3)))
    #expect((4..<12).contains { Self.small.stratifiedSample(5, key: Key(seed: $0)) != sample })
    let rows = (0..<5).map { Int(sample[$0].first!) / 2 }
    #expect(rows == Set(rows).sorted())
    #expect(rows.map { Self.small.labels[$0] } == sample.labels)
    #expect(Self.small.stratifiedSample(10, key: Key(seed: 0)) == Self.small)
  }
}
