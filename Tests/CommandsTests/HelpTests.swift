import Testing

/// The texts that people read first, word for word.
@Suite("Help")
struct HelpTests {
  @Test("of run")
  func run() {
    #expect(
      landscape("run", "--help").out == """
        OVERVIEW: Make runs: skip the finished, go on with the interrupted.

        Examples:
          landscape run sweep.yaml --jobs 2
          landscape run pendulum --set key=value --seeds 0..4
          landscape run pendulum --profile quick

        USAGE: landscape run <target> [--set <key=value> ...] [--seeds <seeds>] [--sweep <sweep>] \
        [--profile <profile>] [--results <folder>] [--jobs <number>] [--threads <number>] [--quiet] [--json]

        ARGUMENTS:
          <target>                A YAML file with sweeps, or an experiment's name for
                                  one run of its defaults.

        OPTIONS:
          --set <key=value>       A setting in place of the file's; may be repeated.
          --seeds <seeds>         Seeds in place of the file's: 0..9 (both included),
                                  3, or 1,2,5.
          --sweep <sweep>         One sweep of the file, by name.
          --profile <profile>     The experiment's own sweeps of a size: smoke, quick
                                  or full. (values: smoke, quick, full)
          --results <folder>      The folder of results. (default: results)
          --jobs <number>         Runs side by side; by default as many as there are
                                  processors.
          --threads <number>      Threads for the linear algebra of each run. (default:
                                  1)
          -q, --quiet             No progress.
          --json                  The table as JSON.
          --version               Show the version.
          -h, --help              Show help information.


        """)
  }

  @Test("of reproduce")
  func reproduce() {
    #expect(
      landscape("help", "reproduce").out == """
        OVERVIEW: Make the runs that decide the findings, and print the verdicts.

        Finished runs are skipped, interrupted ones go on. The verdicts are also
        written to findings-PROFILE.json in the folder of results.

        Examples:
          landscape reproduce
          landscape reproduce pendulum.period --profile smoke

        USAGE: landscape reproduce [<ids> ...] [--profile <profile>] [--results <folder>] [--jobs <number>] \
        [--threads <number>] [--quiet] [--json]

        ARGUMENTS:
          <ids>                   Findings by name; all if none is named.

        OPTIONS:
          --profile <profile>     The size: smoke gives no verdicts, quick is for a
                                  laptop, full for a cluster. (values: smoke, quick,
                                  full; default: quick)
          --results <folder>      The folder of results. (default: results)
          --jobs <number>         Runs side by side; by default as many as there are
                                  processors.
          --threads <number>      Threads for the linear algebra of each run. (default:
                                  1)
          -q, --quiet             No progress.
          --json                  As JSON.
          --version               Show the version.
          -h, --help              Show help information.


        """)
  }

  @Test("of the program names every subcommand and exit code")
  func program() {
    let text = landscape().out
    #expect(text == landscape("--help").out)
    for name in [
      "run", "plan", "list", "describe", "status", "collect", "inspect", "export", "findings", "reproduce", "data",
      "bench", "cite",
    ] {
      #expect(text.contains("\n  \(name) "))
    }
    let words = text.split(whereSeparator: \.isWhitespace)
    for code in [0, 1, 64, 65, 66, 70, 73, 74, 75, 78, 130, 143] { #expect(words.contains("\(code)")) }
  }

  @Test("bench refuses what it can't time, in one sentence")
  func bench() {
    let few = landscape("bench", "--samples", "1")
    #expect(few.code == 64 && few.error.contains("--samples takes an integer from 3 to 10000."))
    let nothing = landscape("bench", "--only", "transformer")
    #expect(nothing.code == 64 && nothing.error.contains("No comparison's name contains transformer"))
  }
}
