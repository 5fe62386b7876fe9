import ArgumentParser
import Glibc
import Postgres
import Program

struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "The master keys, under which the keys of teachers' texts are kept.",
    discussion: """
      The file that BEELD_MASTER_KEY_FILE names has one key a line; the first wraps, the others still unwrap. To change \
      the key while servers run: `keys new` adds one at the end; restart every server, so that all know it; put its line \
      first, and restart them again; `keys rotate`; when `keys status` counts nothing under the old one, remove its line.
      """,
    subcommands: [New.self, Status.self, Rotate.self])

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a master key: print its line, or add it to a file that its owner alone can read.",
      discussion: "Keep a copy where backups of the database are not: without it, what they hold can never be read.")

    @Argument(help: "Its name: a-z, 0-9, dot, dash, underscore.") var name: String
    @Option(help: "The file to add it to, made where it is missing. Default: printed.") var file: String?
    @Flag(help: "Put it before the keys that are there: from the next start on it wraps.") var first = false

    func validate() throws {
      guard MasterKeys.isName(name) else {
        throw ValidationError(
          "a name is 1 to 63 of a-z, 0-9, dot, dash and underscore, beginning with a letter or digit, not '\(name)'")
      }
      if first, file == nil { throw ValidationError("--first goes with --file") }
    }

    func run() throws {
      let line = MasterKeys.newLine(named: name)
      guard let file else { return print(line) }
      try MasterKeyFile(path: file).add(line, named: name, first: first)
      print("added \(name) to \(file)")
    }
  }

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Count the live data keys under each master key. Exit status 1 when one of them is missing.")

    func run() async throws {
      let settings = try Settings.fromEnvironment()
      let names = try settings.masterKeys().names
      let counts = try await settings.withDatabase(as: .jobs) { try await Rotation.counts(in: $0) }
      for (index, name) in names.enumerated() {
        let number = counts.first { $0.masterKey == name }?.number ?? 0
        print("\(name)  \(number)  \(index == 0 ? "wraps" : "unwraps")")
      }
      let missing = counts.filter { !names.contains($0.masterKey) }
      for count in missing { print("\(count.masterKey)  \(count.number)  missing in the file") }
      if !missing.isEmpty { throw ExitCode(1) }
    }
  }

  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Wrap every live data key anew, under the first master key.",
      discussion: """
        Texts are not touched. Safe while servers run that know this key already, and from several machines at once; \
        broken off, it is called again.
        """)

    func run() async throws {
      let settings = try Settings.fromEnvironment()
      let keys = try settings.masterKeys()
      let name = keys.names[0]
      do {
        let done = try await settings.withDatabase(as: .jobs) { database in
          let total = try await Rotation.counts(in: database).reduce(0) { $0 + ($1.masterKey == name ? 0 : $1.number) }
          let progress = RotationProgress(total: total)
          defer { progress.clear() }
          return try await Rotation(keys, database: database).run { progress.show($0) }
        }
        print("\(done) data keys wrapped anew, under \(name)")
      } catch let fault as ContentFault {
        throw ValidationError("\(fault). Add its line to the file and call this again; what was done stays.")
      }
    }
  }
}

/// A line on the terminal that tells how far a rotation is; nothing where there is no terminal.
private struct RotationProgress {
  let total: Int
  private let isTerminal = isatty(STDERR_FILENO) == 1

  init(total: Int) { self.total = total }

  func show(_ done: Int) { draw("wrapping anew  \(done) of \(total)") }

  func clear() { draw("") }

  private func draw(_ text: String) {
    guard isTerminal else { return }
    // Carriage return, text, and away with what is left of the line before. A terminal that is gone changes nothing.
    let line = Array("\r\(text)\u{1B}[K".utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }
}
