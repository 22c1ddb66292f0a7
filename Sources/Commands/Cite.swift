internal import ArgumentParser
internal import Components
internal import Configuration
internal import Harness

/// Prints BibTeX.
struct Cite<Registry: ExperimentRegistry>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "cite", abstract: "Print the BibTeX of what experiments, findings and components go back to.",
      discussion: """
        Examples:
          \(Registry.programName) cite > landscape.bib
          \(Registry.programName) cite \(Registry.exampleName)
          \(Registry.programName) cite adam resnet --json
        """)
  }

  @Argument(help: "Experiments, findings and components (see list all) by name; all experiments if nothing is named.")
  var names: [String] = []
  @Flag(help: "As JSON.") var json = false

  /// What can be named, the experiments first.
  private var sources: [(name: String, references: [Reference])] {
    Registry.experiments.map { ($0.name, $0.references + $0.findings.flatMap(\.references)) }
      + Registry.experiments.findings.map { ($0.id, $0.references) }
      + ComponentCatalogue.all.map { ($0.name, $0.references) }
  }

  func run() throws {
    let sources = sources
    let known = sources.map(\.name)
    for name in names where !known.contains(name) {
      let nearest = nearestSpelling(to: name, among: known).map { ", did you mean \($0)?" } ?? ""
      throw HarnessError.usage(
        "no experiment, finding or component is called \(name)\(nearest) (\(Registry.programName) list, "
          + "\(Registry.programName) findings and \(Registry.programName) list all show them).")
    }
    let wanted = names.isEmpty ? Registry.experiments.map { $0.name } : names
    let chosen = sources.filter { wanted.contains($0.name) }
    var seen: Set<String> = []
    let references = chosen.flatMap(\.references).filter { seen.insert($0.key).inserted }.sorted { $0.key < $1.key }
    try Console.current.out(
      json ? Commands.json(references) : references.map(\.bibTeX).joined(separator: "\n"))
  }
}
