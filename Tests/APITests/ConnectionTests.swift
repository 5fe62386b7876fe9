import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@testable import API

/// One connection, whatever is behind it: order, pace and end.
@Suite("A connection")
struct ConnectionTests {
  @Test("Requests that arrive together are answered one by one in their order, however long each takes")
  func pipelining() async throws {
    let underway = Atomic(0)
    try await serving { request in
      #expect(underway.add(1, ordering: .relaxed).newValue == 1)
      for _ in 0..<(Int(request.uri.path.dropFirst()) ?? 0) % 5 { await Task.yield() }
      underway.subtract(1, ordering: .relaxed)
      return text(request.uri.path)
    } asked: { wire in
      try await wire.send((0..<500).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
      for number in 0..<500 { #expect(try await wire.answer().text == "/\(number)") }
    }
  }

  @Test("A body of many windows arrives whole at one who takes it slowly, in either framing")
  func largeBody() async throws {
    let size = 5_000_000
    let piece = [UInt8](repeating: 7, count: 50_000)
    try await serving { request in
      var count = 0
      for try await part in request.body {
        await Task.yield()
        count += part.readableBytes
      }
      return text("\(count)")
    } asked: { wire in
      try await wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
      for _ in 0..<(size / piece.count) { try await wire.send(piece) }
      #expect(try await wire.answer().text == "\(size)")
      try await wire.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<(size / piece.count) {
        try await wire.send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10])
      }
      try await wire.send("0\r\n\r\n")
      #expect(try await wire.answer().text == "\(size)")
    }
  }

  @Test("A body that nobody takes does not stand before the next request")
  func untakenBody() async throws {
    try await serving {
      text($0.uri.path)
    } asked: { wire in
      try await wire.send("POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
      #expect(try await wire.answer().text == "/first")
      try await wire.send([UInt8](repeating: 7, count: 1_000_000))
      try await wire.send("GET /second HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try await wire.answer().text == "/second")
    }
  }

  @Test("Two requests with bodies that arrive together each get their own")
  func bodiesOfMany() async throws {
    try await serving {
      text(String(buffer: try await $0.body.collect(upTo: 100)))
    } asked: { wire in
      try await wire.send(
        (10...49).map { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\nbody \($0)" }.joined())
      for number in 10...49 { #expect(try await wire.answer().text == "body \(number)") }
    }
  }

  @Test("An answer waits for its reader, who gets all of it")
  func slowReader() async throws {
    let written = Atomic(0)
    let piece = ByteBuffer(repeating: 7, count: 100_000)
    try await serving { _ in
      Response(
        status: .ok,
        body: ResponseBody { writer in
          for _ in 0..<600 {
            try await writer.write(piece)
            written.add(1, ordering: .relaxed)
          }
          try await writer.finish(nil)
        })
    } asked: { wire in
      try await wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      try await standstill(of: written)
      #expect(written.load(ordering: .relaxed) < 500, "what the sockets hold and a little more, not 60 MB")
      let answer = try await wire.answer()
      #expect(answer.body.count == 60_000_000 && answer["transfer-encoding"] == "chunked")
    }
  }

  @Test("Who asks and asks and does not read is not answered for ever")
  func neverReads() async throws {
    let answered = Atomic(0)
    try await serving { _ in
      answered.add(1, ordering: .relaxed)
      return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: 7, count: 15_000)))
    } asked: { wire in
      let requests = String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 1_500)
      try await wire.send(requests)
      try await standstill(of: answered)
      #expect(answered.load(ordering: .relaxed) < 1_200)
      for _ in 0..<1_500 { #expect(try await wire.answer().body.count == 15_000) }
    }
  }

  @Test("A large answer of known length arrives whole")
  func largeAnswer() async throws {
    try await serving { _ in
      Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: 7, count: 10_000_000)))
    } asked: { wire in
      for end in ["", "Connection: close\r\n"] {
        try await wire.send("GET / HTTP/1.1\r\nHost: a\r\n\(end)\r\n")
        #expect(try await wire.answer().body.count == 10_000_000)
      }
      #expect(try await wire.rest() == "")
    }
  }

  @Test("Who leaves in the middle of an answer ends it")
  func earlyClose() async throws {
    let (ends, tell) = AsyncStream.makeStream(of: Bool.self)
    try await serving { _ in
      Response(
        status: .ok,
        body: ResponseBody { writer in
          do {
            while true { try await writer.write(ByteBuffer(repeating: 7, count: 100_000)) }
          } catch {
            tell.yield(true)
            throw error
          }
        })
    } asked: { wire in
      try await wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      try await wire.leave()
      #expect(await ends.first { _ in true } == true)
    }
  }

  @Test("An answer that breaks off does not look whole")
  func brokenAnswer() async throws {
    struct Break: Error {}
    try await serving { _ in
      Response(
        status: .ok,
        body: ResponseBody { writer in
          try await writer.write(ByteBuffer(string: "half"))
          throw Break()
        })
    } asked: { wire in
      try await wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      let all = try await wire.rest()
      #expect(all.hasSuffix("4\r\nhalf\r\n"))
    }
  }

  @Test("A client that waits for leave to send its body gets it when the body is wanted, and only then")
  func leaveToSend() async throws {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
    try await serving {
      text(String(buffer: try await $0.body.collect(upTo: 100)))
    } asked: { wire in
      try await wire.send(head)
      #expect(try await wire.answer().status == 100)
      try await wire.send("body")
      #expect(try await wire.answer().text == "body")
    }
    try await serving { _ in
      text("no")
    } asked: { wire in
      try await wire.send(head)
      let answer = try await wire.answer()
      #expect(answer.text == "no" && answer["connection"] == "close")
    }
  }

  @Test(
    "A connection ends when the client wishes or its version knows no other way, and stays otherwise",
    arguments: [
      ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close", false), ("HTTP/1.1", "Connection: Close", false),
      ("HTTP/1.0", "", false), ("HTTP/1.0", "Connection: keep-alive", true), ("HTTP/1.1", "Upgrade: h2c", false),
    ])
  func persistence(version: String, header: String, stays: Bool) async throws {
    try await serving {
      text($0.uri.path)
    } asked: { wire in
      let line = header.isEmpty ? "" : header + "\r\n"
      try await wire.send("GET /1 \(version)\r\nHost: a\r\n\(line)\r\nGET /2 \(version)\r\nHost: a\r\n\(line)\r\n")
      #expect(try await wire.answer().text == "/1")
      if stays { #expect(try await wire.answer().text == "/2") } else { #expect(try await wire.rest() == "") }
    }
  }

  @Test("To a client that knows no chunks the end of the connection is the end of the body")
  func firstVersion() async throws {
    try await serving { _ in
      Response(
        status: .ok,
        body: ResponseBody { writer in
          for part in ["one ", "", "two"] { try await writer.write(ByteBuffer(string: part)) }
          try await writer.finish(nil)
        })
    } asked: { wire in
      try await wire.send("GET / HTTP/1.0\r\n\r\n")
      let all = try await wire.rest()
      #expect(all.hasSuffix("\r\n\r\none two") && !all.lowercased().contains("transfer-encoding"))
    }
  }

  @Test("Who has sent everything and still listens gets every answer")
  func halfClosed() async throws {
    try await serving { request in
      await Task.yield()
      return text(request.uri.path)
    } asked: { wire in
      try await wire.send((0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
      try await wire.finishSending()
      for number in 0..<20 { #expect(try await wire.answer().text == "/\(number)") }
      #expect(try await wire.rest() == "")
    }
  }

  @Test("What is malformed is refused after everything before it was answered, and ends the connection")
  func malformed() async throws {
    try await serving {
      text($0.uri.path)
    } asked: { wire in
      let good = (1...3).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
      try await wire.send(good[0] + good[1] + "\u{0}\r\n\r\n" + good[2])
      #expect(try await wire.answer().text == "/1")
      #expect(try await wire.answer().text == "/2")
      #expect(try await wire.answer().status == 400)
      #expect(try await wire.rest() == "")
    }
  }

  @Test("A body that breaks off in the middle is refused, whatever was made of it")
  func malformedBody() async throws {
    try await serving {
      text(String(buffer: try await $0.body.collect(upTo: 100)))
    } asked: { wire in
      try await wire.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n")
      try await wire.send("what\r\n")
      #expect(try await wire.answer().status == 400)
      #expect(try await wire.rest() == "")
    }
  }

  @Test("An answer without a body has none, whatever its headers say")
  func bodyless() async throws {
    try await serving { request in
      Response(status: request.uri.path == "/304" ? .notModified : .noContent, headers: [.contentLength: "5"])
    } asked: { wire in
      for path in ["/304", "/204"] {
        try await wire.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try await wire.answer()
        #expect(answer["content-length"] == nil && answer["transfer-encoding"] == nil)
      }
    }
  }
}

/// A server that answers everything by `respond`, and a client's connection to it. What `respond` throws is a 500.
private func serving(
  _ respond: @escaping @Sendable (Request) async throws -> Response, asked body: (Wire) async throws -> Void
) async throws {
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  let (ports, tell) = AsyncStream.makeStream(of: Int.self)
  let service = HTTPService(
    respond: { request, _ in
      do { return try await respond(request) } catch { return Response(status: .internalServerError) }
    }, host: "127.0.0.1", port: 0, logger: logger, onListening: { tell.yield($0 ?? 0) })
  let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
  try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask {
      defer { tell.finish() }
      try await group.run()
    }
    var outcome: Result<Void, any Error> = .success(())
    if let port = await ports.first(where: { _ in true }) {
      do { try await body(Wire(port: port)) } catch { outcome = .failure(error) }
    }
    await group.triggerGracefulShutdown()
    try await tasks.waitForAll()
    try outcome.get()
  }
}

/// Waits until the count has begun and stands still. Where nothing holds it up that is at its end.
private func standstill(of count: borrowing Atomic<Int>) async throws {
  var before = 0
  while before == 0 || before != count.load(ordering: .relaxed) {
    before = count.load(ordering: .relaxed)
    try await Task.sleep(for: .milliseconds(200))
  }
}

private func text(_ text: String) -> Response {
  Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
}
