import Datasets
import Foundation
import Tensors
import Testing

@Suite("Batch sampling")
struct BatchSamplerTests {
  private func sampler(_ count: Int, _ size: Int, seed: Int = 1, partial: Bool = true) -> BatchSampler {
    BatchSampler(
      exampleCount: count, batchSize: size, key: Key(seed: UInt64(seed)).child("batches"), keepsPartialBatch: partial)
  }

  private func take(_ count: Int, from sampler: inout BatchSampler) -> [[Int]] {
    (0..<count).map { _ in
      defer { sampler.advance() }
      return Array(sampler.current)
    }
  }

  @Test("an epoch visits every example once, the last batch being what is left")
  func epoch() {
    var sampler = sampler(23, 5)
    #expect(sampler.batchesPerEpoch == 5)
    let epochs = [take(5, from: &sampler), take(5, from: &sampler)]
    for batches in epochs {
      #expect(batches.map(\.count) == [5, 5, 5, 5, 3])
      #expect(batches.flatMap { $0 }.sorted() == Array(0..<23))
    }
    #expect(epochs[0] != epochs[1])
    #expect(sampler.position == .init(epoch: 2, batch: 0))
  }

  @Test("without the partial batch every batch is whole and no example comes twice in an epoch")
  func wholeBatches() {
    var sampler = sampler(23, 5, partial: false)
    #expect(sampler.batchesPerEpoch == 4)
    let batches = take(4, from: &sampler)
    #expect(batches.allSatisfy { $0.count == 5 })
    #expect(Set(batches.flatMap { $0 }).count == 20)
    #expect(sampler.position.epoch == 1)
  }

  @Test("a batch larger than the set is the set")
  func largeBatch() {
    var sampler = sampler(4, 9)
    #expect(take(1, from: &sampler)[0].sorted() == [0, 1, 2, 3])
    #expect(sampler.position == .init(epoch: 1, batch: 0))
  }

  @Test("a sampler encoded in mid-epoch goes on with the same batches")
  func resume() throws {
    var sampler = sampler(50, 8)
    _ = take(11, from: &sampler)
    var decoded = try JSONDecoder().decode(BatchSampler.self, from: JSONEncoder().encode(sampler))
    #expect(decoded == sampler)
    #expect(take(20, from: &decoded) == take(20, from: &sampler))
  }

  @Test("moving to a position gives the batches of whoever walked there")
  func move() {
    var walked = sampler(50, 8)
    var moved = walked
    _ = take(17, from: &walked)
    moved.move(to: walked.position)
    #expect(take(9, from: &moved) == take(9, from: &walked))
    moved.move(to: .init())
    var fresh = sampler(50, 8)
    #expect(take(3, from: &moved) == take(3, from: &fresh))
  }

  @Test("other keys give other orders")
  func keys() {
    var first = sampler(50, 50, seed: 1)
    var second = sampler(50, 50, seed: 2)
    #expect(take(1, from: &first) != take(1, from: &second))
  }

  @Test("an impossible position does not decode")
  func impossible() throws {
    let good = String(decoding: try JSONEncoder().encode(sampler(50, 8)), as: UTF8.self)
    let bad = good.replacingOccurrences(of: "\"batch\":0", with: "\"batch\":7")
    #expect(bad != good)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(BatchSampler.self, from: Data(bad.utf8)) }
  }

  @Test("the first example of an epoch is uniform: chi-squared over 10,000 epochs")
  func uniform() {
    var sampler = sampler(10, 10)
    var counts = [Int](repeating: 0, count: 10)
    for _ in 0..<10_000 { counts[take(1, from: &sampler)[0][0]] += 1 }
    let statistic = counts.reduce(0) { $0 + Double(($1 - 1_000) * ($1 - 1_000)) / 1_000 }
    #expect(statistic < 27.9)  // The 99.9 % point with 9 degrees of freedom.
  }
}
