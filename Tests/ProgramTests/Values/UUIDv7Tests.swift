import Glibc
import Postgres
import TestDatabase
import Testing

@testable import Program

@Suite struct UUIDv7Tests {
  @Test("An id has the form of RFC 9562: version 7, variant 10, lower case")
  func form() throws {
    for _ in 1...1000 {
      let id = UUIDv7()
      #expect(id.high >> 12 & 0xf == 7)
      #expect(id.low >> 62 == 0b10)
      let text = id.description
      #expect(text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
    }
  }

  @Test("An id carries the millisecond in which it was made")
  func time() {
    let before = milliseconds()
    let id = UUIDv7()
    let after = milliseconds()
    #expect((before...after).contains(id.high >> 16))
  }

  @Test("Ids made in a later millisecond sort later, as numbers, as text and in PostgreSQL")
  func order() async throws {
    var generator = SystemRandomNumberGenerator()
    let moments: [UInt64] = [0, 1, 0xffff, 0x1_0000, 1_735_689_600_000, 1_735_689_600_001, 0x7fff_ffff_ffff]
    let texts = moments.map { UUIDv7(milliseconds: $0, chance: generator.next(), generator.next()).description }
    #expect(texts == texts.sorted())
    let rows = try await TestDatabase.empty().with { database in
      try await database.read(
        Segment(Statement("select t from unnest($1::text[]) t order by t::uuid")(.texts(texts.shuffled()))))
    }
    #expect((0..<rows.count).map { rows.string($0, 0) } == texts)
  }

  @Test("A hundred thousand ids made by eight tasks at once are all different")
  func unique() async {
    let ids = await withTaskGroup(of: [UUIDv7].self, returning: Set<UUIDv7>.self) { group in
      for _ in 1...8 { group.addTask { (1...12_500).map { _ in UUIDv7() } } }
      return await group.reduce(into: []) { $0.formUnion($1) }
    }
    #expect(ids.count == 100_000)
  }

  @Test("What was written is read back, in either case")
  func roundTrip() throws {
    for _ in 1...1000 {
      let id = UUIDv7()
      #expect(UUIDv7(id.description) == id)
      #expect(UUIDv7(id.description.uppercased()) == id)
    }
    let largest = "ffffffff-ffff-ffff-ffff-ffffffffffff"
    #expect(UUIDv7(largest)?.description == largest)
  }

  @Test(
    "Nothing else is an id",
    arguments: [
      "", "0193b6a0", "0193b6a0-0001-7000-8000-00000000000", "0193b6a0-0001-7000-8000-0000000000011",
      "0193b6a000017000800000000000001", "{0193b6a0-0001-7000-8000-000000000001}",
      "0193b6a0-0001-7000-8000-00000000000g",
      "0193b6a0-0001-7000-8000000000000001-", "0193b6a00-001-7000-8000-000000000001",
      " 0193b6a0-0001-7000-8000-00000000001",
      "0193b6a0_0001_7000_8000_000000000001", "0193b6a0-0001-7000-8000-00000000000\u{0}",
      "0193b6a0-0001-7000-8000-0000000000é", "----", "------------------------------------",
      "0193b6a0-0001-7000-8000-00000000000１",
    ])
  func refused(text: String) {
    #expect(UUIDv7(text) == nil)
  }

  private func milliseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return UInt64(now.tv_sec) * 1000 + UInt64(now.tv_nsec) / 1_000_000
  }
}
