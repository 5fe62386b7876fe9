import Glibc
import Program
import Synchronization

/// A line on the terminal that is written over as an import gets on; nothing at all where there is no terminal.
final class ImportProgressBar: Sendable {
  private let language: Language
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let shown = Mutex("")

  init(language: Language) { self.language = language }

  /// Bytes of the file that have been taken in; how many there will be is not known.
  func show(received bytes: Int) {
    draw(language(dutch: "inlezen", english: "receiving") + "  \(bytes / 1024) KiB")
  }

  func show(_ progress: ImportProgress) {
    switch progress {
    case .reading(let bytes, let total):
      let share = total == 0 ? 1 : Double(bytes) / Double(total)
      draw(language(dutch: "controleren", english: "checking") + "  " + Self.bar(share))
    case .comparing: draw(language(dutch: "vergelijken met wat bekend is …", english: "comparing with what is known …"))
    case .applying: draw(language(dutch: "vastleggen …", english: "storing …"))
    }
  }

  /// Takes the line away, before something else is printed.
  func clear() { draw("") }

  private static func bar(_ share: Double) -> String {
    let width = 30
    let full = Int(share * Double(width))
    return String(repeating: "█", count: full) + String(repeating: "░", count: width - full) + " \(Int(share * 100)) %"
  }

  private func draw(_ text: String) {
    guard isTerminal else { return }
    let isNew = shown.withLock { before in
      defer { before = text }
      return before != text
    }
    guard isNew else { return }
    // Carriage return, text, and away with what is left of the line before. A terminal that is gone changes nothing.
    let line = Array("\r\(text)\u{1B}[K".utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }
}
