import Components
import Foundation
import Optimizers
import Testing

/// What every schedule must hold, whatever its shape. A schedule is seen as the function from a step to its rate.
private enum ScheduleCheck {
  typealias Rates = (Int) -> Double

  /// What is wrong with a schedule that `make` gives for a largest rate and a number of steps; empty when nothing is.
  static func complaints(about make: (_ learningRate: Double, _ steps: Int) -> Rates) -> [String] {
    var complaints: [String] = []
    for steps in [1, 97, 400] {
      let (rate, beyond) = (0.3, 3 * steps + 5)
      let rates = make(rate, steps)
      let values = (0..<beyond).map(rates)
      if !values.allSatisfy({ $0.isFinite && $0 >= 0 }) { complaints.append("a rate is below zero or no number") }
      if values.contains(where: { $0 > rate * (1 + 1e-12) }) { complaints.append("a rate is above the largest") }
      if steps > 1 && !(values.prefix(steps).max()! > 0.98 * rate) { complaints.append("the largest is never reached") }
      if (0..<beyond).reversed().map(rates).reversed() != values { complaints.append("a step asked again differs") }
      let doubled = (0..<beyond).map(make(2 * rate, steps))
      if !zip(values, doubled).allSatisfy({ abs($1 - 2 * $0) <= 1e-12 * rate }) {
        complaints.append("twice the largest rate does not give twice every rate")
      }
    }
    return Array(Set(complaints)).sorted()
  }
}

@Suite("Every schedule of the catalogue")
struct ScheduleCheckerTests {
  @Test(
    "stays between 0 and its largest rate, reaches it, scales with it, and is a pure function of the step",
    arguments: ScheduleCatalogue.components.map(\.name))
  func check(name: String) throws {
    let entry = try #require(ScheduleCatalogue.entries.first { $0.component.name == name })
    let complaints = ScheduleCheck.complaints { rate, steps in
      let schedule = entry.example(rate, steps)
      return { schedule.learningRate(at: $0) }
    }
    #expect(complaints == [])
    let schedule = entry.example(0.3, 400)
    #expect(try JSONDecoder().decode(Schedule.self, from: JSONEncoder().encode(schedule)) == schedule)
  }

  @Test("has a name of its own and a description")
  func descriptions() {
    let components = ScheduleCatalogue.components
    #expect(Set(components.map(\.name)).count == components.count)
    for component in components {
      #expect(component.kind == .schedule && !component.summary.isEmpty)
      #expect(Set(component.settings.map(\.name)).count == component.settings.count)
    }
  }

  @Test("the check finds schedules that break each of its rules")
  func brokenSchedulesAreFound() {
    #expect(
      ScheduleCheck.complaints { rate, steps in { rate * (1 - Double($0) / Double(steps)) } }
        == ["a rate is below zero or no number"])
    #expect(
      ScheduleCheck.complaints { rate, _ in { rate * (1 + 0.01 * Double($0)) } } == ["a rate is above the largest"])
    #expect(ScheduleCheck.complaints { rate, _ in { _ in rate / 2 } } == ["the largest is never reached"])
    #expect(
      ScheduleCheck.complaints { rate, _ in { $0 == 0 ? rate : min(0.1, rate) } }
        == ["twice the largest rate does not give twice every rate"])
    #expect(
      ScheduleCheck.complaints { rate, _ in
        var current = rate
        return { _ in
          current *= 0.999
          return current / 0.999
        }
      } == ["a step asked again differs"])
  }
}
