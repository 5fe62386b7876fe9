import Glibc

/// A PostgreSQL cluster of one's own, from the installed binaries: reached through a Unix socket only.
///
/// ```
/// data/      the cluster
/// log        what the server says
/// run/       its socket, where the path is not too long for one
/// ```
///
/// PostgreSQL refuses to run as root. There its files belong to the user postgres, and so does its process.
struct Cluster {
  let binaries: PostgreSQLBinaries
  let home: String
  private let owner: String?

  private static let systemFolder = "/var/lib/beeld"
  /// Room for a socket's address, from which `/.s.PGSQL.5432` and the closing NUL are to be taken.
  private static let longestSocketFolder = 107 - 15

  /// The cluster of a data folder; made if it is not there yet.
  init(in folder: DataFolder, say: (String) -> Void) async throws {
    owner = geteuid() == 0 ? "postgres" : nil
    home = try await Self.home(in: folder, owner: owner, say: say)
    let major = try DataFolder.read("\(home)/data/PG_VERSION").flatMap { Int($0.prefix { $0.isNumber }) }
    binaries = try await PostgreSQLBinaries.find(for: major)
    if major == nil {
      say("making a PostgreSQL \(binaries.major) cluster in \(home)")
      try await create()
    }
  }

  /// Its superuser's conninfo while it runs; the server's own roles log in to the same place.
  func conninfo(database: String) throws -> String {
    guard let running = try Postmaster(of: data) else { throw DataFolder.Failure("PostgreSQL does not run in \(home)") }
    let host = running.socketFolder.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    return "host='\(host)' port=5432 user=postgres dbname=\(database)"
  }

  /// Starts it, or takes it over where a killed `beeld dev` has left it running.
  func start() async throws {
    if try Postmaster(of: data) != nil { return }
    try clearAfterCrash()
    try configure(socketFolder: try socketFolder())
    var attempts = 20
    while true {
      do {
        return try await control(["-l", "\(home)/log", "-w", "-t", "120", "start"])
      } catch let failure as ChildProcess.Failure {
        // After a kill its last backends take a moment to notice, and hold the shared memory until then.
        attempts -= 1
        guard attempts > 0 else { throw DataFolder.Failure("\(failure)\n\(try lastLines())") }
        try await Task.sleep(for: .milliseconds(500))
      }
    }
  }

  /// Stops it: sessions are cut, everything committed is on disk.
  func stop() async throws {
    guard try Postmaster(of: data) != nil else { return }
    try await control(["-m", "fast", "-w", "-t", "60", "stop"])
  }

  /// Starts it again whenever it is gone, until cancelled.
  func keepRunning(say: (String) -> Void) async throws {
    while true {
      try await Task.sleep(for: .milliseconds(250))
      if try Postmaster(of: data) == nil {
        say("PostgreSQL is gone; starting it again")
        try await start()
        say("PostgreSQL runs again")
      }
    }
  }

  private var data: String { "\(home)/data" }

  private func create() async throws {
    let new = "\(data).new"
    try await ChildProcess("/bin/rm", ["-rf", new], as: owner).run()
    // `trust` is right only because nobody but its owner (and root) can enter the socket's folder, and because there
    // is no other way in: `configure` turns TCP off.
    try await ChildProcess(
      binaries("initdb"),
      [
        "-D", new, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject",
        "--data-checksums",
      ], as: owner
    ).run()
    let include = "echo \"include 'beeld.conf'\" >> \"$0/postgresql.conf\""
    try await ChildProcess("/bin/sh", ["-c", include, new], as: owner).run()
    guard rename(new, data) == 0 else { throw DataFolder.Failure("\(data): \(DataFolder.reason)") }
  }

  /// Written anew at every start, so that a newer binary brings its settings along. No value of a statement gets into
  /// the log: it would be personal data.
  private func configure(socketFolder: String) throws {
    let folder = socketFolder.replacing("'", with: "''")
    let text = """
      listen_addresses = ''
      port = 5432
      unix_socket_directories = '\(folder)'
      shared_buffers = 64MB
      max_connections = 100
      jit = off
      timezone = 'UTC'
      log_timezone = 'UTC'
      log_parameter_max_length = 0
      log_parameter_max_length_on_error = 0
      log_error_verbosity = terse

      """
    let path = "\(data)/beeld.conf"
    try DataFolder.writePrivately(text, to: path)
    try give(path)
  }

  /// Where nothing of a server is left but its files, they only keep the next one from starting.
  private func clearAfterCrash() throws {
    guard try DataFolder.read("\(data)/postmaster.pid") != nil else { return }
    unlink("\(data)/postmaster.pid")
    unlink("\(home)/run/.s.PGSQL.5432")
    unlink("\(home)/run/.s.PGSQL.5432.lock")
  }

  /// The same at every start, so that who is connected finds the server again after a crash.
  private func socketFolder() throws -> String {
    let usual = "\(home)/run"
    if usual.utf8.count <= Self.longestSocketFolder {
      try DataFolder.makeFolder(usual, mode: 0o700)
      try give(usual)
      return usual
    }
    if let known = try DataFolder.read("\(home)/socket-folder"), isOurs(known) { return known }
    let short = try Self.makeFolder("/tmp/beeld.XXXXXX", for: owner)
    try DataFolder.writePrivately(short, to: "\(home)/socket-folder")
    return short
  }

  /// In /tmp somebody else may have made a folder of that name meanwhile.
  private func isOurs(_ path: String) -> Bool {
    var facts = stat()
    guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR, facts.st_mode & 0o077 == 0 else { return false }
    return facts.st_uid == (owner.flatMap { getpwnam($0)?.pointee.pw_uid } ?? geteuid())
  }

  private func control(_ arguments: [String]) async throws {
    try await ChildProcess(binaries("pg_ctl"), ["-D", data] + arguments, as: owner).run()
  }

  private func give(_ path: String) throws { try Self.give(path, to: owner) }

  private static func give(_ path: String, to owner: String?) throws {
    guard let owner else { return }
    guard let account = getpwnam(owner) else { throw DataFolder.Failure("there is no user \(owner)") }
    guard lchown(path, account.pointee.pw_uid, account.pointee.pw_gid) == 0 else {
      throw DataFolder.Failure("\(path): \(DataFolder.reason)")
    }
  }

  private func lastLines() throws -> String {
    (try DataFolder.read("\(home)/log") ?? "").split(separator: "\n").suffix(15).joined(separator: "\n")
  }

  /// In the data folder, unless root has put that where the user postgres cannot go, as below /root: then in
  /// /var/lib/beeld, and the data folder holds the link to it.
  private static func home(in folder: DataFolder, owner: String?, say: (String) -> Void) async throws -> String {
    var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = readlink(folder.cluster, &target, target.count)
    if length > 0 { return String(decoding: target.prefix(length), as: UTF8.self) }
    if let owner, access(folder.cluster, F_OK) != 0, !(try await canEnter(folder.path, owner)) {
      return try elsewhere(for: folder, owner: owner, say: say)
    }
    try DataFolder.makeFolder(folder.cluster, mode: 0o700)
    try give(folder.cluster, to: owner)
    return folder.cluster
  }

  private static func canEnter(_ path: String, _ owner: String) async throws -> Bool {
    do {
      try await ChildProcess("/usr/bin/test", ["-x", path], as: owner).run()
      return true
    } catch let failure as ChildProcess.Failure where failure.status == 1 {
      return false
    }
  }

  private static func elsewhere(for folder: DataFolder, owner: String, say: (String) -> Void) throws -> String {
    try DataFolder.makeFolder(systemFolder, mode: 0o755)
    let home = try makeFolder("\(systemFolder)/dev-XXXXXX", for: owner)
    guard symlink(home, folder.cluster) == 0 else {
      throw DataFolder.Failure("\(folder.cluster): \(DataFolder.reason)")
    }
    say("the user \(owner) cannot enter \(folder.path): the database's files go to \(home)")
    return home
  }

  /// A folder of its own for `owner`, nobody else's; the six X become its name.
  private static func makeFolder(_ template: String, for owner: String?) throws -> String {
    var path = Array(template.utf8CString)
    guard mkdtemp(&path) != nil else { throw DataFolder.Failure("\(template): \(DataFolder.reason)") }
    let made = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try give(made, to: owner)
    return made
  }
}
