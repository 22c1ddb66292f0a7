import Foundation
import Storage
import Synchronization
import Testing

@Suite struct RunLockTests {
  let folder: TemporaryFolder
  let run: String

  init() throws {
    folder = try TemporaryFolder()
    run = folder.file("a1b2.partial")
  }

  @Test func theSecondIsToldWhoHoldsTheRun() throws {
    #expect(try RunLock.holder(of: run) == nil)
    let lock = try RunLock(folder: run)
    let error = try #require(throws: StorageError.self) { try RunLock(folder: run) }
    #expect(error.kind == .held(lock.holder))
    #expect(lock.holder.process == getpid())
    #expect(error.description.contains("process \(getpid()) on \(lock.holder.host) since 20"))
    #expect(try RunLock.holder(of: run) == lock.holder)
    lock.release()
    #expect(try RunLock.holder(of: run) == nil)
    let next = try RunLock(folder: run)
    lock.release()
    #expect(try RunLock.holder(of: run) == next.holder, "a late release does not touch the next one's lock")
  }

  @Test func aLockGoesWithItsOwner() throws {
    do { _ = try RunLock(folder: run) }
    #expect(try RunLock.holder(of: run) == nil)
  }

  @Test func oneOfManyThreadsGetsIt() async throws {
    for _ in 0..<20 {
      let locks = try await attempts()
      #expect(locks.count == 1)
      locks.forEach { $0.release() }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: run) == ["lock.takeover"])
  }

  @Test func theLockOfAKilledProcessIsTakenOverByOneOfMany() async throws {
    for _ in 0..<3 {
      await #expect(processExitsWith: .signal(SIGKILL)) { [run = run as String] in
        let lock = try RunLock(folder: run)
        kill(lock.holder.process, SIGKILL)
        pause()
      }
      #expect(FileManager.default.fileExists(atPath: "\(run)/lock"))
      #expect(try RunLock.holder(of: run) == nil)
      let locks = try await attempts()
      #expect(locks.count == 1)
      #expect(try RunLock.holder(of: run) == locks.first?.holder)
      locks.forEach { $0.release() }
    }
  }

  @Test func aProcessThatLivesKeepsItsLock() async throws {
    let lock = try RunLock(folder: run)
    await #expect(processExitsWith: .success) { [run = run as String] in
      do throws(StorageError) {
        _ = try RunLock(folder: run)
        exit(2)
      } catch {
        guard case .held = error.kind else { exit(3) }
        exit(0)
      }
    }
    lock.release()
  }

  @Test func anotherProcessUnderTheSameIdIsNotTheHolder() throws {
    let lock = try RunLock(folder: run)
    let path = "\(run)/lock"
    var record = try #require(JSONSerialization.jsonObject(with: bytes(of: path)) as? [String: Any])
    lock.release()

    // The id is this process's, and the start another's: the holder is gone.
    record["startMark"] = "an earlier boot/17"
    try write(JSONSerialization.data(withJSONObject: record), to: path)
    #expect(try RunLock.holder(of: run) == nil)
    try RunLock(folder: run).release()

    // Whether a process on another machine lives cannot be told from here: it keeps the lock, and the mend says how to go on.
    record["host"] = "elsewhere"
    try write(JSONSerialization.data(withJSONObject: record), to: path)
    let error = try #require(throws: StorageError.self) { try RunLock(folder: run) }
    #expect(error.description.contains("on elsewhere"))
    #expect(
      error.mend
        == "Nothing in \(run) has changed for 0 min. Wait for it; if that process no longer runs on elsewhere, "
        + "remove \(path) and run again.")
    let earlier = [timeval(tv_sec: time(nil) - 11_220, tv_usec: 0), timeval(tv_sec: time(nil) - 11_220, tv_usec: 0)]
    #expect(utimes(path, earlier) == 0)
    let later = try #require(throws: StorageError.self) { try RunLock(folder: run) }
    #expect(later.mend.hasPrefix("Nothing in \(run) has changed for 3 h 7 min. "))
  }

  @Test func aFinishedRunRemovesItsFolder() throws {
    let lock = try RunLock(folder: run)
    try CheckpointStore(folder: run).save(Group(), number: 1)
    try lock.removeFolder()
    #expect(try folder.names() == [])
    _ = try RunLock(folder: run)
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let error = try #require(throws: StorageError.self) { try RunLock(folder: folder.file("none/a.partial")) }
    #expect(error.kind == .missing)
    #expect(error.description.contains("none/a.partial"))
  }

  /// The locks that eight threads get that try at once.
  private func attempts() async throws -> [RunLock] {
    let run = run
    let got = Mutex<[RunLock]>([])
    let failures = Mutex<[StorageError]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      do throws(StorageError) {
        let lock = try RunLock(folder: run)
        got.withLock { $0.append(lock) }
      } catch { failures.withLock { $0.append(error) } }
    }
    for error in failures.withLock({ $0 }) {
      guard case .held = error.kind else { throw error }
    }
    return got.withLock { $0 }
  }
}
