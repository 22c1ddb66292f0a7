import Datasets
import Foundation
import Tensors
import Testing

@Suite("mnist1d")
struct MNIST1DTests {
  private struct Fixture: Decodable {
    let labels: [Int]
    let rows: [Int]
    let inputs: [[Double]]
  }

  @Test("the generated set is the published one: its first labels and values")
  func published() {
    let (inputs, labels) = MNIST1D.generate()
    #expect(labels.prefix(10) == [2, 6, 4, 5, 6, 6, 6, 0, 3, 1])
    for (value, expected) in zip(inputs, [-0.33200567, -0.47191037, -0.77869708]) {
      #expect(abs(value - expected) < 5e-9)
    }
  }

  @Test("it agrees with NumPy's generators, shuffle and interpolation to rounding")
  func numpy() throws {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/mnist1d", withExtension: "json"))
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    let (inputs, labels) = MNIST1D.generate()
    #expect(labels == fixture.labels)
    for (row, expected) in zip(fixture.rows, fixture.inputs) {
      for (value, wanted) in zip(inputs[row * 40..<(row + 1) * 40], expected) { #expect(abs(value - wanted) < 1e-13) }
    }
  }

  @Test("the catalogue's set is its first 4,000 and last 1,000 rows")
  func parts() throws {
    let set = try DatasetCatalogue(onlyFolders: []).load("mnist1d", scaling: .raw)
    let (inputs, labels) = MNIST1D.generate()
    #expect(set.train.inputs + set.test.inputs == inputs.map { Float($0) })
    #expect(set.train.labels + set.test.labels == labels)
    #expect(set.train.count == 4_000)
    #expect(set.test.exampleShape == [40])
    let unit = try DatasetCatalogue(onlyFolders: []).load("mnist1d", scaling: .unit)
    #expect(unit.train.inputs.map(abs).max() == 1)
  }
}
