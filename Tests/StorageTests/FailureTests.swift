import Foundation
import Storage
import Tensors
import Testing

/// Disks that are full or read-only, and processes that are killed; each in a process of its own where need be.
@Suite struct FailureTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aMissingFolderIsNamed() throws {
    let error = try #require(throws: StorageError.self) {
      try Samples.run().write(to: folder.file("none/run.h5"))
    }
    #expect(error.kind == .missing)
    #expect(error.description.contains("none/run.h5"))
  }

  @Test func aFolderThatMayNotBeWrittenIsNamed() throws {
    // Root may write everywhere but into the kernel's own folders.
    let path: String
    if getuid() == 0 {
      path = "/sys/run.h5"
    } else {
      path = folder.file("locked/run.h5")
      try FileManager.default.createDirectory(
        atPath: folder.file("locked"), withIntermediateDirectories: false, attributes: [.posixPermissions: 0o555])
    }
    let error = try #require(throws: StorageError.self) { try GroupFile(path).write(Samples.large) }
    #expect(error.kind == .notPermitted)
    #expect(error.description.contains(path))
  }

  @Test func aFullDiskIsToldAndLeavesWhatWasThere() async {
    // A limit on the size of files takes the place of the end of the disk: the write fails in the same places.
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let file = GroupFile(folder.file("run.h5"))
      try file.write(Samples.everything)
      let before = try bytes(of: file.path)
      signal(SIGXFSZ, SIG_IGN)
      for limit in [0, 100, 5_000, 20_000, 60_000] {
        #if os(Linux)
          let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
        #else
          let resource = RLIMIT_FSIZE
        #endif
        var limits = rlimit()
        getrlimit(resource, &limits)
        limits.rlim_cur = rlim_t(limit)
        setrlimit(resource, &limits)
        let noise = (0..<100_000).map { sin(Double($0) * 12.9898) * 43758.5453 }
        let group = Group(
          dimensions: [Dimension("i", length: noise.count)], variables: [Variable("x", along: ["i"], values: noise)])
        let failed: StorageError?
        do throws(StorageError) {
          try file.write(group)
          failed = nil
        } catch { failed = error }
        limits.rlim_cur = limits.rlim_max
        setrlimit(resource, &limits)
        let error = try #require(failed)
        try #require(error.kind == .noSpace, "\(limit): \(error) \(error.messages)")
        try #require(bytes(of: file.path) == before)
        try #require(folder.names() == ["run.h5"])
      }
      // The library goes on after that.
      try file.write(Samples.large)
      try #require(file.read() == Samples.large)
      exit(0)
    }
  }

  @Test func aWriterKilledAtAnyInstantLeavesOneOfItsWholeFiles() async throws {
    // Each version of the file holds its own number everywhere, so that a mixture would show.
    let path = folder.file("killed.h5")
    try GroupFile(path).write(FailureTests.version(0))
    for delay in [30_000, 90_000, 150_000, 210_000] {
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as Int] in
        Thread.detachNewThread {
          usleep(UInt32(delay))
          kill(getpid(), SIGKILL)
        }
        for version in 0... { try GroupFile(path).write(FailureTests.version(version)) }
      }
      let back = try GroupFile(path).read()
      let number = try back.variable("number").value(Int.self)
      #expect(back == FailureTests.version(number))
    }
  }

  @Test func aLockThatAChildProcessInheritedDoesNotKeepReadersOut() throws {
    // A child started while HDF5 has a file open goes on holding what was locked then; another descriptor does as well.
    let file = GroupFile(folder.file("run.h5"))
    try file.write(Samples.everything)
    let descriptor = open(file.path, O_RDONLY)
    defer { close(descriptor) }
    try #require(flock(descriptor, LOCK_EX) == 0)
    #expect(try file.read() == Samples.everything)
  }

  static func version(_ number: Int) -> Group {
    let count = 40_000
    return Group(
      dimensions: [Dimension("i", length: count)],
      variables: [
        Variable("number", value: number),
        Variable("noise", along: ["i"], values: (0..<count).map { Double($0 ^ number) * 1.1 }),
      ])
  }
}
