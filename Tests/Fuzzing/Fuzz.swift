import Configuration
import Datasets
import Foundation
import Storage
import Tensors

// One reader a process, named by FUZZ_READER. An input may be refused by an error, and by nothing else: a trap, a hang and
// memory beyond what libFuzzer allows are finds.

private let reader = ProcessInfo.processInfo.environment["FUZZ_READER"] ?? ""

/// What libFuzzer calls with every input it makes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  do { try read(bytes) } catch {
    precondition(!"\(error)".isEmpty, "an error without a sentence")
  }
  return 0
}

private func read(_ bytes: [UInt8]) throws {
  switch reader {
  case "idx": _ = try IDXFile(bytes: bytes, path: "x")
  case "gz": _ = try inflated(bytes, path: "x", limit: 1 << 26)
  case "cifar": _ = try CIFARDataset.cifar100.parse(bytes, records: max(1, bytes.count / 3074), path: "x")
  case "npy": _ = try NPYFile.array(bytes[...], path: "x")
  case "npz": _ = try ArrayDataset.load(try NPZFile(bytes: bytes, path: "x"))
  case "csv": _ = try IntegerTable(bytes, rows: 3, columns: 4, greyLimit: 16, labelLimit: 9, path: "x")
  case "yaml":
    let file = try SweepFile(bytes: bytes, file: "x.yaml", name: "x", experiment: "sample")
    for sweep in file.sweeps.prefix(4) { _ = try sweep.points(of: Sample.self) }
  case "safetensors":
    let read = try SafetensorsFile(bytes: bytes, path: "x")
    let written = try SafetensorsFile(bytes: try read.encoded(for: "x"), path: "x")
    precondition(Set(read.entries.map(\.name)) == Set(written.entries.map(\.name)), "other arrays when read again")
  case "hdf5":
    let path = try memoryFile(bytes)
    _ = try RunFile.header(of: path)
    _ = try RunFile.read(path)
  case "arrays":
    _ = try GroupFile(try memoryFile(bytes)).array("x_train")
  default: preconditionFailure("FUZZ_READER is \"\(reader)\"; README.md lists the readers")
  }
}

/// A file in memory with this content, the same one every time.
private func memoryFile(_ bytes: [UInt8]) throws -> String {
  guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
    preconditionFailure("no file in memory: \(errno)")
  }
  return "/proc/self/fd/\(descriptor)"
}

private let descriptor: Int32 = {
  var name = Array("/dev/shm/landscape-fuzz-XXXXXX".utf8CString)
  let descriptor = mkstemp(&name)
  precondition(descriptor >= 0, "no file in memory: \(errno)")
  unlink(name)
  return descriptor
}()

/// A configuration with a setting of each kind.
private struct Sample: Configurable {
  enum Shape: String, CaseIterable, Sendable { case round, square }
  struct Inner: Configurable {
    var rate = 0.5
    var flag = false
    static let schema = Schema<Self> {
      Setting("rate", \.rate, "", allowed: Above(0.0))
      Setting("flag", \.flag, "")
    }
  }
  var count = 3
  var shape = Shape.round
  var note = ""
  var places: [Double] = [0, 1]
  var limit: Int?
  var inner = Inner()
  static let schema = Schema<Self> {
    Setting("count", \.count, "", allowed: 1...100)
    Setting("shape", \.shape, "")
    Setting("note", \.note, "")
    Setting("places", \.places, "")
    Setting("limit", \.limit, "")
    Section("inner", \.inner, "")
  }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The package manager calls an executable's start by this name, and libFuzzer's own is left out for it.
@_cdecl("fuzz_main")
public func start(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments, fuzz)
}
