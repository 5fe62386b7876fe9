import Glibc

/// A program of PostgreSQL that is run to its end.
struct ChildProcess {
  let arguments: [String]

  /// - Parameters:
  ///   - executable: its absolute path.
  ///   - user: whom it runs as, when that is somebody else than ourselves; only root may ask for it.
  init(_ executable: String, _ arguments: [String], as user: String? = nil) {
    let become = user.map { ["/usr/bin/setpriv", "--reuid=\($0)", "--regid=\($0)", "--init-groups", "--"] } ?? []
    self.arguments = become + [executable] + arguments
  }

  /// Runs it and waits without holding up a thread.
  /// - Returns: what it printed, to either stream.
  /// - Throws: `Failure` when it cannot be started or ends with another status than 0.
  @discardableResult
  func run() async throws -> String {
    // A file and no pipe: a server that the program leaves running may keep it open for ever.
    var name = Array("/tmp/beeld-output.XXXXXX".utf8CString)
    let output = mkstemp(&name)
    guard output >= 0 else { throw Failure(arguments: arguments, status: nil, output: "/tmp: \(DataFolder.reason)") }
    unlink(name)
    defer { close(output) }
    let child = try spawn(output)
    let status = try await end(of: child)
    let text = Self.text(of: output)
    guard status == 0 else { throw Failure(arguments: arguments, status: status, output: text) }
    return text
  }

  private func spawn(_ output: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    posix_spawn_file_actions_addclose(&actions, output)

    // Of our environment nothing reaches it: PGDATA, PGPORT or a locale would change what it does.
    let environment = Self.pointers(["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8"])
    // The other user may not be let into our working folder.
    let words = Self.pointers(["/bin/sh", "-c", "cd / && exec \"$@\"", "sh"] + arguments)
    defer { (environment + words).forEach { free($0) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, "/bin/sh", &actions, nil, words, environment)
    guard failure == 0 else {
      throw Failure(arguments: arguments, status: nil, output: String(cString: strerror(failure)))
    }
    return child
  }

  private func end(of child: pid_t) async throws -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, WNOHANG) == 0 {
      do {
        try await Task.sleep(for: .milliseconds(5))
      } catch {
        kill(child, SIGTERM)
        waitpid(child, &status, 0)
        throw error
      }
    }
    let isExit = status & 0x7f == 0
    return isExit ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }

  private static func pointers(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
    words.map { strdup($0) } + [nil]
  }

  private static func text(of output: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    let count = pread(output, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }

  /// How a program failed, with what it said.
  struct Failure: Error, CustomStringConvertible {
    let arguments: [String]
    /// Its exit status, 128 + N for signal N; nil when it was not started.
    let status: Int32?
    let output: String

    var description: String {
      let name = arguments.joined(separator: " ")
      return "\(name) \(status.map { "ended with status \($0)" } ?? "could not be started"):\n\(output)"
    }
  }
}
