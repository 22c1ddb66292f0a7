internal import ArgumentParser
internal import Components
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
          \(Registry.programName) cite adam resnet
        """)
  }

  @Argument(help: "Experiments and components (see list all) by name; all experiments if nothing is named.")
  var names: [String] = []

  func run() throws {
    let experiments = Registry.experiments.filter { names.isEmpty || names.contains($0.name) }
    let components = ComponentCatalogue.all.filter { names.contains($0.name) }
    for name in names where !components.contains(where: { $0.name == name }) {
      _ = try Registry.experiments.named(name)
    }
    let works =
      experiments.flatMap { $0.references + $0.findings.flatMap(\.references) } + components.flatMap(\.references)
    var seen: Set<String> = []
    let references = works.filter { seen.insert($0.key).inserted }.sorted { $0.key < $1.key }
    Console.current.out(references.map(\.bibTeX).joined(separator: "\n"))
  }
}
