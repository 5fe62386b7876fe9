import ArgumentParser
import Foundation
import Glibc
import Postgres
import Program
import Reports

/// Where a command writes a report, and in which form.
struct ReportOutput: ParsableArguments {
  @Option(help: "html, xlsx, csv or json.") var format: ReportFormat = .html
  @Option(help: "The file to write, readable by its owner alone. Default: standard output.") var output: String?
  @Option(help: "Language of the page: nl or en.") var language: Language = .dutch
  @Flag(help: "csv: begin with a byte order mark, for spreadsheets that want one.") var byteOrderMark = false

  /// A run in the form that is asked for.
  func document(of id: UUIDv7, in session: Session) async throws -> ReportDocument {
    try await ReportDocument(of: id, as: format, in: language, session: session)
  }

  /// What changed in a run, in the form that is asked for.
  func document(ofChangesIn id: UUIDv7, against earlier: UUIDv7?, in session: Session) async throws -> ReportDocument {
    try await ReportDocument(ofChangesIn: id, against: earlier, as: format, in: language, session: session)
  }

  /// Writes out the document that `make` gives. A file is there whole or not at all: it gets its name when the last byte
  /// is on disk. One that cannot be written is found out before anything is made.
  func write(in session: Session, _ make: () async throws -> ReportDocument) async throws {
    guard let output else {
      return try await write(make(), in: session, to: STDOUT_FILENO, named: "standard output")
    }
    let file = try PartialFile(for: output)
    do {
      try await write(make(), in: session, to: file.descriptor, named: output)
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
  }

  private func write(
    _ document: ReportDocument, in session: Session, to descriptor: Int32, named name: String
  ) async throws {
    var document = document
    document.hasByteOrderMark = byteOrderMark
    let run = document.run
    tell("\(run.report) of \(run.asOf): \(run.rowCount) rows, writing \(format.rawValue) …")
    try await document.write(in: session) { try Self.writeAll($0, to: descriptor, named: name) }
    tell(nil)
    if let output { print("\(output): \(run.report) of \(run.asOf), \(run.rowCount) rows, run \(run.id)") }
  }

  /// A line on the terminal that the next one takes the place of; nothing where there is no terminal.
  func tell(_ line: String?) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    FileHandle.standardError.write(Data("\r\(line ?? "")\u{1B}[K".utf8))
  }

  fileprivate static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, named name: String) throws {
    var rest = bytes
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        throw FileFault(name: name, number: errno)
      }
      rest = rest.dropFirst(written)
    }
  }
}

extension ReportFormat: ExpressibleByArgument {}
extension Language: ExpressibleByArgument {}

/// A file under a temporary name beside its own, until it is complete.
private struct PartialFile {
  let descriptor: Int32
  private let name: String
  private let partialName: String

  init(for name: String) throws {
    self.name = name
    partialName = "\(name).partial-\(getpid())"
    // Only for its owner: it names people.
    descriptor = open(partialName, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw FileFault(name: partialName, number: errno) }
  }

  func finish() throws {
    guard fsync(descriptor) == 0, close(descriptor) == 0, rename(partialName, name) == 0 else {
      throw FileFault(name: name, number: errno)
    }
  }

  /// What is left to take away after a failure is taken away; that failure is the one to tell.
  func discard() {
    close(descriptor)
    unlink(partialName)
  }
}

/// What the operating system said of a file.
private struct FileFault: Error, CustomStringConvertible {
  let name: String
  let number: Int32

  var description: String { "\(name): \(String(cString: strerror(number)))" }
}
