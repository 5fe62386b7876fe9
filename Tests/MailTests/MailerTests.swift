import Glibc
import Testing

@testable import Mail

/// Mail servers that do not do their part. Those that do are in the acceptance tests.
@Suite("A mail server") struct MailerTests {
  private static func message() throws -> MailMessage {
    MailMessage(
      id: "1", from: try #require(Mailbox("b@example.org")), to: try #require(MailAddress("n@example.org")),
      subject: "Dekking", text: "Goedemorgen", language: "nl", unsubscribe: nil)
  }

  @Test("that takes the connection and says nothing is given up when the time is over")
  func silent() async throws {
    let silence = try Silence()
    let mailer = Mailer(
      try #require(MailServer("smtp://127.0.0.1:\(silence.port)")),
      patience: .init(connection: .milliseconds(200), whole: .milliseconds(400)))
    let message = try Self.message()
    let started = ContinuousClock.now
    await #expect(throws: SendingFailure.unreachable("timed_out")) { try await mailer.send(message) }
    await #expect(throws: SendingFailure.unreachable("timed_out")) { try await mailer.tryOut() }
    #expect(ContinuousClock.now - started < .seconds(10))
    withExtendedLifetime(silence) {}
  }

  @Test("that says nothing keeps nobody who is told to stop")
  func cancelled() async throws {
    let silence = try Silence()
    let mailer = Mailer(
      try #require(MailServer("smtp://127.0.0.1:\(silence.port)")),
      patience: .init(connection: .seconds(60), whole: .seconds(60)))
    let message = try Self.message()
    let started = ContinuousClock.now
    let sending = Task { try await mailer.send(message) }
    sending.cancel()
    let outcome = await sending.result
    #expect(throws: SendingFailure.interrupted) { try outcome.get() }
    withExtendedLifetime(silence) {}
    #expect(ContinuousClock.now - started < .seconds(10))
  }

  @Test("that is not there is told so at once")
  func absent() async throws {
    let port = try Silence().port
    let mailer = Mailer(try #require(MailServer("smtp://127.0.0.1:\(port)")))
    let message = try Self.message()
    await #expect(throws: SendingFailure.unreachable("no_connection")) { try await mailer.send(message) }
  }
}

/// A port of this machine that takes connections and never says a word.
private final class Silence {
  let port: Int
  private let descriptor: Int32

  struct Failure: Error {}

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, size) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, generic, &size) == 0
      }
    }
    guard bound else { throw Failure() }
    self.descriptor = descriptor
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }
}
