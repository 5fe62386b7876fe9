import Logging
import Postgres
import Program
import ServiceLifecycle
import Synchronization

/// Remembers which of the server's own tokens were used, and writes it down once a minute: so that a token nobody uses
/// can be found and ended, at no cost to the requests.
final class TokenUse: Service {
  private let database: Database
  private let logger: Logger
  private let used = Mutex<Set<[UInt8]>>([])

  init(_ database: Database, logger: Logger) {
    self.database = database
    self.logger = logger
  }

  func note(_ identity: Identity) {
    guard let hash = identity.tokenHash else { return }
    used.withLock { _ = $0.insert(hash) }
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while await Self.rests() { await self.writeDown() }
    }
    await writeDown()
  }

  /// False when it is time to stop.
  private static func rests() async -> Bool {
    do {
      try await Task.sleep(for: .seconds(60))
      return true
    } catch {
      return false
    }
  }

  private func writeDown() async {
    let hashes = used.withLock { used in
      defer { used = [] }
      return used
    }
    guard !hashes.isEmpty else { return }
    do {
      _ = try await database.write(Segment(Tokens.noteUse(of: hashes)))
    } catch {
      // Not worth a retry: who goes on using a token is noted a minute later.
      logger.warning("the use of tokens could not be written down", metadata: ["error": "\(error)"])
    }
  }
}
