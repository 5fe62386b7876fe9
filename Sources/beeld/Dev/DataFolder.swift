import Glibc

/// The folder that `beeld dev` keeps everything in:
///
/// ```
/// lock          held while it is in use
/// tokens.json   one token per role, readable by the owner alone
/// master.keys   the master key of teachers' texts, readable by the owner alone
/// reports/      this morning's reports as pages, readable by the owner alone
/// postgresql/   the cluster, see `Cluster`; as root it may be a link to where the user postgres can reach it
/// ```
struct DataFolder {
  let path: String
  private let lock: Int32

  /// Makes the folder where it is missing and takes it for this process, until it ends.
  /// - Throws: `Failure` when it cannot be made, or another process uses it.
  init(_ given: String) throws {
    let isRoot = geteuid() == 0
    // The user postgres has to pass through, where it is not our own folder's owner; there is nothing to list for it.
    try Self.makeFolder(given, mode: isRoot ? 0o711 : 0o700)
    guard let resolved = realpath(given, nil) else { throw Failure("\(given): \(Self.reason)") }
    defer { free(resolved) }
    path = String(cString: resolved)
    lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw Failure("\(path)/lock: \(Self.reason)") }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      throw Failure("\(path) is in use by another `beeld dev`: stop that one, or name another folder with --data.")
    }
  }

  var tokens: String { "\(path)/tokens.json" }
  var masterKeys: String { "\(path)/master.keys" }
  var reports: String { "\(path)/reports" }
  var cluster: String { "\(path)/postgresql" }

  static func makeFolder(_ path: String, mode: mode_t) throws {
    if mkdir(path, mode) == 0 { return }
    guard errno == EEXIST else { throw Failure("\(path) cannot be made: \(reason)") }
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else { throw Failure("\(path) is not a folder") }
  }

  /// Writes a file so that it is there as a whole or not at all, readable by its owner alone.
  static func writePrivately(_ text: String, to path: String) throws {
    let new = "\(path).new"
    unlink(new)
    let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Failure("\(new): \(reason)") }
    defer { close(file) }
    let bytes = Array(text.utf8)
    guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0, rename(new, path) == 0 else {
      throw Failure("\(path): \(reason)")
    }
  }

  /// The file's text; nil when there is none.
  static func read(_ path: String) throws -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 && errno == ENOENT { return nil }
    guard file >= 0 else { throw Failure("\(path): \(reason)") }
    defer { close(file) }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = Glibc.read(file, &chunk, chunk.count)
      guard count >= 0 else { throw Failure("\(path): \(reason)") }
      if count == 0 { return String(decoding: text, as: UTF8.self) }
      text += chunk.prefix(count)
    }
  }

  static var reason: String { String(cString: strerror(errno)) }

  /// Why the folder cannot be used.
  struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
  }
}
