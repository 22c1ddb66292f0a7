import Foundation

/// Which process this is, beyond an id that will be used again.
enum ProcessIdentity {
  /// The name of this machine.
  static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown host" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// When a process on this machine started, in a form that no other process of the same id shares; `nil` when there is no
  /// such process, or only its remains.
  static func startMark(of process: Int32) -> String? {
    #if os(Linux)
      // Field 22 is the start in ticks since boot; the boot's own id makes it unique across boots. The command, field 2,
      // stands in parentheses and may hold anything, so that fields are counted from the last one.
      guard let stat = contents(of: "/proc/\(process)/stat"), let end = stat.lastIndex(of: ")") else { return nil }
      let fields = stat[end...].split(separator: " ")
      guard fields.count > 20, fields[1] != "Z", fields[1] != "X" else { return nil }
      let boot = contents(of: "/proc/sys/kernel/random/boot_id") ?? ""
      return "\(boot.filter { !$0.isWhitespace })/\(fields[20])"
    #else
      return kill(process, 0) == 0 || errno == EPERM ? "running" : nil
    #endif
  }

  private static func contents(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
