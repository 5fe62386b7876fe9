import TestDatabase
import Testing

/// Whatever bytes are sent: an answer of the client's fault or a closed connection, never a fault of ours, and the server
/// goes on.
@Suite struct HostileInputTests {
  @Test("Requests that no library would send are refused or answered, never with a fault of the server")
  func malformedRequests() async throws {
    let token = Organisation.Person.adviser.token
    let long = String(repeating: "a", count: 100_000)
    let requests = [
      "GET /v1/me\r\n\r\n", "GET\r\n\r\n", "\r\n\r\n", "GET /v1/me HTTP/9.9\r\n\r\n", "GET /v1/me HTTP/1.0\r\n\r\n",
      "GET /v1/me HTTP/1.1\r\n\r\n", "GET  /v1/me  HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET v1/me HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http://elsewhere/v1/me HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\(long) HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /v1/schools?q=\(long) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n",
      "GET /v1/me HTTP/1.1\r\nHost: a\r\nX: \(long)\r\n\r\n",
      "GET /v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(long)\r\n\r\n",
      "GET /v1/me HTTP/1.1\r\n" + (1...1000).map { "X-\($0): y\r\n" }.joined() + "\r\n",
      "GET /v1/me HTTP/1.1\r\nHost: a\r\nX\u{0}: y\r\n\r\n", "GET /v1/me HTTP/1.1\r\nHost: a\r\nX: \u{0}\r\n\r\n",
      "GET /v1/me HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", "GET /v1/me HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
      "GET /v1/me HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
      "GET /v1/me HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "GET /v1/me HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET /v1/me HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "GET /v1/me HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "GET /v1/me HTTP/1.1\r\nHost: a\r\nExpect: the unexpected\r\n\r\n",
      "GET /v1/me HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}",
      "POST /v1/me HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999999\r\n\r\n",
    ]
    try await Site.with { site in
      for request in requests { try await expectNoFault(of: site, for: Array(request.utf8)) }
      try await expectAlive(site)
    }
  }

  @Test("Any bytes in the address are an address, and name nothing")
  func bytesInAddress() async throws {
    try await Site.with { site in
      let token = Organisation.Person.adviser.token
      for byte in UInt8.min...UInt8.max {
        for prefix in ["/v1/schools/", "/v1/schools?q=", "/v1/schools?", "/"] {
          var request = Array("GET \(prefix)".utf8)
          request.append(byte)
          request += Array(" HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n".utf8)
          try await expectNoFault(of: site, for: request)
        }
      }
      try await expectAlive(site)
    }
  }

  @Test("A thousand random addresses, parameters and headers are answered by four hundreds or by what they name")
  func random() async throws {
    var generator = Seeded(state: 20_261_123)
    let paths = routeTruths.map { $0.route.split(separator: " ")[1] }
    let bits = [
      "%", "%00", "%FF", "%2F", "/", "//", "?", "&", "=", "#", ";", "..", "{id}",
      "0193b6a0-0001-7000-8000-000000000001",
      "limit=1", "after=YQ", "as_of=2026-01-01", "q=", "é", "\u{1F469}", "'", "\"", "\\", "+", "%F0%9F%91%A9", "$1",
      "null",
      "group_by=school", "coverage=open", "-1", "1e309", "[]", "school=01AA00",
    ]
    let headers = [
      "Accept: text/csv", "Accept: */*;q=x", "Accept: ,,;", "Accept-Language: %s%n", "If-None-Match: \"",
      "Range: bytes=0-",
      "If-None-Match: W/", "Accept: application/json;q=0", "Content-Length: 0", "Accept-Encoding: gzip", "If-Match: *",
    ]
    try await Site.with { site in
      for _ in 1...1000 {
        let tail = (0..<Int.random(in: 0...6, using: &generator)).map { _ in bits.randomElement(using: &generator)! }
        let path =
          paths.randomElement(using: &generator)! + ["", "?", "/"].randomElement(using: &generator)! + tail.joined()
        let lines = (0..<Int.random(in: 0...3, using: &generator)).map { _ in headers.randomElement(using: &generator)!
        }
        let person = Organisation.Person.allCases.randomElement(using: &generator)!
        let request = ["GET \(path) HTTP/1.1", "Host: a", "Authorization: Bearer \(person.token)"] + lines + ["", ""]
        try await expectNoFault(of: site, for: Array(request.joined(separator: "\r\n").utf8))
      }
      try await expectAlive(site)
    }
  }

  @Test("A body that nobody asked for is not taken for the next request")
  func smuggling() async throws {
    try await Site.with { site in
      let wire = try site.connect()
      let hidden =
        "GET /v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(Organisation.Person.adviser.token)\r\n\r\n"
      let first = try await wire.exchange(
        Array("GET /health/live HTTP/1.1\r\nHost: a\r\nContent-Length: \(hidden.utf8.count)\r\n\r\n\(hidden)".utf8))
      #expect(first.status == 200 && first.text.contains("alive"))
      // The next answer on this connection must be the next request's own.
      let second = try await wire.ask("/v1/me", as: .teacher)
      #expect(second.text.contains(Organisation.Person.teacher.id))
    }
  }

  /// Ends when the server has answered or closed the connection.
  private func expectNoFault(of site: Site, for request: [UInt8]) async throws {
    let wire = try site.connect()
    do {
      // What is incomplete is followed by what completes any request.
      let answer = try await wire.exchange(request + Array("\r\n\r\n".utf8))
      #expect((200..<500).contains(answer.status), "\(String(decoding: request.prefix(300), as: UTF8.self))")
    } catch Wire.Failure.closed {
      // Hanging up on what is no HTTP is an answer.
    }
  }

  private func expectAlive(_ site: Site) async throws {
    #expect(try await site.ask("/v1/me", as: .teacher).status == 200)
  }
}

/// Repeatable chance (SplitMix64).
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
