import Foundation
import Logging
import Program

/// Writes log lines to standard error: readable text, or one JSON object a line.
struct LineLogHandler: LogHandler {
  let label: String
  let format: Settings.LogFormat
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
    let instant = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    let line =
      switch format {
      case .text: text(instant, event, all)
      case .json: json(instant, event, all)
      }
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  private typealias Fields = [(key: String, value: Logger.MetadataValue)]

  private func text(_ instant: String, _ event: LogEvent, _ metadata: Fields) -> String {
    let fields = metadata.map { " \($0.key)=\($0.value)" }.joined()
    return "\(instant) \(event.level) \(event.message)\(fields)".replacing("\n", with: " ")
  }

  private func json(_ instant: String, _ event: LogEvent, _ metadata: Fields) -> String {
    var json = JSONText()
    json.object { line in
      line.member("at", instant)
      line.member("level", event.level.rawValue)
      line.member("message", event.message.description)
      for (key, value) in metadata { line.member(named: key, value.description) }
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

extension Settings {
  /// Makes every logger of the process write as these settings say. To be called once.
  func startLogging() {
    let (format, level) = (logFormat, logLevel)
    LoggingSystem.bootstrap { LineLogHandler(label: $0, format: format, logLevel: level) }
  }
}
