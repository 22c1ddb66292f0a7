internal import ArgumentParser
internal import Components
internal import Harness

/// Prints BibTeX.
struct Cite<Registry: ExperimentRegistry>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "cite", abstract: "Print the BibTeX of what experiments and findings go back to.",
      discussion: """
        Examples:
          \(Registry.programName) cite > landscape.bib
          \(Registry.programName) cite \(Registry.exampleName)
        """)
  }

  @Argument(help: "Experiments by name; all if none is named.") var experiments: [String] = []

  func run() throws {
    let chosen =
      experiments.isEmpty ? Registry.experiments : try experiments.map { try Registry.experiments.named($0) }
    var seen: Set<String> = []
    let references = chosen.flatMap { $0.references + $0.findings.flatMap(\.references) }
      .filter { seen.insert($0.key).inserted }
      .sorted { $0.key < $1.key }
    Console.current.out(references.map(\.bibTeX).joined(separator: "\n"))
  }
}
