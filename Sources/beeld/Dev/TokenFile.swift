import Foundation
import Postgres
import Program

/// One token per role of the demonstration organisation, in a file that its owner alone can read:
/// `{"adviser": "beeld_…", "coach": "…", …}`.
struct TokenFile {
  let tokens: [String: String]

  /// Who of the demonstration organisation stands for which role, in the order of the tour.
  static let holders = [
    (role: "teacher", personNumber: "D1001"), (role: "coach", personNumber: "D0501"),
    (role: "director", personNumber: "D0101"), (role: "school_admin", personNumber: "D0201"),
    (role: "adviser", personNumber: "D0001"), (role: "privacy_officer", personNumber: "D0002"),
    (role: "system_admin", personNumber: "D0003"),
  ]

  /// The tokens of last time; issued and written down where the file is missing.
  init(at path: String, database: Database) async throws {
    if let text = try DataFolder.read(path) {
      tokens = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
      return
    }
    var issued: [String: String] = [:]
    for (role, number) in Self.holders {
      issued[role] = try await Self.issue(role, to: number, database)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try DataFolder.writePrivately(String(decoding: try encoder.encode(issued), as: UTF8.self) + "\n", to: path)
    tokens = issued
  }

  /// Nil where nobody has the number: in a registry of the operator's own, whom `beeld token create` serves.
  private static func issue(_ role: String, to number: String, _ database: Database) async throws -> String? {
    let issue = IssueToken(name: "demonstration: \(role)", personNumber: number, days: 730)
    do {
      _ = try await database.write(Segment(issue.command))
    } catch {
      guard error.sqlState?.rawValue == "BE404" else { throw error }
      return nil
    }
    return issue.token.text
  }
}
