import Glibc

/// The server process that runs in a cluster's data folder, as its own file there tells.
struct Postmaster {
  let process: pid_t
  let socketFolder: String

  /// - Parameter data: the cluster's data folder.
  /// - Returns: nil when none runs there, also where a file of a dead one is left whose number another process has now.
  init?(of data: String) throws {
    guard let text = try DataFolder.read("\(data)/postmaster.pid") else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 4, let process = pid_t(lines[0]), Self.works(process, in: data) else { return nil }
    self.process = process
    socketFolder = String(lines[4])
  }

  /// A server's working folder is its data folder.
  private static func works(_ process: pid_t, in data: String) -> Bool {
    var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/\(process)/cwd", &path, path.count)
    guard length > 0, let real = realpath(data, nil) else { return false }
    defer { free(real) }
    return String(decoding: path.prefix(length), as: UTF8.self) == String(cString: real)
  }
}
