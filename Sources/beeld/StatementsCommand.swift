import ArgumentParser
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
    }
    print(String(decoding: json.bytes, as: UTF8.self))
  }
}
