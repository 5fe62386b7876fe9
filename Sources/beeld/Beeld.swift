import ArgumentParser

/// The one program: server, migrations, imports, reports, tokens.
@main
struct Beeld: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "beeld",
    abstract: "Administration of video coaching (beeldbegeleiding) for all schools of a board.",
    discussion: """
      Configured by environment variables: BEELD_DATABASE_URL names the database (a libpq connection string). \
      `beeld dev` needs none and brings its own.
      """,
    subcommands: [
      ServeCommand.self, DevCommand.self, MigrateCommand.self, ImportCommand.self, ReportCommand.self,
      TokenCommand.self, KeysCommand.self, DoctorCommand.self, CheckConfigCommand.self, StatementsCommand.self,
    ])
}
