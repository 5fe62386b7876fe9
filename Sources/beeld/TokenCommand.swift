import ArgumentParser
import Postgres
import Program

struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Issue, list and revoke the server's own tokens.",
    subcommands: [Create.self, List.self, Revoke.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Issue a token to a person. It is printed once and kept nowhere.")

    @Argument(help: "Number of the person in the personnel system.") var personNumber: String
    @Option(help: "What the token is for.") var name: String
    @Option(help: "How many days it is good, 1 to 730.") var days = 90
    @Option(help: "What it is good for, repeated: \(Self.scopes). Default: all of it.") var scope: [String] = []

    private static let scopes = Identity.Scope.allCases.map(\.rawValue).joined(separator: ", ")

    func validate() throws {
      guard (1...730).contains(days) else { throw ValidationError("--days must be 1 to 730, not \(days)") }
      for text in scope where Identity.Scope(rawValue: text) == nil {
        throw ValidationError("--scope takes one of \(Self.scopes), not '\(text)'")
      }
      guard !name.isEmpty, name.count <= 200 else { throw ValidationError("--name must have 1 to 200 characters") }
    }

    func run() async throws {
      let issue = IssueToken(name: name, personNumber: personNumber, days: days, scopes: chosenScopes)
      try await Settings.fromEnvironment().withDatabase(as: .jobs) { database in
        do {
          _ = try await database.write(Segment(issue.command))
        } catch PostgresError.server(let error) where error.sqlState.rawValue == "BE404" {
          throw ValidationError("nobody has person number \(personNumber)")
        }
      }
      print(issue.token.text)
    }

    private var chosenScopes: [Identity.Scope] {
      let chosen = scope.compactMap { Identity.Scope(rawValue: $0) }
      return chosen.isEmpty ? Identity.Scope.allCases : chosen
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show all tokens, never their secrets.")

    func run() async throws {
      let rows = try await Settings.fromEnvironment().withDatabase(as: .jobs) { database in
        try await database.read(Segment(Tokens.all()))
      }
      for row in rows {
        let state = row.string(5).map { "revoked \($0)" } ?? "until \(row.string(4) ?? "")"
        let scopes = row.string(6).map { $0.dropFirst().dropLast() } ?? ""
        let used = row.string(7).map { "used \($0)" } ?? "never used"
        print(
          "\(row.string(0) ?? "")  \(row.string(2) ?? "")  \(state)  \(scopes)  \(used)  \(row.string(1) ?? "")")
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End a token: the very next request with it is refused.")

    @Argument(help: "Its id, as `beeld token list` shows it.") var id: String

    func run() async throws {
      guard let id = UUIDv7(id) else { throw ValidationError("'\(id)' is not an id; `beeld token list` shows them") }
      let ended = try await Settings.fromEnvironment().withDatabase(as: .jobs) { database in
        try await database.write(Segment(Tokens.revoke(.text(id.description)))).bool(0, 0)
      }
      guard ended == true else { throw ValidationError("there is no live token \(id)") }
      print("revoked \(id)")
    }
  }
}
