internal import Foundation
public import Statistics

/// The verdicts as text for people and for programs.
public enum VerdictTable {
  /// A table with a line for each finding, and lines below for what is missing or went wrong; `program` is what the
  /// command line is called.
  public static func text(_ reports: [FindingReport], program: String) -> String {
    var rows = [["finding", "verdict", "effect [95 % interval]", "criterion", "runs"]]
    var notes: [String] = []
    for report in reports {
      rows.append([
        report.finding.id, report.word, report.outcome.map(effectText) ?? "", report.finding.criterion,
        "\(report.runs)" + (report.missing.isEmpty ? "" : " of \(report.runs + report.missing.count)"),
      ])
      if report.isUnmade {
        let profile = report.profile.rawValue
        notes.append(
          "\(report.finding.id): there are no results yet; "
            + "\(program) reproduce \(report.finding.id) --profile \(profile) makes them")
        continue
      }
      if let details = report.outcome?.details, !details.isEmpty { notes.append("\(report.finding.id): \(details)") }
      if !report.problem.isEmpty { notes.append("\(report.finding.id): \(report.problem)") }
      if !report.diverged.isEmpty {
        notes.append("\(report.finding.id): diverged \(report.diverged.joined(separator: ", "))")
      }
      notes += missing(report, program: program)
    }
    return table(rows) + (notes.isEmpty ? "" : "\n" + notes.map { $0 + "\n" }.joined())
  }

  /// The runs without results by their reasons, and the command that makes them.
  private static func missing(_ report: FindingReport, program: String) -> [String] {
    var reasons: [String] = []
    for run in report.missing where !reasons.contains(run.reason) { reasons.append(run.reason) }
    let total = report.runs + report.missing.count
    let lines = reasons.map { reason in
      let ids = report.missing.filter { $0.reason == reason }.map(\.id)
      return
        "\(report.finding.id): no result of \(ids.count) of \(total) runs (\(ids.joined(separator: ", "))): \(reason)"
    }
    let command = "\(program) reproduce \(report.finding.id) --profile \(report.profile.rawValue)"
    return lines + (lines.isEmpty ? [] : ["\(report.finding.id): \(command) makes what is missing"])
  }

  /// The same as JSON, keys sorted.
  public static func json(_ reports: [FindingReport]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(reports.map(Entry.init)), as: UTF8.self) + "\n"
  }

  private struct Entry: Encodable {
    struct Missing: Encodable {
      let run: String
      let reason: String
    }
    let id: String
    let statement: String
    let experiment: String
    let profile: String
    let quantity: String
    let criterion: String
    let verdict: String
    let effect: Double?
    let interval: [Double]?
    let unit: String?
    let details: String?
    let problem: String?
    let runs: Int
    let diverged: [String]
    let missing: [Missing]

    init(_ report: FindingReport) {
      id = report.finding.id
      statement = report.finding.statement
      experiment = report.finding.experiment
      profile = report.profile.rawValue
      quantity = report.finding.quantity
      criterion = report.finding.criterion
      verdict = report.word
      effect = report.outcome?.effect
      interval = report.outcome?.interval.flatMap { $0.allSatisfy(\.isNaN) ? nil : $0 }
      unit = report.outcome?.unit
      details = report.outcome?.details
      problem = report.problem.isEmpty ? nil : report.problem
      runs = report.runs
      diverged = report.diverged
      missing = report.missing.map { Missing(run: $0.id, reason: $0.reason) }
    }
  }
}

private func effectText(_ outcome: Outcome) -> String {
  let interval = outcome.interval.map { " " + intervalText($0[0], $0[1]) } ?? ""
  return shortNumber(outcome.effect) + interval + (outcome.unit.isEmpty ? "" : " \(outcome.unit)")
}

/// Four significant digits.
public func shortNumber(_ value: Double) -> String {
  // A NaN may bear a sign, which says nothing.
  value.isNaN ? "nan" : value.isFinite ? String(format: "%.4g", value) : "\(value)"
}

/// An estimate with its interval, four significant digits each: "0.5 [0.4, 0.6]", or "0.5 (no interval)".
public func shortNumber(_ estimate: Estimate) -> String {
  "\(shortNumber(estimate.value)) \(intervalText(estimate.lower, estimate.upper))"
}

/// An interval that has no ends, as that of a single number, is none.
private func intervalText(_ lower: Double, _ upper: Double) -> String {
  lower.isNaN && upper.isNaN ? "(no interval)" : "[\(shortNumber(lower)), \(shortNumber(upper))]"
}

/// A share in per cent, four significant digits.
public func percent(_ share: Double) -> String { "\(shortNumber(100 * share)) %" }

/// Rows as columns of equal width, the last one ragged; the first row is the head.
public func table(_ rows: [[String]]) -> String {
  guard let columns = rows.map(\.count).max() else { return "" }
  let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
  return rows.map { row in
    var line = ""
    for (column, cell) in row.enumerated() {
      line += column + 1 == row.count ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
    }
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }.joined()
}

extension VerdictTable {
  /// Writes the JSON as `findings-<profile>.json` into the folder of results.
  public static func write(_ reports: [FindingReport], profile: Profile, to folder: ResultsFolder) throws {
    try FileSystem.makeFolder(folder.path)
    try FileSystem.write(try json(reports), to: folder.findings(profile))
  }
}
