import Commands
import Configuration
import Foundation
import Harness
import Synchronization
import Testing

@Suite("The command line")
struct CommandsTests {
  @Test("makes the runs of a file, skips them the second time, and prints a table")
  func runs() throws {
    try withFolder { folder in
      try write("experiment: pendulum\ngrid: {string.length: [1, 4]}\n", to: folder + "/sweep.yaml")
      let first = landscape("run", folder + "/sweep.yaml", "--results", folder + "/r", "--quiet")
      let lines = first.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      #expect(first.code == 0 && first.error.isEmpty)
      #expect(lines[0] == ["experiment", "seed", "varied", "state", "time", "file"])
      #expect(lines[1].prefix(4) == ["pendulum", "0", "string.length=1.0", "finished"])
      #expect(lines[1].last == "\(folder)/r/pendulum/\(identifier()).h5")
      let second = landscape("run", folder + "/sweep.yaml", "--results", folder + "/r", "--quiet")
      #expect(second.code == 0 && second.out.components(separatedBy: "finished  before").count == 3)

      let json = landscape("run", folder + "/sweep.yaml", "--results", folder + "/r", "--quiet", "--json")
      let rows = try #require(
        try JSONSerialization.jsonObject(with: Foundation.Data(json.out.utf8)) as? [[String: Any]])
      #expect(rows.map { $0["state"] as? String } == ["finished", "finished"])
      #expect(rows[1]["settings"] as? [String: Double] == ["string.length": 4])
    }
  }

  @Test("shows what runs remark on: in the table, beside the runs without, in status, inspect and JSON")
  func remarks() throws {
    try withFolder { folder in
      try write("experiment: pendulum\ngrid: {gravity: [9.81, 0.1, 30]}\n", to: folder + "/sweep.yaml")
      let said = "it hardly swings; string: so, its period is long"
      let results = ["--results", folder + "/r", "--quiet"]
      let run = landscape(["run", folder + "/sweep.yaml"] + results)
      let lines = run.out.split(separator: "\n")
      #expect(run.code == 1 && lines[0].hasSuffix("  remarks"))
      #expect(
        lines[1].hasSuffix(".h5") && lines[2].hasSuffix(".h5  " + said) && lines[3].hasSuffix("  the string tore."))
      let rows = try #require(
        try JSONSerialization.jsonObject(
          with: Foundation.Data(landscape(["run", folder + "/sweep.yaml", "--json"] + results).out.utf8))
          as? [[String: Any]])
      #expect(
        rows.map { $0["remarks"] as? [String] } == [[], ["it hardly swings", "string: so, its period is long"], []])

      let status = landscape("status", "--results", folder + "/r")
      #expect(status.out.contains("pendulum    2         0         0        0            1       0        1\n"))
      #expect(status.out.hasSuffix(".partial: the string tore.\n"))
      let listed = landscape("status", "--runs", "--results", folder + "/r").out
      #expect(listed.contains("gravity=0.1   finished  " + said + "\n"), "\(listed)")
      #expect(listed.contains("gravity=30.0  failed    the string tore.\n"))
      let json = landscape("status", "--json", "--results", folder + "/r").out
      #expect(json.contains("\"it hardly swings\",") && json.contains("\"string: so, its period is long\""))

      let torn = landscape(["run", "pendulum", "--set", "gravity=30", "--seeds", "1..3"] + results)
      #expect(torn.out.split(separator: "the string tore").count == 2 && torn.out.contains("  as pendulum "))
      #expect(torn.error.contains(" (seed 1) and 2 more: the string tore."))
      let two = "{experiment: pendulum, grid: {gravity: [2.0], steps: [3]}}"
      try write(two, to: folder + "/two.yaml")
      _ = landscape(["run", folder + "/two.yaml"] + results)
      #expect(
        landscape("status", "--runs", "--results", folder + "/r").out.contains("  gravity=2.0 steps=3  finished\n"))
      #expect(landscape("status", "--results", folder + "/r").out.hasSuffix(" and 3 more: the string tore.\n"))

      let path = try #require(rows[1]["file"] as? String)
      let shown = landscape("inspect", path).out
      #expect(shown.hasPrefix("\(path)\n  remark: it hardly swings\n  remark: string: so, its period is long\n"))
      #expect(shown.split(separator: "it hardly swings").count == 2 && shown.split(separator: "so, its").count == 2)
      #expect(landscape("inspect", path, "--json").out.contains("\"it hardly swings\","))
    }
  }

  @Test("takes settings, seeds and profiles for an experiment")
  func experiment() throws {
    try withFolder { folder in
      let run = landscape(
        "run", "pendulum", "--set", "string.length=9", "--seeds", "0..2", "--results", folder, "--quiet", "--json")
      let rows = try #require(try JSONSerialization.jsonObject(with: Foundation.Data(run.out.utf8)) as? [[String: Any]])
      #expect(rows.map { $0["seed"] as? Int } == [0, 1, 2])
      let profile = landscape("run", "pendulum", "--profile", "quick", "--results", folder, "--quiet", "--json")
      #expect(profile.out.components(separatedBy: "\"finished\"").count == 3)
    }
  }

  @Test("says in one sentence what is wrong, with a code of its own")
  func errors() throws {
    try withFolder { folder in
      try write("experiment: pendulum\nset:\n  gravty: 3\n", to: folder + "/key.yaml")
      try write("experiment: pendulum\nset: {gravity: 300}\n", to: folder + "/range.yaml")
      try write("experiment: pendulum\nset: {gravity: 30}\n", to: folder + "/failing.yaml")
      try write("", to: folder + "/plain")
      func expect(_ execution: Execution, _ code: Int32, _ sentence: String) {
        #expect(execution.code == code)
        #expect(execution.error == "landscape: " + sentence + "\n")
      }
      expect(
        landscape("run", "pendulm"), 64, "unknown experiment pendulm, did you mean pendulum? (there are: pendulum).")
      expect(
        landscape("run", folder + "/key.yaml"), 78,
        "\(folder)/key.yaml, line 3: unknown key gravty, did you mean gravity (known here: gravity, steps, string).")
      expect(
        landscape("run", folder + "/range.yaml"), 78,
        "\(folder)/range.yaml, line 2: gravity is 300, but must be a number from 0.1 to 30.0.")
      expect(
        landscape("run", "pendulum", "--set", "steps=many"), 78,
        "--set steps=many: steps is many, but must be an integer from 1 to 1000.")
      expect(
        landscape("run", folder + "/none.yaml"), 66,
        "there is no file \(folder)/none.yaml; name a YAML file that can be read or an experiment.")
      expect(
        landscape("findings", "pendulum.perod"), 64,
        "unknown finding pendulum.perod, did you mean pendulum.period? (there are: pendulum.period, pendulum.still).")
      expect(
        landscape("status", "--results", "r\u{FFFD}"), 64,
        "the argument \"r\u{FFFD}\" is not UTF-8; rename what it names.")
      let id = try SweepFile(yaml: "set: {gravity: 30}", file: "", name: "", experiment: "pendulum").sweeps[0]
      let failing = try Pendulum.runs(of: id)[0].id
      expect(
        landscape("run", folder + "/failing.yaml", "--results", folder + "/r", "--quiet"), 1,
        "1 of 1 runs ended with an error: pendulum \(failing) (seed 0): the string tore.")
      expect(
        landscape("run", folder, "--results", folder + "/r"), 74,
        "can't read \(folder): it is a folder; name a YAML file that can be read or an experiment.")
      expect(
        landscape("status", "--results", folder + "/plain"), 74,
        "can't read \(folder)/plain: it is a file; name the folder that holds the results.")
      let unwritable = landscape("run", "pendulum", "--results", folder + "/plain/r", "--quiet")
      #expect(unwritable.code == 73 && unwritable.error.contains("can't write \(folder)/plain/r/pendulum: "))
      #expect(unwritable.error.split(separator: "\n").count == 1)
    }
  }

  @Test("leaves usage to the parser", arguments: [["run"], ["nonsense"], ["run", "pendulum", "--jobs", "0"]])
  func usage(_ arguments: [String]) {
    let code = Console.$current.withValue(Console(out: { _ in }, error: { _ in })) {
      LandscapeCommand<Laboratory>.execute(arguments)
    }
    #expect(code == 64)
  }

  @Test("says that its output can't be written, and lets messages go")
  func output() throws {
    let messages = Mutex("")
    let unwritable = StandardStream(descriptor: open("/dev/null", O_RDONLY))
    let console = Console(
      out: { try unwritable.write($0) },
      error: { text in
        unwritable.tell(text)
        messages.withLock { $0 += text }
      })
    for arguments in [["list"], ["--help"]] {
      let code = Console.$current.withValue(console) { LandscapeCommand<Laboratory>.execute(arguments) }
      #expect(code == 74)
    }
    let sentence =
      "landscape: can't write to standard output: bad file descriptor; send it elsewhere and repeat the command.\n"
    #expect(messages.withLock { $0 } == sentence + sentence)
  }

  @Test("leaves a damaged result alone and shows it")
  func damaged() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/pendulum", withIntermediateDirectories: true)
      let path = "\(folder)/pendulum/\(identifier()).h5"
      try write("nonsense", to: path)
      #expect(landscape("run", "pendulum", "--results", folder, "--quiet").code == 65)
      #expect(FileManager.default.contents(atPath: path) == Foundation.Data("nonsense".utf8))
      #expect(landscape("inspect", path).code == 65)
      #expect(landscape("inspect", folder + "/none.h5").code == 66)
      _ = landscape("run", "pendulum", "--seeds", "1,2", "--results", folder, "--quiet")
      let status = landscape("status", "--results", folder)
      #expect(
        status.out.hasPrefix(
          """
          experiment  finished  diverged  running  interrupted  failed  damaged  with remarks
          pendulum    2         0         0        0            0       1        0
          """))
    }
  }

  @Test("prints verdicts and succeeds though a finding wasn't reproduced")
  func reproduce() throws {
    try withFolder { folder in
      let before = landscape("findings", "--profile", "quick", "--results", folder)
      #expect(before.code == 0 && before.out.contains("pendulum.period: there are no results yet; landscape "))
      #expect(before.out.contains("pendulum.period  no results") && !before.out.contains("no result of"))
      let run = landscape("reproduce", "--results", folder, "--quiet")
      #expect(run.code == 0)
      #expect(
        run.out == """
          finding          verdict         effect [95 % interval]  criterion  runs
          pendulum.period  reproduced      2.006 [2.006, 4.012] s  > 0 s      2
          pendulum.still   not reproduced  2.006 s                 < 0 s      2

          """)
      let written = try #require(FileManager.default.contents(atPath: folder + "/findings-quick.json"))
      #expect(
        String(decoding: written, as: UTF8.self)
          == landscape("findings", "--profile", "quick", "--results", folder, "--json").out)
      let smoke = landscape("reproduce", "pendulum.period", "--profile", "smoke", "--results", folder, "--quiet")
      #expect(smoke.code == 0 && smoke.out.contains("pendulum.period  ran"))
    }
  }

  @Test("plans by rehearsals and from what is finished, and says what it doesn't know")
  func plan() throws {
    try withFolder { folder in
      let fresh = landscape("plan", "pendulum", "--profile", "quick", "--results", folder, "--jobs", "2")
      #expect(fresh.code == 0 && fresh.out.contains("\n2 of 2 runs to be made, about "))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
      _ = landscape("run", "pendulum", "--results", folder, "--quiet")
      let half = landscape("plan", "pendulum", "--profile", "quick", "--results", folder)
      #expect(half.out.contains("\n1 of 2 runs to be made, about ") && half.out.contains("finished"))
      #expect(half.error.contains("rehearsing 1 of 1, some 30 s left: pendulum"))
      let blind = landscape("plan", "pendulum", "--profile", "quick", "--results", folder, "--probe", "0")
      #expect(blind.code == 0 && blind.out.contains("\n1 of 2 runs to be made, time unknown"))
      let torn = landscape("plan", "pendulum", "--set", "gravity=30", "--results", folder)
      #expect(torn.code == 1 && torn.error.contains("nothing could be rehearsed: the string tore"))
      #expect(torn.out.contains("  not begun\n\n1 of 1 runs to be made, time unknown"), "\(torn.out)")
      #expect(torn.error.split(separator: "the string tore").count == 2)
      try write("{experiment: pendulum, seeds: 5, grid: {gravity: [9.0, 30.0]}}", to: folder + "/torn.yaml")
      let one = landscape("plan", folder + "/torn.yaml", "--results", folder)
      #expect(
        one.code == 0 && one.error.contains("the string tore") && one.out.contains("side by side and 1 of unknown time")
      )
    }
  }

  @Test("puts the runs of a sweep side by side")
  func collect() throws {
    try withFolder { folder in
      #expect(landscape("collect", "pendulum", "--results", folder).code == 66)
      _ = landscape("run", "pendulum", "--profile", "quick", "--results", folder, "--quiet")
      let collected = landscape("collect", "pendulum", "--results", folder, "--copy")
      #expect(collected.code == 0 && collected.out == "\(folder)/pendulum.h5: 2 runs\n")
      let periods = landscape("inspect", folder + "/pendulum.h5", "--variable", "period")
      #expect(periods.code == 0 && periods.out.split(whereSeparator: \.isWhitespace).count == 2)
      _ = landscape("run", "pendulum", "--seeds", "1", "--results", folder, "--quiet")
      #expect(
        landscape("collect", "pendulum", "--profile", "quick", "--results", folder, "--output", folder + "/q.h5").out
          == "\(folder)/q.h5: 2 runs\n")
    }
  }
}
