import Glibc

/// The folder with `initdb`, `pg_ctl` and `postgres` of one installed version of PostgreSQL.
struct PostgreSQLBinaries: Equatable {
  let folder: String
  let major: Int

  /// The oldest version whose schema features this server uses.
  static let oldest = 15
  private static let debianRoot = "/usr/lib/postgresql"

  /// The newest version installed, or the one that an existing cluster was made with.
  static func find(for cluster: Int? = nil) async throws -> PostgreSQLBinaries {
    let installed = (inDebian() + (await inSearchPath())).filter { $0.major >= oldest }
    if let cluster {
      guard let fitting = installed.first(where: { $0.major == cluster }) else { throw Missing(major: cluster) }
      return fitting
    }
    guard let newest = installed.max(by: { $0.major < $1.major }) else { throw Missing(major: nil) }
    return newest
  }

  func callAsFunction(_ program: String) -> String { "\(folder)/\(program)" }

  private static func inDebian() -> [PostgreSQLBinaries] {
    guard let directory = opendir(debianRoot) else { return [] }
    defer { closedir(directory) }
    var found: [PostgreSQLBinaries] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      let folder = "\(debianRoot)/\(name)/bin"
      if let major = Int(name), access("\(folder)/initdb", X_OK) == 0 {
        found.append(PostgreSQLBinaries(folder: folder, major: major))
      }
    }
    return found
  }

  /// Elsewhere than in Debian the programs are in the search path, and their folder does not tell the version.
  private static func inSearchPath() async -> [PostgreSQLBinaries] {
    guard let path = getenv("PATH") else { return [] }
    var found: [PostgreSQLBinaries] = []
    for folder in String(cString: path).split(separator: ":") where access("\(folder)/initdb", X_OK) == 0 {
      if let major = await version(of: "\(folder)/postgres") {
        found.append(PostgreSQLBinaries(folder: String(folder), major: major))
      }
    }
    return found
  }

  /// From `postgres (PostgreSQL) 15.20 …`; nil where the program is not what its name says.
  private static func version(of program: String) async -> Int? {
    do {
      return try await ChildProcess(program, ["--version"]).run()
        .split(separator: " ").compactMap { Int($0.prefix { $0.isNumber }) }.first
    } catch {
      return nil
    }
  }

  /// No PostgreSQL that would do is installed.
  struct Missing: Error, CustomStringConvertible {
    let major: Int?

    var description: String {
      if let major {
        "The data was made with PostgreSQL \(major), which is not installed. On Debian: apt-get install postgresql-\(major)"
      } else {
        "No PostgreSQL \(PostgreSQLBinaries.oldest) or newer is installed. On Debian: apt-get install postgresql"
      }
    }
  }
}
