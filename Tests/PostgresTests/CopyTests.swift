import Postgres
import Testing

@Suite("COPY")
struct CopyTests {
  private static func line(_ index: Int) -> String { "\(index)\tname \(index * 7919 % 100_003)\n" }

  private func table(_ name: String, _ session: Session) async throws {
    try await session.script("drop table if exists \(name); create table \(name) (id int primary key, name text)")
  }

  @Test("100,000 rows go in and come out as they were")
  func bothWays() async throws {
    try await TestServer.run("copy") { database in
      try await database.withSession { session in
        try await table("many", session)
        let count = try await session.copyIn("copy many from stdin") { writer in
          var chunk: [UInt8] = []
          for index in 1...100_000 {
            chunk += Self.line(index).utf8
            if chunk.count > 60_000 {
              try await writer.write(chunk)
              chunk = []
            }
          }
          try await writer.write(chunk)
        }
        #expect(count == 100_000)
        var sent: UInt64 = 14_695_981_039_346_656_037
        for index in 1...100_000 {
          for byte in Self.line(index).utf8 { sent = (sent ^ UInt64(byte)) &* 1_099_511_628_211 }
        }
        var received: UInt64 = 14_695_981_039_346_656_037
        for try await piece in session.copyOut("copy (select * from many order by id) to stdout") {
          for byte in piece { received = (received ^ UInt64(byte)) &* 1_099_511_628_211 }
        }
        #expect(received == sent)
      }
    }
  }

  @Test("The chunks of a sequence go in")
  func sequence() async throws {
    try await TestServer.run("copy") { database in
      try await database.withSession { session in
        try await table("chunked", session)
        let chunks = AsyncStream<[UInt8]> { continuation in
          for index in 0..<1_000 { continuation.yield(Array(Self.line(index).utf8)) }
          continuation.finish()
        }
        #expect(try await session.copyIn("copy chunked from stdin", chunks) == 1_000)
      }
    }
  }

  @Test("An error of the source ends the COPY without effect and is thrown on")
  func sourceFails() async throws {
    struct Broken: Error {}
    try await TestServer.run("copy") { database in
      try await database.withSession { session in
        try await table("broken", session)
        await #expect(throws: Broken.self) {
          try await session.copyIn("copy broken from stdin") { writer in
            try await writer.write(Array(Self.line(1).utf8))
            throw Broken()
          }
        }
        #expect(try await session.query(Statement("select count(*) from broken")()).number() == 0)
      }
    }
  }

  @Test("A line that the server refuses is its error, with the line, however much follows")
  func badLine() async throws {
    try await TestServer.run("copy") { database in
      try await database.withSession { session in
        try await table("refused", session)
        let error = try await failure {
          try await session.copyIn("copy refused from stdin") { writer in
            for index in 0..<20_000 {
              try await writer.write(Array((index == 17 ? "x\ty\n" : Self.line(index)).utf8))
            }
          }
        }
        guard case .server(let report) = error else { return #expect(Bool(false), "\(error)") }
        #expect(report.sqlState == .invalidTextRepresentation && report.context?.contains("line 18") == true)
        #expect(try await session.query(Statement("select count(*) from refused")()).number() == 0)
      }
    }
  }

  @Test("Leaving a COPY early, either way, leaves a session that works")
  func leaving() async throws {
    try await TestServer.run("copy", { $0.longConnections = 1 }) { database in
      try await database.withSession { session in
        try await table("left_early", session)
        for try await _ in session.copyOut("copy (select generate_series(1, 10000000)) to stdout") { break }
        #expect(try await session.query(Statement("select 1")()).number() == 1)
        let error = try await failure { for try await _ in session.copyOut("select 1") {} }
        guard case .misuse = error else { return #expect(Bool(false), "\(error)") }
        let other = try await failure { try await session.copyIn("select 1") { _ in } }
        guard case .misuse = other else { return #expect(Bool(false), "\(other)") }
        #expect(try await session.query(Statement("select 2")()).number() == 2)
      }
      let writing = Task {
        try await database.withSession { session in
          try await session.copyIn("copy left_early from stdin") { writer in
            for index in 0... { try await writer.write(Array(Self.line(index).utf8)) }
          }
        }
      }
      try await eventually("writing") {
        try await database.read(Segment("select count(*) from pg_stat_progress_copy where tuples_processed > 100"))
          .number() == 1
      }
      writing.cancel()
      #expect(try await failure { try await writing.value } == .cancelled)
      try await database.withSession { session in
        let rows = try await session.query(Statement("select count(*) from left_early")())
        #expect(rows.number() == 0)
      }
    }
  }
}
