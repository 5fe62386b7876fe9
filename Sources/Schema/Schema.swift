import Crypto

/// The database's schema as this binary knows it: the files below `sql/`, embedded.
public struct Schema: Sendable {
  /// Runs before everything else, each time: roles, schemas, the ledger.
  let bootstrap: SQLFile
  /// In the order of their numbers, without gaps.
  let migrations: [Migration]
  /// Functions, then views, then policies: applied again whenever their text changed.
  let objects: [SQLFile]

  /// The schema that this binary was built with.
  public static let current = Schema(files: EmbeddedSQL.files.map { SQLFile(path: $0.path, text: $0.text) })

  init(files: [SQLFile]) {
    let byPath = files.sorted { $0.path < $1.path }
    bootstrap = byPath.first { $0.path == "bootstrap.sql" } ?? SQLFile(path: "bootstrap.sql", text: "")
    migrations = byPath.compactMap(Migration.init)
    objects = ["functions/", "views/", "policies/"].flatMap { folder in
      byPath.filter { $0.path.hasPrefix(folder) }
    }
  }

  /// Number of the last migration. A server of version N works with a database of version N or N + 1.
  public var version: Int { migrations.last?.number ?? 0 }

  /// Names this exact schema: any change of any file gives another one.
  public var fingerprint: String {
    SQLFile(path: "", text: ([bootstrap] + migrations.map(\.file) + objects).map(\.checksum).joined()).checksum
  }
}

/// One file below `sql/`.
struct SQLFile: Sendable {
  let path: String
  let text: String

  /// SHA-256 of the text, hexadecimal.
  var checksum: String {
    SHA256.hash(data: Array(text.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}

/// A file `migrations/NNNN_name.sql`: applied once, never edited afterwards.
struct Migration: Sendable {
  let number: Int
  let file: SQLFile

  init?(_ file: SQLFile) {
    let name = file.path.dropFirst("migrations/".count)
    guard file.path.hasPrefix("migrations/"), let number = Int(name.prefix(4)) else { return nil }
    self.number = number
    self.file = file
  }

  /// Whether its single statement must run outside a transaction, as `create index concurrently` does.
  var withoutTransaction: Bool { file.text.hasPrefix("-- without transaction\n") }
}
