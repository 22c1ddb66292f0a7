import Datasets
import Foundation
import Tensors
import Testing

private let key = Key(seed: 5)

@Suite("Synthetic sets")
struct SyntheticTests {
  @Test("are the same for the same key, others for another, and longer ones begin alike")
  func keys() {
    let laws: [any SyntheticSet] = [
      GaussianMixture(classCount: 3, dimension: 5, separation: 2, key: key),
      Spirals(classCount: 3, turns: 1, noise: 0.1),
      SparseFeatures(dimension: 7, relevant: 3, noise: 0.1, target: .real, key: key),
      TeacherStudent(dimension: 5, width: 4, outputs: 3, noise: 0.1, target: .classes, key: key),
    ]
    for law in laws {
      let long = law.examples(20, key: key)
      #expect(long.prefix(13) == law.examples(13, key: key))
      #expect(long.inputs != law.examples(20, key: Key(seed: 6)).inputs)
      let parts = law.split(train: 20, test: 20, key: key)
      #expect(parts.train.inputs != parts.test.inputs)
    }
  }

  @Test("means of a mixture are equally far apart", arguments: [2, 5])
  func means(classes: Int) {
    let mixture = GaussianMixture(classCount: classes, dimension: 7, separation: 2.5, key: key)
    for first in 0..<classes {
      for second in 0..<first {
        let square = (0..<7).reduce(0.0) {
          $0 + (mixture.means[first, $1] - mixture.means[second, $1])
            * (mixture.means[first, $1] - mixture.means[second, $1])
        }
        #expect(abs(square.squareRoot() - 2.5) < 1e-12)
      }
    }
  }

  @Test(
    "the nearest mean errs as often as the formula says",
    arguments: [(2, 0.0), (2, 1.5), (2, 4.0), (5, 2.0), (10, 3.0)])
  func bayes(classes: Int, separation: Double) {
    let mixture = GaussianMixture(classCount: classes, dimension: 11, separation: separation, key: key)
    if classes == 2 { #expect(abs(mixture.bayesError - erfc(separation / 8.0.squareRoot()) / 2) < 1e-12) }
    let count = 40_000
    let data = mixture.examples(count, key: key.child("data"))
    var wrong = 0
    for row in 0..<count {
      let example = Array(data[row])
      let scores = (0..<classes).map { label in
        example.indices.reduce(0.0) { $0 + mixture.means[label, $1] * Double(example[$1]) }
      }
      let nearest = scores.indices.max { scores[$0] < scores[$1] }
      if nearest != data.labels[row] { wrong += 1 }
    }
    let error = mixture.bayesError
    let deviation = (max(error, 1e-4) * (1 - error) / Double(count)).squareRoot()
    #expect(abs(Double(wrong) / Double(count) - error) < 4 * deviation)
  }

  @Test("without noise, the angle and the radius of a point of a spiral tell its arm")
  func spirals() {
    let data = Spirals(classCount: 3, turns: 1.7, noise: 0).examples(500, key: key)
    var radii: [Double] = []
    for row in 0..<data.count {
      let (x, y) = (Double(data[row].first!), Double(data[row].last!))
      let radius = (x * x + y * y).squareRoot()
      radii.append(radius)
      if radius < 0.05 { continue }
      let arm = 3 * (atan2(y, x) / (2 * .pi) - 1.7 * radius)
      #expect(abs((arm - Double(data.labels[row])).remainder(dividingBy: 3)) < 1e-3)
    }
    let mean = radii.reduce(0, +) / 500
    #expect(abs(mean - 0.5) < 4 * (1.0 / 12 / 500).squareRoot())
    #expect((0..<3).allSatisfy { label in data.labels.contains(label) })
  }

  @Test("the rule of sparse features sees its inputs alone, and noise flips as many classes as the formula says")
  func sparse() {
    let rule = SparseFeatures(dimension: 9, relevant: 4, noise: 0, target: .real, key: key)
    #expect(rule.support.count == 4 && rule.weights.allSatisfy { abs($0) == 0.5 })
    let data = rule.examples(20_000, key: key)
    let targets = data.targets!.elements
    var square = 0.0
    for row in 0..<data.count {
      let example = Array(data[row])
      let value = zip(rule.support, rule.weights).reduce(0.0) { $0 + Double(example[$1.0]) * $1.1 }
      #expect(abs(value - Double(targets[row])) < 1e-6)
      square += value * value
    }
    #expect(abs(square / 20_000 - 1) < 4 * (2.0 / 20_000).squareRoot())

    let noisy = SparseFeatures(dimension: 9, relevant: 4, noise: 0.5, target: .classes, key: key)
    let labelled = noisy.examples(20_000, key: key)
    var flipped = 0
    for row in 0..<labelled.count {
      let example = Array(labelled[row])
      let value = zip(noisy.support, noisy.weights).reduce(0.0) { $0 + Double(example[$1.0]) * $1.1 }
      if (value > 0 ? 1 : 0) != labelled.labels[row] { flipped += 1 }
    }
    let share = atan(0.5) / .pi
    #expect(abs(Double(flipped) / 20_000 - share) < 4 * (share * (1 - share) / 20_000).squareRoot())
  }

  @Test("noise has the deviation that it is given, in both coordinates of spirals and around a teacher's outputs")
  func noise() {
    func deviation(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / Double(values.count)
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    }
    // One arm that does not turn lies on the x axis, its radius uniform on [0, 1]. 1 % is five standard errors and more.
    let arm = Spirals(classCount: 1, turns: 0, noise: 0.5).examples(200_000, key: key)
    let (across, along) = (
      (0..<arm.count).map { Double(arm.inputs[2 * $0 + 1]) }, (0..<arm.count).map { Double(arm.inputs[2 * $0]) }
    )
    #expect(abs(deviation(across) - 0.5) < 0.005)
    #expect(abs(deviation(along) - (0.25 + 1 / 12.0).squareRoot()) < 0.006)
    let teacher = TeacherStudent(dimension: 3, width: 2, outputs: 2, noise: 0.5, target: .real, key: key)
    let data = teacher.examples(50_000, key: key)
    let targets = data.targets?.elements ?? []
    let rests = (0..<data.count).flatMap { row in
      teacher.outputs(of: data[row]).enumerated().map { Double(targets[2 * row + $0.offset]) - $0.element }
    }
    #expect(abs(deviation(rests) - 0.5) < 0.006)
  }

  @Test("a teacher's targets are its outputs, of the second moment that the arc-cosine kernel gives")
  func teacher() {
    let teacher = TeacherStudent(dimension: 6, width: 3, outputs: 2, noise: 0, target: .real, key: key)
    let count = 40_000
    let data = teacher.examples(count, key: key)
    let targets = data.targets!
    #expect(targets.shape == [count, 2])
    var fourth = 0.0
    var second = 0.0
    for row in 0..<count {
      let value = Double(targets[row, 1])
      second += value * value
      fourth += value * value * value * value
      if row < 50 { #expect(abs(teacher.outputs(of: data[row])[1] - value) < 1e-6) }
    }
    second /= Double(count)
    fourth /= Double(count)
    // E relu(u) relu(v) = |w||w'| (sin t + (pi - t) cos t) / 2 pi for the angle t of w and w' (Cho & Saul 2009).
    func product(_ a: Int, _ b: Int) -> Double {
      (0..<6).reduce(0) { $0 + teacher.hidden[a, $1] * teacher.hidden[b, $1] }
    }
    var expected = 0.0
    for a in 0..<3 {
      for b in 0..<3 {
        let lengths = (product(a, a) * product(b, b)).squareRoot()
        let angle = acos(min(1, max(-1, product(a, b) / lengths)))
        let moment = lengths / 6 * (sin(angle) + (.pi - angle) * cos(angle)) / (2 * .pi)
        expected += teacher.readout[1, a] * teacher.readout[1, b] * moment / 3
      }
    }
    #expect(abs(second - expected) < 4 * ((fourth - second * second) / Double(count)).squareRoot())
    let classes = TeacherStudent(dimension: 6, width: 3, outputs: 2, noise: 0, target: .classes, key: key)
      .examples(300, key: key)
    #expect((0..<300).allSatisfy { classes.labels[$0] == (targets[$0, 1] > targets[$0, 0] ? 1 : 0) })
  }
}
