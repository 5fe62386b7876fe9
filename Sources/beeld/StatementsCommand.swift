import ArgumentParser
import Postgres
import Program

/// For the benchmark: the very texts that the server sends, so that both sides run the same.
struct StatementsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statements", abstract: "Print the SQL of the hot requests as JSON.", shouldDisplay: false)

  func run() throws {
    var json = JSONText()
    json.object {
      $0.member("school", Noun.schools.reading.description)
      $0.member("explanation", Explanation.ForPerson.statement.description)
      $0.member("starters", StarterList.statement.description)
      $0.key("data_key")
      Self.write(Segment(Vault.statements.key(), after: [Self.identity.identify(for: .write)]), to: &$0)
      $0.key("own_wish")
      Self.write(Self.segment(of: Noun.requests.creating(.empty)?.after([Vault.statements.write()])), to: &$0)
      $0.key("withdrawal")
      Self.write(Self.segment(of: Noun.requests.moving("", version: nil, .empty)), to: &$0)
    }
    print(String(decoding: json.bytes, as: UTF8.self))
  }

  private static let identity = Identity(Token())

  private static func segment(of command: Command?) -> Segment? {
    command?.segment(as: identity, named: Command.Name(), request: "")
  }

  /// The statements of a segment, in the order in which they are sent.
  private static func write(_ segment: Segment?, to json: inout JSONText) {
    let statements = segment.map { $0.guards + [$0.statement] } ?? []
    json.array { text in for bound in statements { text.string(bound.statement.description) } }
  }
}
