internal import ArgumentParser
internal import Datasets
internal import Harness
internal import Tensors

/// Lists the data sets.
struct Data: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "List the data sets, which are here, where they were looked for and how to get them.",
    discussion: """
      Folders named in LANDSCAPE_DATA (colons between them) are looked into as well.

      Example:
        landscape data --folder ~/data
      """)

  @Option(name: .customLong("folder"), help: "A folder to look into; may be repeated.") var folders: [String] = []
  @Flag(help: "As JSON.") var json = false

  private struct Row: Encodable {
    let name: String
    let title: String
    let exampleShape: [Int]?
    let classes: Int?
    let train: Int?
    let test: Int?
    let isUsable: Bool
    let presence: String
    let looked: [String]
    let howToGet: String?
    let licence: String
  }

  private func sizes(_ entry: DatasetCatalogue.Entry) -> String {
    guard let train = entry.trainCount, let test = entry.testCount else { return "any" }
    return "\(train) + \(test)"
  }

  func run() throws {
    let entries = DatasetCatalogue(folders: folders).entries
    let console = Console.current
    if json {
      try console.out(
        Commands.json(
          entries.map {
            Row(
              name: $0.name, title: $0.provenance.title, exampleShape: $0.exampleShape?.dimensions,
              classes: $0.classCount, train: $0.trainCount, test: $0.testCount, isUsable: $0.presence.isUsable,
              presence: $0.presence.description, looked: $0.looked, howToGet: $0.howToGet,
              licence: $0.provenance.licence)
          }))
      return
    }
    try console.out(
      table(
        [["name", "examples", "shape", "classes", "licence", "presence"]]
          + entries.map {
            [
              $0.name, sizes($0), $0.exampleShape?.dimensions.map(String.init).joined(separator: "x") ?? "any",
              $0.classCount.map(String.init) ?? "any", $0.provenance.licence, $0.presence.description,
            ]
          }))
    for entry in entries where !entry.presence.isUsable {
      try console.out(
        "\n\(entry.name): looked in \(entry.looked.joined(separator: ", ")). To get it, \(entry.howToGet ?? "").\n")
    }
    try console.out(
      """

      \(DatasetCatalogue.syntheticNames.joined(separator: ", ")): drawn as the settings data.synthetic say.

      file: your own. Set data.name=file and data.file to an HDF5 or NPZ file, or a folder of NPY files, that holds the \
      arrays x_train, y_train, x_test and y_test; integers in y are classes, floating-point numbers are real targets.

      """)
  }
}
