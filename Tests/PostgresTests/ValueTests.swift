import Postgres
import Testing

@Suite("Values")
struct ValueTests {
  @Test("Every parameter arrives as what it was", arguments: ["", "a", "\"", "\\", "NULL", "{}", "é🙂\n\t", "a,b"])
  func texts(_ text: String) async throws {
    try await TestServer.run("values") { database in
      let echo = Statement("select $1::text, ($2::text[])[2], $3::text, array_length($2::text[], 1)")
      let rows = try await database.read(Segment(echo(.text(text), .texts(["x", text, "y"]), nil)))
      #expect(rows.string(0, 0) == text && rows.string(0, 1) == text)
      #expect(rows.isNull(0, 2) && rows.string(0, 2) == nil)
      #expect(try rows.int(0, 3) == 3)
    }
  }

  @Test("Numbers, booleans and bytes come back as what they were")
  func others() async throws {
    try await TestServer.run("values") { database in
      let echo = Statement("select $1::bigint, $2::bool, $3::bytea, $4::float8, ($5::bigint[])[2], $6::bool")
      let bytes = (0...255).map { UInt8($0) }
      let rows = try await database.read(
        Segment(echo(.int(Int.min), true, .binary(bytes), .double(-0.5), .ints([1, 2]), false)))
      #expect(try rows.int(0, 0) == Int.min)
      #expect(try rows.bool(0, 1) == true && rows.bool(0, 5) == false)
      #expect(try rows.bytea(0, 2) == bytes)
      #expect(try rows.double(0, 3) == -0.5)
      #expect(try rows.int(0, 4) == 2)
      #expect(rows.columnNames.first == "int8" && rows.column(named: "bytea") == 2)
      #expect(rows.withBytes(0, 0) { $0.count } == "\(Int.min)".utf8.count)
    }
  }

  @Test("A value that is not what was asked for is an error that names the column, not the value")
  func decoding() async throws {
    try await TestServer.run("values") { database in
      let rows = try await database.read(
        Segment("select 'secret' as word, 9223372036854775808 as large, null as nothing"))
      let error = try await failure { try rows.int(0, 0) }
      #expect(error == .decoding(column: "word", row: 0, expected: "a whole number"))
      #expect(!"\(error)".contains("secret"))
      #expect(throws: PostgresError.self) { try rows.int(0, 1) }
      #expect(throws: PostgresError.self) { try rows.bool(0, 0) }
      #expect(throws: PostgresError.self) { try rows.bytea(0, 0) }
      #expect(try rows.int(0, 2) == nil)
    }
  }

  @Test("A large parameter and a large result pass")
  func large() async throws {
    try await TestServer.run("values") { database in
      let text = String(repeating: "0123456789", count: 800_000)
      let echo = Statement("select $1::text, md5($1::text)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            let rows = try await database.read(Segment(echo(.text(text))))
            #expect(rows.string(0, 0) == text)
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("Equal texts are one statement, under one name")
  func statements() {
    let one = Statement("select 1")
    let other = Statement("select 1")
    #expect(one == other && Set([one, other]).count == 1)
    #expect(one != Statement("select 2") && one.description == "select 1")
  }

  @Test("What the server did is told by its tag and its count")
  func tags() async throws {
    try await TestServer.run("values") { database in
      _ = try await database.write(Segment("create table if not exists tagged (a int)"))
      let rows = try await database.write(Segment("insert into tagged select generate_series(1, 3)"))
      #expect(rows.commandTag == "INSERT 0 3" && rows.affected == 3 && rows.isEmpty)
      let created = try await database.write(Segment("create table if not exists tagged (a int)"))
      #expect(created.commandTag == "CREATE TABLE" && created.affected == nil)
    }
  }
}
